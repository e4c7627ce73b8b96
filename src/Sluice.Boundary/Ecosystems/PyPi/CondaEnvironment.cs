using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>environment.yml: packages of conda, and among them a list of those that pip installs. Most are called alike in both.</summary>
internal static class CondaEnvironment
{
    public static bool IsOne(string name) =>
        name.StartsWith("environment", StringComparison.Ordinal)
        && (name.EndsWith(".yml", StringComparison.Ordinal) || name.EndsWith(".yaml", StringComparison.Ordinal));

    /// <exception cref="JsonTextException">It is not YAML.</exception>
    public static Unit Read(ManifestText file, string folderName)
    {
        var unit = new Unit(folderName, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = false };
        foreach (var item in YamlTree.Parse(file.Text)["dependencies"]?.Items ?? [])
        {
            Add(unit, item);
            foreach (var piped in item["pip"]?.Items ?? [])
            {
                Add(unit, piped);
            }
        }

        return unit;
    }

    private static void Add(Unit unit, JsonTree item)
    {
        // conda-forge::openai says which channel it is from.
        var text = item.Text[(item.Text.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..];
        if (Requirement.Read(text, item.Line, DependencyScope.Runtime) is { } dependency)
        {
            unit.Dependencies.Add(dependency);
        }
    }
}
