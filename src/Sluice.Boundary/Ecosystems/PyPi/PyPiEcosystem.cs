using Sluice.Boundary.Files;
using Sluice.Boundary.Rules;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>pyproject.toml, setup.py and setup.cfg, Pipfile, requirements, environments of conda; the lock files of uv, Poetry, PDM, Pipenv and pylock.toml.</summary>
internal sealed class PyPiEcosystem : IEcosystem
{
    public string Name => Ecosystem.PyPi;

    public bool IsManifest(string path) => Order(path) >= 0;

    public bool IsLockFile(string path) => FileName(path) is "uv.lock" or "poetry.lock" or "pdm.lock" or "pylock.toml" or "Pipfile.lock";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        var units = new List<Unit>();
        var requirements = manifests.Select(m => m.Path).Where(RequirementsFile.IsOne).ToHashSet(StringComparer.Ordinal);

        // What says most of a folder comes first, and gives it its name.
        foreach (var manifest in manifests.OrderBy(m => Order(m.Path)))
        {
            var folder = manifest.Path[..(manifest.Path.LastIndexOf('/') + 1)];
            var name = units.Find(u => u.Folder == folder)?.Name ?? (folder.Length == 0 ? "package" : folder.TrimEnd('/').Split('/')[^1]);
            try
            {
                units.Add(
                    FileName(manifest.Path) switch
                    {
                        "pyproject.toml" => PyProject.Read(manifest, name),
                        "setup.cfg" => SetupFiles.ReadConfiguration(manifest, name),
                        "setup.py" => SetupFiles.ReadScript(manifest, name),
                        "Pipfile" => PyProject.ReadPipfile(manifest, name),
                        var file when CondaEnvironment.IsOne(file) => CondaEnvironment.Read(manifest, name),
                        _ => RequirementsFile.Read(manifest, name, requirements, problems),
                    }
                );
            }
            catch (JsonTextException exception)
            {
                problems.Add(
                    new Problem(manifest.Path, exception.Line, $"not a manifest that can be read: {exception.Message}", Fatal: true)
                );
            }
        }

        return units;
    }

    public LockFile? ReadLockFile(ManifestText file, IReadOnlyList<Unit> units, ICollection<Problem> problems)
    {
        try
        {
            return PythonLocks.Read(file, units);
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(file.Path, exception.Line, $"not a lock file that can be read: {exception.Message}", Fatal: true));
            return null;
        }
    }

    /// <summary>Modules at the top of where imports begin: the repository, folders with a manifest, and <c>src</c> in each.</summary>
    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files)
    {
        var roots = files
            .Where(f => IsManifest(f.Path))
            .Select(f => f.Path[..(f.Path.LastIndexOf('/') + 1)])
            .Append("")
            .SelectMany(r => new[] { r, r + "src/" })
            .ToHashSet(StringComparer.Ordinal);
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in files.Where(f => f.Context != FileContext.Vendored).Select(f => f.Path))
        {
            var module =
                path.EndsWith("/__init__.py", StringComparison.Ordinal) ? path[..^"/__init__.py".Length]
                : path.EndsWith(".py", StringComparison.Ordinal) ? path[..^".py".Length]
                : "";
            var end = module.LastIndexOf('/') + 1;
            if (module.Length > end && roots.Contains(module[..end]))
            {
                own.Add(module[end..]);
            }
        }

        return own;
    }

    /// <summary>Names that mean one package are the same.</summary>
    public static string Same(string name) => RuleBook.Normalized(Ecosystem.PyPi, name);

    private static int Order(string path) =>
        FileName(path) switch
        {
            "pyproject.toml" => 0,
            "setup.cfg" => 1,
            "setup.py" => 2,
            "Pipfile" => 3,
            _ when RequirementsFile.IsOne(path) => 4,
            var name => CondaEnvironment.IsOne(name) ? 5 : -1,
        };

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
