namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>Paths as MSBuild writes them, relative to the repository.</summary>
internal static class ProjectPaths
{
    private static readonly string[] Here = ["$(MSBuildThisFileDirectory)", "$(MSBuildProjectDirectory)"];

    public static string Folder(string path) => path[..(path.LastIndexOf('/') + 1)];

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Null where it lies outside the repository or only a build can tell.</summary>
    public static string? Join(string folder, string path)
    {
        foreach (var here in Here)
        {
            path = path.StartsWith(here, StringComparison.OrdinalIgnoreCase) ? path[here.Length..] : path;
        }

        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Contains('$', StringComparison.Ordinal) || (part == ".." && parts.Count == 0))
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
