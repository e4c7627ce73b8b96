using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>uv.lock, poetry.lock, pdm.lock and pylock.toml: packages in an array of tables. Pipfile.lock only lists them.</summary>
internal static class PythonLocks
{
    /// <exception cref="JsonTextException">It is not TOML.</exception>
    public static LockFile? Read(ManifestText file, IReadOnlyList<Unit> units)
    {
        if (file.Path.EndsWith("Pipfile.lock", StringComparison.Ordinal))
        {
            return ReadPipfile(file, units);
        }

        var root = TomlTree.Parse(file.Text);
        if ((root["package"] ?? root["packages"]) is not { Kind: JsonKind.Array } packages)
        {
            return null;
        }

        // A package may be there in several versions; by its name all of them are meant.
        var byName = packages
            .Items.Select((p, i) => (Name: PyPiEcosystem.Same(p["name"]?.Text ?? ""), Key: Key(p, i)))
            .ToLookup(p => p.Name, p => p.Key, StringComparer.Ordinal);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var (package, i) in packages.Items.Select((p, i) => (p, i)))
        {
            var source = package["source"];
            var isLocal =
                (source?["editable"] ?? source?["virtual"] ?? source?["directory"] ?? source?["workspace"]) is not null
                || source?["type"]?.Text == "directory";
            var needs = Needs(package).SelectMany(n => byName[PyPiEcosystem.Same(n)]).Distinct(StringComparer.Ordinal).ToList();
            var key = Key(package, i);
            locked[key] = new LockedPackage(key, package["name"]?.Text ?? "", package["name"]?.Line ?? package.Line, needs, isLocal);
        }

        // uv has the members of the workspace among its packages; the others know only what was resolved.
        var members = locked.Values.Where(p => p.IsLocal).Select(p => p.Key).ToList();
        return file.Path.EndsWith("uv.lock", StringComparison.Ordinal) && members.Count > 0
            ? new LockFile(file.Path, Rules.Ecosystem.PyPi, members, locked)
            : LockGraph.Under(units, file.Path, Rules.Ecosystem.PyPi, locked, PyPiEcosystem.Same);
    }

    private static LockFile ReadPipfile(ManifestText file, IReadOnlyList<Unit> units)
    {
        var root = JsonTree.Parse(file.Text);
        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var member in (root["default"]?.Members ?? []).Concat(root["develop"]?.Members ?? []))
        {
            locked[member.Name] = new LockedPackage(member.Name, member.Name, member.Line, []);
        }

        return LockGraph.Under(units, file.Path, Rules.Ecosystem.PyPi, locked, PyPiEcosystem.Same);
    }

    private static string Key(JsonTree package, int index) => $"{package["name"]?.Text} {package["version"]?.Text} {index}";

    private static IEnumerable<string> Needs(JsonTree package) =>
        Names(package["dependencies"])
            .Concat((package["optional-dependencies"]?.Members ?? []).SelectMany(g => Names(g.Value)))
            .Concat((package["dev-dependencies"]?.Members ?? []).SelectMany(g => Names(g.Value)));

    /// <summary>uv: tables with a name; poetry: a table by name; pdm: requirements as texts.</summary>
    private static IEnumerable<string> Names(JsonTree? dependencies) =>
        (dependencies?.Members ?? [])
            .Select(m => m.Name)
            .Concat(
                (dependencies?.Items ?? [])
                    .Select(i => i.Kind == JsonKind.Text ? Requirement.Read(i.Text, i.Line, default)?.Name : i["name"]?.Text)
                    .OfType<string>()
            );
}
