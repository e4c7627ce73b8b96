using Sluice.Boundary.Files;

namespace Sluice.Boundary.Ecosystems.Go;

/// <summary>go.mod, which is the manifest and, in what it marks as indirect, all there is of a lock file: go.sum has sums, not who asks for what.</summary>
internal sealed class GoEcosystem : IEcosystem
{
    private const string Workspace = "go.work";

    public string Name => Rules.Ecosystem.Go;

    public bool IsManifest(string path) => FileName(path) is "go.mod" or Workspace;

    public bool IsLockFile(string path) => FileName(path) == "go.mod";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        // A workspace replaces for all its modules.
        var replaced = manifests
            .Where(m => FileName(m.Path) == Workspace)
            .SelectMany(m => GoModule.Read(m, [], isWorkspace: true).Local)
            .ToHashSet(StringComparer.Ordinal);
        var units = new List<Unit>();
        foreach (var manifest in manifests.Where(m => FileName(m.Path) != Workspace))
        {
            var module = GoModule.Read(manifest, problems);
            var unit = new Unit(module.Name ?? "module", Name, manifest.Path) { HasOwnName = module.Name is not null };
            foreach (var require in module.Requires.Where(r => !r.IsIndirect))
            {
                var isLocal = module.Local.Contains(require.Module) || replaced.Contains(require.Module);
                unit.Dependencies.Add(new Dependency(require.Module, require.Line, IsLocal: isLocal));
            }

            units.Add(unit);
        }

        return units;
    }

    /// <summary>Who brings an indirect module in is not told.</summary>
    public LockFile? ReadLockFile(ManifestText file, IReadOnlyList<Unit> units, ICollection<Problem> problems)
    {
        // Its problems were told when it was read as a manifest.
        var module = GoModule.Read(file, []);
        var indirect = module.Requires.Where(r => r.IsIndirect).DistinctBy(r => r.Module).ToList();
        if (indirect.Count == 0)
        {
            return null;
        }

        var root = $"module {module.Name}";
        var packages = indirect.ToDictionary(
            r => r.Module,
            r => new LockedPackage(r.Module, r.Module, r.Line, [], module.Local.Contains(r.Module)),
            StringComparer.Ordinal
        );
        packages[root] = new LockedPackage(root, module.Name ?? "module", 0, [.. indirect.Select(r => r.Module)], IsLocal: true);
        return new LockFile(file.Path, Name, [root], packages);
    }

    /// <summary>A module's own packages begin with its name, which is a unit's.</summary>
    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files) => new HashSet<string>();

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
