using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>A place where the boundary is crossed.</summary>
/// <param name="File">Relative to the repository, with forward slashes.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Rule">The id of the rule or constraint.</param>
/// <param name="Kind">One of <see cref="FindingKind"/>.</param>
/// <param name="What">The name as it stands there: package, module, host…</param>
/// <param name="Advice">What to do instead.</param>
internal sealed record Finding(
    string File,
    int Line,
    string Rule,
    string Kind,
    string What,
    FileContext Context,
    Severity Severity,
    string Advice
)
{
    /// <summary>The unit it belongs to.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Who brings a transitive package in, the unit first.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    /// <summary>What makes it the same finding when lines move.</summary>
    public string Identity => $"{File}|{Rule}|{Kind}|{What}";
}

/// <summary>What was found.</summary>
internal static class FindingKind
{
    public const string Package = "package";
    public const string TransitivePackage = "transitive-package";
    public const string Import = "import";
    public const string Type = "type";
    public const string Call = "call";
    public const string Host = "host";
    public const string Binding = "binding";
    public const string Text = "text";
    public const string ForbiddenDependency = "forbidden-dependency";
    public const string Pattern = "pattern";
}
