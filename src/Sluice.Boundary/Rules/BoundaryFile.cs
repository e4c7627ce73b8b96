using System.Collections.Generic;
using System.Linq;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Rules;

/// <summary>
/// What a project says of its own boundary (<c>sluice.boundary.json</c>): where calls are allowed, rules beside those that ship, and the constraints of its
/// decisions. Paths are relative to the file's folder.
/// </summary>
internal sealed record BoundaryFile
{
    public const string Name = "sluice.boundary.json";

    public static readonly BoundaryFile Empty = new();

    public IReadOnlyList<Allowance> Allow { get; init; } = [];

    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>Ids of shipped rules that do not hold here.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>What is not looked at, as if it were not there.</summary>
    public GlobSet Exclude { get; init; } = new([]);

    /// <summary>How much findings weigh that are not in the product's own code; by default they are soft.</summary>
    public IReadOnlyDictionary<string, Severity> Contexts { get; init; } = new Dictionary<string, Severity>();

    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>Files that carry constraints of their own.</summary>
    public IReadOnlyList<string> Decisions { get; init; } = [];

    /// <summary>True where a finding of the rule is allowed in the file.</summary>
    public bool Allows(string rule, string path) => Allow.Any(a => a.Covers(rule, path));
}

/// <summary>Where calls past the gate are allowed: in the layer itself, say.</summary>
/// <param name="Because">For the reader; asked for, because an exception without a reason stays for ever.</param>
internal sealed record Allowance(IReadOnlyList<string> Paths, IReadOnlyList<string> Rules, string Because)
{
    private readonly GlobSet globs = new(Paths);

    /// <summary>Without rules all of them are allowed.</summary>
    public bool Covers(string rule, string path) => (Rules.Count == 0 || Rules.Contains(rule)) && globs.Matches(path);
}
