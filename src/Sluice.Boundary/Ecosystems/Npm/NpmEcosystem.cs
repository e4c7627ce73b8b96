using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>package.json and deno.json, and the lock files of npm, pnpm, yarn and bun.</summary>
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

    public bool IsManifest(string path) => FileName(path) is "package.json" or "deno.json" or "deno.jsonc" or WorkspaceCatalogs.FileName;

    public bool IsLockFile(string path) =>
        FileName(path) is "package-lock.json" or "npm-shrinkwrap.json" or "pnpm-lock.yaml" or "yarn.lock" or "bun.lock";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        var units = new List<Unit>();
        var catalogs = new WorkspaceCatalogs();
        foreach (var manifest in manifests.OrderBy(m => FileName(m.Path) != WorkspaceCatalogs.FileName))
        {
            try
            {
                if (FileName(manifest.Path) == WorkspaceCatalogs.FileName)
                {
                    catalogs.Read(manifest);
                }
                else
                {
                    units.Add(Read(manifest, catalogs));
                }
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
            return FileName(file.Path) switch
            {
                "pnpm-lock.yaml" => PnpmLock.Read(file, units),
                "yarn.lock" => YarnLock.Read(file, units),
                "bun.lock" => BunLock.Read(file, units),
                _ => PackageLock.Read(file, units),
            };
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(file.Path, exception.Line, $"not a lock file that can be read: {exception.Message}", Fatal: true));
            return null;
        }
    }

    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files) => new HashSet<string>();

    private static Unit Read(ManifestText manifest, WorkspaceCatalogs catalogs)
    {
        var root = JsonTree.Parse(manifest.Text);
        if (root.Kind != JsonKind.Object)
        {
            throw new JsonTextException(root.Line, "an object was expected");
        }

        var folder = Path.GetDirectoryName(manifest.Path) is { Length: > 0 } named ? named : "package";
        var unit = new Unit(root["name"]?.Text ?? folder, Rules.Ecosystem.Npm, manifest.Path) { HasOwnName = root["name"] is not null };
        foreach (var (group, scope) in Groups)
        {
            foreach (var member in root[group]?.Members ?? [])
            {
                unit.Dependencies.Add(Read(member, scope, catalogs));
            }
        }

        foreach (var member in root["imports"]?.Members ?? [])
        {
            Renamed(unit, member.Name, member.Value);
        }

        return unit;
    }

    /// <summary>
    /// What source calls otherwise: <c>"#model": { "node": "openai", "default": "./model.js" }</c> in package.json, <c>"model": "npm:openai@^4"</c> in
    /// deno.json.
    /// </summary>
    private static void Renamed(Unit unit, string alias, JsonTree target)
    {
        foreach (var condition in target.Members)
        {
            Renamed(unit, alias, condition.Value);
        }

        if (target.Kind == JsonKind.Text && !target.Text.StartsWith('.') && !target.Text.StartsWith('/'))
        {
            var package = NpmNames.Package(NpmNames.Module(target.Text));
            unit.Dependencies.Add(new Dependency(package, target.Line, Alias: alias.TrimEnd('*').TrimEnd('/')));
        }
    }

    private static Dependency Read(JsonMember member, DependencyScope scope, WorkspaceCatalogs catalogs)
    {
        var version = catalogs.Version(member.Name, member.Value.Text);
        if (NpmNames.Aliased(version) is { } real)
        {
            return new Dependency(real, member.Line, scope, Alias: member.Name);
        }

        return new Dependency(
            member.Name,
            member.Line,
            scope,
            // A packed file is what its registry would have sent.
            IsLocal: !version.EndsWith(".tgz", StringComparison.Ordinal)
                && Array.Exists(LocalPrefixes, p => version.StartsWith(p, StringComparison.Ordinal))
        );
    }

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
