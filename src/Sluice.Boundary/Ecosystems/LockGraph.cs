namespace Sluice.Boundary.Ecosystems;

/// <summary>Makes a lock file of packages that do not say which of them the units ask for.</summary>
internal static class LockGraph
{
    /// <summary>
    /// The units beside the lock file and below it become packages of the file, so that a chain begins with them. What none of them leads to is installed
    /// all the same, and begins its own chain.
    /// </summary>
    /// <param name="sameName">How the ecosystem compares names.</param>
    public static LockFile Under(
        IReadOnlyList<Unit> units,
        string path,
        string ecosystem,
        Dictionary<string, LockedPackage> packages,
        Func<string, string> sameName
    )
    {
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var byName = packages.Values.ToLookup(p => sameName(p.Name), p => p.Key, StringComparer.Ordinal);
        var roots = new List<string>();
        foreach (var unit in units.Where(u => u.Manifest.StartsWith(folder, StringComparison.Ordinal)))
        {
            var key = $"unit {unit.Manifest}";
            var needs = unit.Dependencies.SelectMany(d => byName[sameName(d.Name)]).Distinct(StringComparer.Ordinal).ToList();
            packages[key] = new LockedPackage(key, unit.Name, 0, needs, IsLocal: true);
            roots.Add(key);
        }

        var reached = new HashSet<string>(StringComparer.Ordinal);
        roots.ForEach(r => Reach(r, packages, reached));
        var asked = packages.Values.SelectMany(p => p.Dependencies).ToHashSet(StringComparer.Ordinal);
        foreach (var package in packages.Values.OrderBy(p => asked.Contains(p.Key)))
        {
            if (!reached.Contains(package.Key))
            {
                roots.Add(package.Key);
                Reach(package.Key, packages, reached);
            }
        }

        return new LockFile(path, ecosystem, roots, packages);
    }

    /// <summary>What a unit is called, by its folder relative to a lock file; the folder where there is none.</summary>
    public static string UnitName(IReadOnlyList<Unit> units, string lockFile, string folder)
    {
        var here = lockFile[..(lockFile.LastIndexOf('/') + 1)] + (folder is "." or "" ? "" : folder.TrimEnd('/') + "/");
        return units.FirstOrDefault(u => u.Folder == here)?.Name ?? folder;
    }

    private static void Reach(string root, Dictionary<string, LockedPackage> packages, HashSet<string> reached)
    {
        var queue = new Queue<string>([root]);
        while (queue.TryDequeue(out var key))
        {
            if (reached.Add(key) && packages.TryGetValue(key, out var package))
            {
                foreach (var next in package.Dependencies)
                {
                    queue.Enqueue(next);
                }
            }
        }
    }
}
