using Sluice.Boundary.Ecosystems;
using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;

namespace Sluice.Boundary;

/// <summary>What a repository's manifests and lock files say of it.</summary>
internal sealed class RepositoryModel
{
    private readonly Dictionary<string, Dictionary<string, Unit>> byFolder = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> ownPackages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> ownModules = new(StringComparer.Ordinal);

    public RepositoryModel(IReadOnlyList<RepositoryFile> files, IReadOnlyList<IEcosystem> ecosystems, ICollection<Problem> problems)
    {
        foreach (var ecosystem in ecosystems)
        {
            var manifests = files.Where(f => IsOurs(f) && ecosystem.IsManifest(f.Path)).ToList();
            var units = ecosystem.ReadManifests([.. Texts(manifests, problems)], problems);
            Units.AddRange(units);
            foreach (var unit in units)
            {
                if (!byFolder.TryGetValue(unit.Folder, out var here))
                {
                    byFolder[unit.Folder] = here = [];
                }

                here.TryAdd(unit.Ecosystem, unit);
            }

            var names = units.Where(u => u.HasOwnName).Select(u => u.Name).ToList();
            ownPackages[ecosystem.Name] =
            [
                .. ecosystem.UnitsAnswerToTheirNames ? names.Select(n => RuleBook.Normalized(ecosystem.Name, n)) : [],
            ];

            // A Python package is called one thing and its modules another.
            ownModules[ecosystem.Name] = (ecosystem.Name == Ecosystem.PyPi ? [] : names)
                .Concat(units.SelectMany(u => u.Modules))
                .Concat(ecosystem.OwnModules(files))
                .Select(m => ModuleName(ecosystem.Name, m))
                .ToHashSet(StringComparer.Ordinal);
            foreach (var text in Texts(files.Where(f => IsOurs(f) && ecosystem.IsLockFile(f.Path)), problems))
            {
                if (ecosystem.ReadLockFile(text, units, problems) is { } locked)
                {
                    LockFiles.Add(locked);
                }
            }
        }
    }

    public List<Unit> Units { get; } = [];

    public List<LockFile> LockFiles { get; } = [];

    /// <summary>The unit a file belongs to: the nearest above it, of its own ecosystem where there is one.</summary>
    public Unit? UnitOf(string path, string ecosystem)
    {
        Unit? other = null;
        for (var folder = path[..(path.LastIndexOf('/') + 1)]; ; )
        {
            if (byFolder.TryGetValue(folder, out var here))
            {
                if (here.TryGetValue(ecosystem, out var unit))
                {
                    return unit;
                }

                other ??= here.Values.First();
            }

            if (folder.Length == 0)
            {
                return other;
            }

            folder = folder[..(folder.LastIndexOf('/', folder.Length - 2) + 1)];
        }
    }

    /// <summary>A package by that name is one of the repository's own.</summary>
    public bool IsOwnPackage(string ecosystem, string name) =>
        ownPackages.TryGetValue(ecosystem, out var names) && names.Contains(RuleBook.Normalized(ecosystem, name));

    /// <summary>Source that names a module so means one of the repository's own.</summary>
    public bool IsOwnModule(string ecosystem, string name) =>
        ownModules.TryGetValue(ecosystem, out var names) && names.Contains(ModuleName(ecosystem, name));

    /// <summary>As source writes a package's name.</summary>
    public static string ModuleName(string ecosystem, string package) => ecosystem == Ecosystem.Cargo ? package.Replace('-', '_') : package;

    /// <summary>Manifests that others wrote, or programs, describe no unit of ours.</summary>
    private static bool IsOurs(RepositoryFile file) => file.Context is not (FileContext.Vendored or FileContext.Generated);

    private static IEnumerable<ManifestText> Texts(IEnumerable<RepositoryFile> files, ICollection<Problem> problems)
    {
        foreach (var file in files)
        {
            if (TextReading.Read(file, out var problem) is { } text)
            {
                yield return new ManifestText(file.Path, text);
            }
            else
            {
                problems.Add(problem! with { Fatal = true });
            }
        }
    }
}
