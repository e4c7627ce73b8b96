using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>bun.lock: JSON with comments; packages by the path they are installed at, each an array that begins with what was resolved.</summary>
internal static class BunLock
{
    private static readonly string[] Groups = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"];

    /// <exception cref="JsonTextException">It is not JSON.</exception>
    public static LockFile? Read(ManifestText file, IReadOnlyList<Unit> units)
    {
        var root = JsonTree.Parse(file.Text);
        if (root["packages"] is not { Kind: JsonKind.Object } packages)
        {
            return null;
        }

        var keys = packages.Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var member in packages.Members)
        {
            var resolved = member.Value.Items.Count > 0 ? member.Value.Items[0].Text : member.Name;
            var at = resolved.Length > 1 ? resolved.IndexOf('@', 1) : -1;
            var needs = member.Value.Items.Where(i => i.Kind == JsonKind.Object).SelectMany(i => Needs(i, member.Name, keys)).ToList();
            locked[member.Name] = new LockedPackage(
                member.Name,
                at < 0 ? resolved : resolved[..at],
                member.Line,
                needs,
                IsLocal: resolved.Contains("@workspace:", StringComparison.Ordinal)
            );
        }

        var roots = new List<string>();
        foreach (var member in root["workspaces"]?.Members ?? [])
        {
            var key = $"workspace {member.Name}";
            var name = member.Value["name"]?.Text ?? LockGraph.UnitName(units, file.Path, member.Name);
            locked[key] = new LockedPackage(key, name, member.Line, Needs(member.Value, "", keys), IsLocal: true);
            roots.Add(key);
        }

        return new LockFile(file.Path, Rules.Ecosystem.Npm, roots, locked);
    }

    private static List<string> Needs(JsonTree package, string from, HashSet<string> keys) =>
        [.. Groups.SelectMany(g => package[g]?.Members ?? []).Select(d => Resolve(from, d.Name, keys)).OfType<string>()];

    /// <summary>Under who asks, then under each above it.</summary>
    private static string? Resolve(string from, string name, HashSet<string> keys)
    {
        for (var above = from; above.Length > 0; above = Above(above))
        {
            if (keys.Contains($"{above}/{name}"))
            {
                return $"{above}/{name}";
            }
        }

        return keys.Contains(name) ? name : null;
    }

    /// <summary>The scope of a name is no step of its own.</summary>
    private static string Above(string key)
    {
        var end = key.LastIndexOf('/');
        var scope = end > 0 ? key.LastIndexOf('/', end - 1) : -1;
        end = end > 0 && key[scope + 1] == '@' ? scope : end;
        return end < 0 ? "" : key[..end];
    }
}
