using System.Collections.Generic;

namespace Sluice.Boundary.Rules;

/// <summary>How much a finding weighs.</summary>
internal enum Severity
{
    /// <summary>Told, and nothing more.</summary>
    Soft,

    /// <summary>The check fails.</summary>
    Hard,
}

/// <summary>
/// One way to reach a provider past the gate: the names that show it, why that is not wanted, and what to use instead. A name that ends with
/// <c>*</c> stands for all that begin so.
/// </summary>
internal sealed record Rule(string Id, string Reason, string Instead)
{
    public Severity Severity { get; init; } = Severity.Hard;

    /// <summary>By ecosystem (<see cref="Ecosystem"/>).</summary>
    public IReadOnlyDictionary<string, RuleNames> Names { get; init; } = new Dictionary<string, RuleNames>();

    /// <summary>Hosts without scheme, where needed with port or the path's beginning; <c>*</c> stands for anything without a slash.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Member chains that call a provider through the platform: <c>env.AI.run</c>. A part <c>*</c> stands for any name.</summary>
    public IReadOnlyList<string> Bindings { get; init; } = [];

    /// <summary>Environment variables that hold a provider's key.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// Regular expressions over each string of the source, written <c>NAME=VALUE</c> with the name it is assigned to (or nothing); what they match must
    /// not be written down.
    /// </summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary><see cref="Texts"/> are looked for only in files that have one of these words, whatever its case.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

/// <summary>What a rule knows of one ecosystem.</summary>
internal sealed record RuleNames
{
    /// <summary>As the manifest names them.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>As source names them: namespaces, modules, crates, import paths. By default the packages.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Types whose making means a call of the provider. In C# with their namespace.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Methods and functions that register or make a client.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];
}

/// <summary>Where packages come from.</summary>
internal static class Ecosystem
{
    public const string NuGet = "nuget";
    public const string Npm = "npm";
    public const string Cargo = "cargo";
    public const string PyPi = "pypi";
    public const string Go = "go";

    public static readonly IReadOnlyList<string> All = [NuGet, Npm, Cargo, PyPi, Go];
}
