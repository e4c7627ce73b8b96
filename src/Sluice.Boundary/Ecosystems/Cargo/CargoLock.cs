using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>
/// Cargo.lock, all versions: packages that name others by name, by name and version where there are several, or with the source besides. What has no source is
/// a crate of the repository.
/// </summary>
internal static class CargoLock
{
    /// <exception cref="JsonTextException">It is not TOML.</exception>
    public static LockFile Read(ManifestText file)
    {
        var root = TomlTree.Parse(file.Text);
        var packages = (root["package"]?.Items ?? []).Where(p => p["name"] is not null).ToList();
        if (root["root"] is { Kind: JsonKind.Object } first)
        {
            packages.Add(first);
        }

        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            var key = Key(package);
            keys[key] = key;
            keys.TryAdd(NameOf(package), key);
            keys.TryAdd($"{NameOf(package)} {package["version"]?.Text}", key);
        }

        var locked = new Dictionary<string, LockedPackage>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            var needs = (package["dependencies"]?.Items ?? []).Select(d => keys.GetValueOrDefault(d.Text)).OfType<string>().ToList();
            var line = package["name"]?.Line ?? package.Line;
            locked[Key(package)] = new LockedPackage(Key(package), NameOf(package), line, needs, package["source"] is null);
        }

        return new LockFile(file.Path, Rules.Ecosystem.Cargo, [.. locked.Values.Where(p => p.IsLocal).Select(p => p.Key)], locked);
    }

    private static string NameOf(JsonTree package) => package["name"]?.Text ?? "";

    private static string Key(JsonTree package)
    {
        var source = package["source"]?.Text;
        return $"{NameOf(package)} {package["version"]?.Text}{(source is null ? "" : $" ({source})")}";
    }
}
