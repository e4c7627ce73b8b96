using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>
/// pnpm-lock.yaml, versions 5 to 9. Workspace members are its importers. Packages are keyed <c>/name/1.0.0</c>, later <c>/name@1.0.0</c>, then
/// <c>name@1.0.0</c>; the last keeps what they need apart, under <c>snapshots</c>.
/// </summary>
internal static class PnpmLock
{
    private static readonly string[] Groups = ["dependencies", "optionalDependencies", "devDependencies"];

    /// <exception cref="JsonTextException">It is not YAML.</exception>
    public static LockFile? Read(ManifestText file, IReadOnlyList<Unit> units)
    {
        if (YamlTree.Parse(file.Text) is not { Kind: JsonKind.Object } root)
        {
            return null;
        }

        var packages = root["packages"]?.Members ?? [];
        var snapshots = root["snapshots"]?.Members ?? packages;
        var isOldest = root["lockfileVersion"]?.Text.StartsWith('5') ?? false;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            lines[package.Name] = package.Line;
        }

        // One package's importers stand at the top.
        var importers = root["importers"]?.Members ?? [new JsonMember(".", root.Line, root)];
        var keys = snapshots.Select(s => s.Name).Concat(importers.Select(i => Importer(i.Name))).ToHashSet(StringComparer.Ordinal);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var package in snapshots)
        {
            var line = lines.GetValueOrDefault(Bare(package.Name), package.Line);
            locked[package.Name] = new LockedPackage(
                package.Name,
                package.Value["name"]?.Text ?? Name(package.Name, isOldest),
                line,
                Needs(package.Value, "", keys),
                IsLocal: package.Name.Contains("file:", StringComparison.Ordinal)
                    && !package.Name.EndsWith(".tgz", StringComparison.Ordinal)
            );
        }

        foreach (var importer in importers)
        {
            var key = Importer(importer.Name);
            var name = LockGraph.UnitName(units, file.Path, importer.Name);
            locked[key] = new LockedPackage(key, name, importer.Line, Needs(importer.Value, importer.Name, keys), IsLocal: true);
        }

        return new LockFile(file.Path, Rules.Ecosystem.Npm, [.. importers.Select(i => Importer(i.Name))], locked);
    }

    private static List<string> Needs(JsonTree package, string folder, HashSet<string> keys) =>
        [
            .. Groups
                .SelectMany(g => package[g]?.Members ?? [])
                .Select(d => Resolve(d.Name, d.Value["version"]?.Text ?? d.Value.Text, folder, keys))
                .OfType<string>(),
        ];

    /// <summary>A version may be a whole key, where the package is known by another name, or a link to another importer.</summary>
    private static string? Resolve(string name, string version, string folder, HashSet<string> keys)
    {
        if (version.StartsWith("link:", StringComparison.Ordinal))
        {
            var target = Importer(Joined(folder, version[5..]));
            return keys.Contains(target) ? target : null;
        }

        string[] candidates = [$"{name}@{version}", $"/{name}@{version}", $"/{name}/{version}", version];
        return Array.Find(candidates, keys.Contains);
    }

    private static string Joined(string folder, string path)
    {
        var parts = new List<string>();
        foreach (var part in $"{folder}/{path}".Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>No package is called so.</summary>
    private static string Importer(string folder) => $"importer {folder}";

    /// <summary>Without the peers it was resolved with.</summary>
    private static string Bare(string key) => key.IndexOf('(') is var peers and > 0 ? key[..peers] : key;

    private static string Name(string key, bool isOldest)
    {
        var name = key.TrimStart('/');
        var end =
            isOldest ? SlashBehindName(name)
            : name.Length > 1 ? name.IndexOf('@', 1)
            : -1;
        return end < 0 ? name : name[..end];
    }

    private static int SlashBehindName(string name)
    {
        var first = name.IndexOf('/');
        return name.StartsWith('@') && first > 0 ? name.IndexOf('/', first + 1) : first;
    }
}
