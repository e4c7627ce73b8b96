using System.Collections.Generic;
using System.Linq;

namespace Sluice.Boundary.Rules;

/// <summary>What a decision demands of the repository, in a form that a machine can check.</summary>
/// <param name="Id">Of the constraint, as findings name it.</param>
/// <param name="Decision">The id of the decision it belongs to, if it says so.</param>
/// <param name="Link">Where the decision can be read.</param>
/// <param name="Reason">What is claimed, for the reader of a finding.</param>
internal abstract record Constraint(string Id, Severity Severity, string? Decision, string? Link, string Reason)
{
    /// <summary>Where it was written.</summary>
    public string File { get; init; } = BoundaryFile.Name;

    public int Line { get; init; } = 1;

    /// <summary>What is claimed, and where the decision can be read.</summary>
    public string Advice =>
        Reason
        + (
            Decision is { } decision ? $" (decision {decision}{(Link is { } link ? $", {link}" : "")})"
            : Link is { } only ? $" ({only})"
            : ""
        );
}

/// <summary>Units must not depend on packages.</summary>
internal sealed record ForbiddenDependencies(string Id, Severity Severity, string? Decision, string? Link, string Reason)
    : Constraint(Id, Severity, Decision, Link, Reason)
{
    /// <summary>Package, crate or project names, a trailing <c>*</c> for all that begin so. Empty: all units.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>Units for which it does not hold.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Also what a lock file says is brought in by others.</summary>
    public bool Transitive { get; init; }

    /// <summary>True where it holds for a unit.</summary>
    public bool Covers(string ecosystem, string unit) => (Of.Count == 0 || Names(Of, ecosystem, unit)) && !Names(Except, ecosystem, unit);

    public bool Forbids(string ecosystem, string package) => Names(Packages, ecosystem, package);

    private static bool Names(IReadOnlyList<string> patterns, string ecosystem, string name)
    {
        var normalized = RuleBook.Normalized(ecosystem, name);
        return patterns.Any(p =>
            p.EndsWith("*", StringComparison.Ordinal)
                ? normalized.StartsWith(RuleBook.Normalized(ecosystem, p.Substring(0, p.Length - 1)), StringComparison.OrdinalIgnoreCase)
                : string.Equals(normalized, RuleBook.Normalized(ecosystem, p), StringComparison.OrdinalIgnoreCase)
        );
    }
}

/// <summary>A pattern must, or must not, occur under paths.</summary>
internal sealed record PatternConstraint(string Id, Severity Severity, string? Decision, string? Link, string Reason)
    : Constraint(Id, Severity, Decision, Link, Reason)
{
    /// <summary>A regular expression, held against each line.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Globs; a folder stands for all below.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>True: it must not occur. False: it must occur at least once.</summary>
    public bool MustBeEmpty { get; init; }
}

/// <summary>A constraint whose check cannot be run here, and why.</summary>
internal sealed record UncheckableConstraint(string Id, Severity Severity, string? Decision, string? Link, string Reason)
    : Constraint(Id, Severity, Decision, Link, Reason)
{
    public string Why { get; init; } = "";
}
