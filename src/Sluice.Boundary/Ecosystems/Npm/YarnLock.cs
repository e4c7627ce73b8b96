using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>yarn.lock: since version 2 it is YAML and has the workspace's members; before, it is like it and has not.</summary>
internal static class YarnLock
{
    private static readonly string[] Groups = ["dependencies", "optionalDependencies", "peerDependencies"];

    /// <exception cref="JsonTextException">It is neither.</exception>
    public static LockFile? Read(ManifestText file, IReadOnlyList<Unit> units)
    {
        var isYaml =
            file.Text.Contains("\n__metadata:", StringComparison.Ordinal) || file.Text.StartsWith("__metadata:", StringComparison.Ordinal);
        var root = isYaml ? YamlTree.Parse(file.Text) : YarnText.Parse(file.Text);
        if (root is not { Kind: JsonKind.Object })
        {
            return null;
        }

        // An entry is known by everything that is asked of it: "a@^1.0.0, a@^1.2.0".
        var entries = root.Members.Where(m => m.Name != "__metadata").ToList();
        var asked = new Dictionary<string, string>(StringComparer.Ordinal);
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            foreach (var descriptor in entry.Name.Split(", "))
            {
                asked[descriptor] = entry.Name;
                named[Split(descriptor).Name] = entry.Name;
            }
        }

        var packages = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var needs = Groups
                .SelectMany(g => entry.Value[g]?.Members ?? [])
                .Select(d =>
                    asked.GetValueOrDefault($"{d.Name}@{d.Value.Text}")
                    ?? asked.GetValueOrDefault($"{d.Name}@npm:{d.Value.Text}")
                    ?? named.GetValueOrDefault(d.Name)
                )
                .OfType<string>()
                .ToList();
            var resolution = entry.Value["resolution"]?.Text ?? "";
            packages[entry.Name] = new LockedPackage(
                entry.Name,
                resolution.Length > 0 ? Split(resolution).Name : Real(entry.Name.Split(", ")[0]),
                entry.Line,
                needs,
                IsLocal: resolution.Contains("@workspace:", StringComparison.Ordinal)
            );
        }

        var members = packages.Values.Where(p => p.IsLocal).Select(p => p.Key).ToList();
        return members.Count > 0
            ? new LockFile(file.Path, Rules.Ecosystem.Npm, members, packages)
            : LockGraph.Under(units, file.Path, Rules.Ecosystem.Npm, packages, n => n);
    }

    /// <summary>What stands behind another name: <c>llm@npm:openai@^4</c> is openai.</summary>
    private static string Real(string descriptor)
    {
        var (name, range) = Split(descriptor);
        return NpmNames.Aliased(range) ?? name;
    }

    private static (string Name, string Range) Split(string descriptor)
    {
        var at = descriptor.Length > 1 ? descriptor.IndexOf('@', 1) : -1;
        return at < 0 ? (descriptor, "") : (descriptor[..at], descriptor[(at + 1)..]);
    }
}
