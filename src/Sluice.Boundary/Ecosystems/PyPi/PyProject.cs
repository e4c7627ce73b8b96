using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.PyPi;

/// <summary>pyproject.toml: what the standards say, and what Poetry, PDM and uv said before and beside them. Pipfile is alike.</summary>
internal static class PyProject
{
    /// <exception cref="JsonTextException">It is not TOML.</exception>
    public static Unit Read(ManifestText file, string folderName)
    {
        var root = TomlTree.Parse(file.Text);
        var project = root["project"];
        var poetry = root["tool"]?["poetry"];
        var name = project?["name"]?.Text ?? poetry?["name"]?.Text;
        var unit = new Unit(name ?? folderName, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = name is not null };
        Add(unit, project?["dependencies"], DependencyScope.Runtime);
        foreach (var extra in project?["optional-dependencies"]?.Members ?? [])
        {
            Add(unit, extra.Value, DependencyScope.Runtime);
        }

        // A group may include another, which is a table among its texts.
        foreach (var group in root["dependency-groups"]?.Members ?? [])
        {
            Add(unit, group.Value, DependencyScope.Development);
        }

        Add(unit, root["build-system"]?["requires"], DependencyScope.Development);
        foreach (var group in root["tool"]?["pdm"]?["dev-dependencies"]?.Members ?? [])
        {
            Add(unit, group.Value, DependencyScope.Development);
        }

        Add(unit, root["tool"]?["uv"]?["dev-dependencies"], DependencyScope.Development);
        foreach (var environment in root["tool"]?["hatch"]?["envs"]?.Members ?? [])
        {
            Add(unit, environment.Value["dependencies"], DependencyScope.Development);
            Add(unit, environment.Value["extra-dependencies"], DependencyScope.Development);
        }

        AddTable(unit, poetry?["dependencies"], DependencyScope.Runtime);
        AddTable(unit, poetry?["dev-dependencies"], DependencyScope.Development);
        foreach (var group in poetry?["group"]?.Members ?? [])
        {
            AddTable(unit, group.Value["dependencies"], group.Name == "main" ? DependencyScope.Runtime : DependencyScope.Development);
        }

        Localize(unit, root["tool"]?["uv"]?["sources"]);
        return unit;
    }

    /// <exception cref="JsonTextException">It is not TOML.</exception>
    public static Unit ReadPipfile(ManifestText file, string folderName)
    {
        var root = TomlTree.Parse(file.Text);
        var unit = new Unit(folderName, Rules.Ecosystem.PyPi, file.Path) { HasOwnName = false };
        AddTable(unit, root["packages"], DependencyScope.Runtime);
        AddTable(unit, root["dev-packages"], DependencyScope.Development);
        return unit;
    }

    private static void Add(Unit unit, JsonTree? requirements, DependencyScope scope)
    {
        foreach (var item in requirements?.Items ?? [])
        {
            if (item.Kind == JsonKind.Text && Requirement.Read(item.Text, item.Line, scope) is { } dependency)
            {
                unit.Dependencies.Add(dependency);
            }
        }
    }

    private static void AddTable(Unit unit, JsonTree? table, DependencyScope scope)
    {
        foreach (var member in table?.Members ?? [])
        {
            if (member.Name != "python")
            {
                unit.Dependencies.Add(new Dependency(member.Name, member.Line, scope, IsLocal: IsLocal(member.Value)));
            }
        }
    }

    private static void Localize(Unit unit, JsonTree? sources)
    {
        foreach (var source in sources?.Members ?? [])
        {
            for (var i = 0; i < unit.Dependencies.Count && IsLocal(source.Value); i++)
            {
                var dependency = unit.Dependencies[i];
                if (PyPiEcosystem.Same(dependency.Name) == PyPiEcosystem.Same(source.Name))
                {
                    unit.Dependencies[i] = dependency with { IsLocal = true };
                }
            }
        }
    }

    /// <summary>A folder or a member of the workspace; a wheel that lies here is still what its registry has.</summary>
    private static bool IsLocal(JsonTree source) =>
        (
            source["path"] is { } path
            && !path.Text.EndsWith(".whl", StringComparison.Ordinal)
            && !path.Text.EndsWith(".gz", StringComparison.Ordinal)
        )
        || source["workspace"]?.Text == "true";
}
