using Sluice.Boundary.Files;

namespace Sluice.Boundary.Ecosystems.Go;

/// <summary>go.mod, which is the manifest and, in what it marks as indirect, all there is of a lock file: go.sum has sums, not who asks for what.</summary>
internal sealed class GoEcosystem : IEcosystem
{
    public string Name => Rules.Ecosystem.Go;

    public bool IsManifest(string path) => FileName(path) == "go.mod";

    public bool IsLockFile(string path) => IsManifest(path);

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems) =>
        [
            .. manifests.Select(m =>
            {
                var file = GoModule.Read(m, problems);
                var unit = new Unit(file.Name ?? "module", Name, m.Path) { HasOwnName = file.Name is not null };
                unit.Dependencies.AddRange(
                    file.Requires.Where(r => !r.IsIndirect)
                        .Select(r => new Dependency(r.Module, r.Line, IsLocal: file.Local.Contains(r.Module)))
                );
                return unit;
            }),
        ];

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
