namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>Names of packages as npm, its kin and its kin's files write them.</summary>
internal static class NpmNames
{
    /// <summary>The package behind a version that names another one, <c>npm:openai@^4</c>; null where it is only a version.</summary>
    public static string? Aliased(string version)
    {
        if (
            !version.StartsWith("npm:", StringComparison.Ordinal)
            || version.Length == 4
            || !(char.IsLetter(version[4]) || version[4] == '@')
        )
        {
            return null;
        }

        return Unversioned(version[4..]);
    }

    /// <summary>Without the version behind the name; a path behind it stays.</summary>
    public static string Unversioned(string specifier)
    {
        var version = specifier.Length > 1 ? specifier.IndexOf('@', 1) : -1;
        if (version < 0)
        {
            return specifier;
        }

        var path = specifier.IndexOf('/', version);
        return path < 0 ? specifier[..version] : specifier[..version] + specifier[path..];
    }
}
