using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>Cargo.toml with its workspaces, and Cargo.lock.</summary>
internal sealed class CargoEcosystem : IEcosystem
{
    public string Name => Rules.Ecosystem.Cargo;

    /// <summary>A crate of the repository is asked for by its path; the same name without one is the registry's.</summary>
    public bool UnitsAnswerToTheirNames => false;

    public bool IsManifest(string path) => FileName(path) == "Cargo.toml";

    public bool IsLockFile(string path) => FileName(path) == "Cargo.lock";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        var read = new List<CargoManifest>();
        foreach (var manifest in manifests)
        {
            try
            {
                read.Add(new CargoManifest(manifest.Path, TomlTree.Parse(manifest.Text)));
            }
            catch (JsonTextException exception)
            {
                problems.Add(
                    new Problem(manifest.Path, exception.Line, $"not a manifest that can be read: {exception.Message}", Fatal: true)
                );
            }
        }

        var workspaces = read.Where(m => m.IsWorkspace).ToDictionary(m => m.Folder, StringComparer.Ordinal);
        return [.. read.Select(m => m.Unit(workspaces)).OfType<Unit>()];
    }

    public LockFile? ReadLockFile(ManifestText file, IReadOnlyList<Unit> units, ICollection<Problem> problems)
    {
        try
        {
            return CargoLock.Read(file);
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(file.Path, exception.Line, $"not a lock file that can be read: {exception.Message}", Fatal: true));
            return null;
        }
    }

    /// <summary>Files are modules, which source names by themselves where it has them in scope.</summary>
    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files) =>
        files
            .Where(f =>
                f.Context is not (FileContext.Vendored or FileContext.Generated) && f.Path.EndsWith(".rs", StringComparison.Ordinal)
            )
            .Select(f => Module(f.Path))
            .ToHashSet(StringComparer.Ordinal);

    private static string Module(string path)
    {
        var trimmed = path.EndsWith("/mod.rs", StringComparison.Ordinal) ? path[..^"/mod.rs".Length] : path[..^".rs".Length];
        return FileName(trimmed);
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
