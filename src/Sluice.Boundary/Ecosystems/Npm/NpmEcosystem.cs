using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>package.json, and the lock files of npm, pnpm and yarn.</summary>
internal sealed class NpmEcosystem : IEcosystem
{
    private static readonly (string Member, DependencyScope Scope)[] Groups =
    [
        ("dependencies", DependencyScope.Runtime),
        ("optionalDependencies", DependencyScope.Runtime),
        ("peerDependencies", DependencyScope.Runtime),
        ("devDependencies", DependencyScope.Development),
    ];

    private static readonly string[] LocalPrefixes = ["file:", "link:", "workspace:", "portal:", "./", "../"];

    public string Name => Rules.Ecosystem.Npm;

    public bool IsManifest(string path) => FileName(path) == "package.json";

    public bool IsLockFile(string path) => FileName(path) is "package-lock.json" or "npm-shrinkwrap.json";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        var units = new List<Unit>();
        foreach (var manifest in manifests)
        {
            try
            {
                units.Add(Read(manifest));
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

    public LockFile? ReadLockFile(ManifestText file, ICollection<Problem> problems)
    {
        try
        {
            return PackageLock.Read(file);
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(file.Path, exception.Line, $"not a lock file that can be read: {exception.Message}", Fatal: true));
            return null;
        }
    }

    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files) => new HashSet<string>();

    private static Unit Read(ManifestText manifest)
    {
        var root = JsonTree.Parse(manifest.Text);
        if (root.Kind != JsonKind.Object)
        {
            throw new JsonTextException(root.Line, "an object was expected");
        }

        var folder = Path.GetDirectoryName(manifest.Path) is { Length: > 0 } named ? named : "package";
        var unit = new Unit(root["name"]?.Text ?? folder, Rules.Ecosystem.Npm, manifest.Path);
        foreach (var (group, scope) in Groups)
        {
            foreach (var member in root[group]?.Members ?? [])
            {
                unit.Dependencies.Add(Read(member, scope));
            }
        }

        return unit;
    }

    private static Dependency Read(JsonMember member, DependencyScope scope)
    {
        var version = member.Value.Text;
        if (version.StartsWith("npm:", StringComparison.Ordinal))
        {
            var end = version.IndexOf('@', 5);
            return new Dependency(end < 0 ? version[4..] : version[4..end], member.Line, scope, Alias: member.Name);
        }

        return new Dependency(
            member.Name,
            member.Line,
            scope,
            IsLocal: Array.Exists(LocalPrefixes, p => version.StartsWith(p, StringComparison.Ordinal))
        );
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
