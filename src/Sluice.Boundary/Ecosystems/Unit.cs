namespace Sluice.Boundary.Ecosystems;

/// <summary>When a dependency is there.</summary>
internal enum DependencyScope
{
    Runtime,

    /// <summary>Only while developing and testing.</summary>
    Development,
}

/// <summary>A package that a manifest asks for.</summary>
/// <param name="Name">As the registry knows it.</param>
/// <param name="Alias">As source names it, where the manifest renames it.</param>
/// <param name="IsLocal">It lies in this repository: a path, a workspace member, a project reference.</param>
/// <param name="File">Where it is asked for, when that is not the unit's manifest.</param>
internal sealed record Dependency(
    string Name,
    int Line,
    DependencyScope Scope = DependencyScope.Runtime,
    string? Alias = null,
    bool IsLocal = false,
    string? File = null
);

/// <summary>What one manifest describes: a package, crate, module or project.</summary>
/// <param name="Manifest">Its path, relative to the repository.</param>
internal sealed record Unit(string Name, string Ecosystem, string Manifest)
{
    /// <summary>The manifest gives the name; otherwise it is only the folder's, and makes no package of that name our own.</summary>
    public bool HasOwnName { get; init; } = true;

    public List<Dependency> Dependencies { get; } = [];

    /// <summary>What source calls the unit itself, where that is not its name.</summary>
    public List<string> Modules { get; } = [];

    /// <summary>It holds tests and nothing else, wherever it lies.</summary>
    public bool IsTest { get; init; }

    /// <summary>The folder with a slash at its end, or nothing for the repository's root.</summary>
    public string Folder => Manifest[..(Manifest.LastIndexOf('/') + 1)];
}

/// <summary>A package as a lock file resolved it.</summary>
/// <param name="Key">By which others of the file name it; unique in the file.</param>
/// <param name="Dependencies">Keys of what it needs.</param>
internal sealed record LockedPackage(string Key, string Name, int Line, IReadOnlyList<string> Dependencies, bool IsLocal = false);

/// <summary>What a lock file says of who brings in whom.</summary>
/// <param name="Roots">Keys of what the units themselves ask for, or of the units where the file has them.</param>
internal sealed record LockFile(
    string Path,
    string Ecosystem,
    IReadOnlyList<string> Roots,
    IReadOnlyDictionary<string, LockedPackage> Packages
)
{
    /// <summary>The shortest way from a root to a package, by names; empty where no root leads there.</summary>
    public IReadOnlyList<string> Chain(string key)
    {
        var from = new Dictionary<string, string?>(StringComparer.Ordinal);
        var queue = new Queue<string>();
        foreach (var root in Roots)
        {
            if (from.TryAdd(root, null))
            {
                queue.Enqueue(root);
            }
        }

        while (queue.TryDequeue(out var current) && current != key)
        {
            foreach (var next in Packages.TryGetValue(current, out var package) ? package.Dependencies : [])
            {
                if (from.TryAdd(next, current))
                {
                    queue.Enqueue(next);
                }
            }
        }

        if (!from.ContainsKey(key))
        {
            return [];
        }

        var chain = new List<string>();
        for (var step = key; step is not null; step = from[step])
        {
            chain.Insert(0, Packages.TryGetValue(step, out var package) ? package.Name : step);
        }

        return chain;
    }
}
