namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>Names of packages as npm, its kin and its kin's files write them.</summary>
internal static class NpmNames
{
    private static readonly string[] Deliveries =
    [
        "https://esm.sh/",
        "https://cdn.skypack.dev/",
        "https://esm.run/",
        "https://unpkg.com/",
        "https://cdn.jsdelivr.net/npm/",
        "https://ga.jspm.io/npm:",
        "npm:",
    ];

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

    /// <summary>The module of an import: Deno, browsers and bundlers write where it comes from before its name, and its version behind.</summary>
    public static string Module(string specifier)
    {
        var delivery = Array.Find(Deliveries, d => specifier.StartsWith(d, StringComparison.Ordinal));
        return delivery is null ? specifier : Unversioned(specifier[delivery.Length..].TrimStart('/').Split('?')[0]);
    }

    /// <summary>The package that a module is of: <c>openai/resources</c> is of openai.</summary>
    public static string Package(string module)
    {
        var parts = module.Split('/');
        return module.StartsWith('@') && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }
}
