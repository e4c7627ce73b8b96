using System.Text.RegularExpressions;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>One requirement as every Python tool writes it: <c>name[extras] &gt;= 1 ; marker</c>, <c>name @ url</c>, or an address alone.</summary>
internal static partial class Requirement
{
    /// <summary>Null where it names no package: a folder, an option, prose.</summary>
    public static Dependency? Read(string text, int line, DependencyScope scope)
    {
        text = text.Trim();
        if (Named().Match(text) is { Success: true } named)
        {
            var address = named.Groups["url"].Value;
            return new Dependency(
                named.Groups["name"].Value,
                line,
                scope,
                IsLocal: address.StartsWith("file:", StringComparison.Ordinal) || address.StartsWith('.') || address.StartsWith('/')
            );
        }

        var name =
            Egg().Match(text) is { Success: true } egg ? egg.Groups["name"].Value
            : Archive().Match(text) is { Success: true } archive ? archive.Groups["name"].Value
            : null;
        return name is null ? null : new Dependency(name, line, scope);
    }

    // https://packaging.python.org/en/latest/specifications/dependency-specifiers/
    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(@\s*(?<url>\S+)|$|[<>=!~;(,#].*)",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1_000
    )]
    private static partial Regex Named();

    [GeneratedRegex(@"[#&]egg=(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Egg();

    /// <summary>A wheel or a source archive is named by its package.</summary>
    [GeneratedRegex(
        @"^[a-z+]+://\S*/(?<name>[A-Za-z0-9][A-Za-z0-9._]*(-[A-Za-z][A-Za-z0-9._]*)*)-\d[^/\s]*\.(whl|tar\.gz|zip)\b",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Archive();
}
