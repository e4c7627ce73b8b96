using Sluice.Boundary.Text;

namespace Sluice.Build.Assets;

/// <summary>What a restore resolved (<c>obj/project.assets.json</c>), of the versions that SDKs since 2.0 write.</summary>
/// <param name="Aliases">A framework's name in the file, by the name that the project gives it.</param>
internal sealed record AssetsFile(IReadOnlyList<AssetsTarget> Targets, ILookup<string, string> Aliases)
{
    /// <exception cref="JsonTextException">The text is not JSON.</exception>
    /// <exception cref="FormatException">It is not an assets file.</exception>
    public static AssetsFile Read(string text)
    {
        var root = JsonTree.Parse(text);
        if (root["targets"] is not { Kind: JsonKind.Object } targets)
        {
            throw new FormatException("it has no targets");
        }

        var paths = Members(root["libraries"]).ToLookup(l => l.Name, l => l.Value["path"]?.Text ?? "", StringComparer.OrdinalIgnoreCase);
        var roots = Members(root["projectFileDependencyGroups"])
            .ToLookup(g => g.Name, g => g.Value.Items.Select(i => i.Text.Split(' ')[0]), StringComparer.OrdinalIgnoreCase);
        return new AssetsFile(
            [.. targets.Members.Select(t => Target(t, roots, paths))],
            Members(root["project"]?["frameworks"])
                .Where(f => f.Value["targetAlias"] is not null)
                .ToLookup(f => f.Value["targetAlias"]!.Text, f => f.Name, StringComparer.OrdinalIgnoreCase)
        );
    }

    /// <summary>What holds for one framework of the project, on any runtime; all there is where the framework cannot be told.</summary>
    /// <param name="framework">As the project names it.</param>
    /// <param name="moniker">The same in its long form, <c>.NETStandard,Version=v2.0</c>.</param>
    public IEnumerable<AssetsTarget> Of(string framework, string moniker)
    {
        HashSet<string> names = new([framework, moniker, .. Aliases[framework]], StringComparer.OrdinalIgnoreCase);
        var own = Targets.Where(t => names.Contains(t.Framework)).ToList();
        return own.Count > 0 ? own : Targets;
    }

    private static AssetsTarget Target(JsonMember target, ILookup<string, IEnumerable<string>> roots, ILookup<string, string> paths)
    {
        var slash = target.Name.IndexOf('/');
        var framework = slash < 0 ? target.Name : target.Name.Substring(0, slash);
        var libraries = new Dictionary<string, AssetsLibrary>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in target.Value.Members)
        {
            var library = Library(member, paths);
            libraries[library.Name] = library;
        }

        return new AssetsTarget(
            framework,
            slash < 0 ? "" : target.Name.Substring(slash + 1),
            [.. roots[framework].SelectMany(g => g).Distinct(StringComparer.OrdinalIgnoreCase)],
            libraries
        );
    }

    private static AssetsLibrary Library(JsonMember member, ILookup<string, string> paths)
    {
        var slash = member.Name.IndexOf('/');
        var isProject = member.Value["type"]?.Text == "project";
        return new AssetsLibrary(
            slash < 0 ? member.Name : member.Name.Substring(0, slash),
            slash < 0 ? "" : member.Name.Substring(slash + 1),
            isProject ? paths[member.Name].FirstOrDefault() ?? "" : "",
            [.. Members(member.Value["dependencies"]).Select(d => d.Name)]
        )
        {
            IsProject = isProject,
        };
    }

    private static IReadOnlyList<JsonMember> Members(JsonTree? tree) => tree?.Members ?? [];
}
