using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>package-lock.json: packages by the path they are installed at. Version 1 nests them instead, and does not say who asks for them.</summary>
internal static class PackageLock
{
    private const string Modules = "node_modules/";

    private static readonly string[] Groups = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"];

    /// <exception cref="JsonTextException">It is not JSON.</exception>
    public static LockFile? Read(ManifestText file, IReadOnlyList<Unit> units)
    {
        var root = JsonTree.Parse(file.Text);
        if (root["packages"] is not { Kind: JsonKind.Object } packages)
        {
            return root["dependencies"] is { Kind: JsonKind.Object } nested ? ReadNested(file, units, nested) : null;
        }

        var paths = packages.Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var member in packages.Members)
        {
            var isLocal = !member.Name.Contains(Modules, StringComparison.Ordinal) || member.Value["link"] is not null;
            var name =
                member.Value["name"]?.Text
                ?? member.Name[(member.Name.LastIndexOf(Modules, StringComparison.Ordinal) is var at and >= 0 ? at + Modules.Length : 0)..];
            var needs = Groups
                .SelectMany(g => member.Value[g]?.Members ?? [])
                .Select(d => Resolve(member.Name, d.Name, paths))
                .OfType<string>()
                .ToList();
            if (member.Value["resolved"]?.Text is { } target && member.Value["link"] is not null && paths.Contains(target))
            {
                needs.Add(target);
            }

            locked[member.Name] = new LockedPackage(member.Name, name, member.Line, needs, isLocal);
        }

        return new LockFile(file.Path, Rules.Ecosystem.Npm, [.. locked.Values.Where(p => p.IsLocal).Select(p => p.Key)], locked);
    }

    private static LockFile ReadNested(ManifestText file, IReadOnlyList<Unit> units, JsonTree nested)
    {
        var found = new List<(string Path, JsonMember Member)>();
        Collect(nested, "", found);
        var paths = found.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var (path, member) in found)
        {
            var version = member.Value["version"]?.Text ?? "";
            var needs = (member.Value["requires"]?.Members ?? []).Select(d => Resolve(path, d.Name, paths)).OfType<string>().ToList();
            locked[path] = new LockedPackage(
                path,
                NpmNames.Aliased(version) ?? member.Name,
                member.Line,
                needs,
                IsLocal: version.StartsWith("file:", StringComparison.Ordinal) && !version.EndsWith(".tgz", StringComparison.Ordinal)
            );
        }

        return LockGraph.Under(units, file.Path, Rules.Ecosystem.Npm, locked, n => n);
    }

    private static void Collect(JsonTree nested, string folder, List<(string Path, JsonMember Member)> found)
    {
        foreach (var member in nested.Members)
        {
            var path = $"{folder}{Modules}{member.Name}";
            found.Add((path, member));
            if (member.Value["dependencies"] is { } below)
            {
                Collect(below, path + "/", found);
            }
        }
    }

    /// <summary>As Node finds a module: in the folder of who asks, then in each folder above.</summary>
    private static string? Resolve(string from, string name, HashSet<string> paths)
    {
        for (var folder = from; ; )
        {
            var candidate = folder.Length == 0 ? Modules + name : $"{folder}/{Modules}{name}";
            if (paths.Contains(candidate))
            {
                return candidate;
            }

            if (folder.Length == 0)
            {
                return null;
            }

            var end = folder.LastIndexOf('/');
            folder = end < 0 ? "" : folder[..end];
        }
    }
}
