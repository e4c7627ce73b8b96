using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Cargo;

/// <summary>One Cargo.toml. Source: https://doc.rust-lang.org/cargo/reference/manifest.html.</summary>
internal sealed class CargoManifest(string path, JsonTree root)
{
    private static readonly (string Member, DependencyScope Scope)[] Groups =
    [
        ("dependencies", DependencyScope.Runtime),
        ("build-dependencies", DependencyScope.Runtime),
        ("build_dependencies", DependencyScope.Runtime),
        ("dev-dependencies", DependencyScope.Development),
        ("dev_dependencies", DependencyScope.Development),
    ];

    private readonly JsonTree root = root;

    /// <summary>With a slash at its end, or nothing.</summary>
    public string Folder { get; } = path[..(path.LastIndexOf('/') + 1)];

    public bool IsWorkspace => root["workspace"] is not null;

    /// <summary>Null for a workspace that is no package itself.</summary>
    /// <param name="workspaces">By folder.</param>
    public Unit? Unit(IReadOnlyDictionary<string, CargoManifest> workspaces)
    {
        if (root["package"] is not { Kind: JsonKind.Object } package)
        {
            return null;
        }

        var unit = new Unit(package["name"]?.Text ?? Folder.TrimEnd('/'), Rules.Ecosystem.Cargo, path);
        if (root["lib"]?["name"] is { Text.Length: > 0 } library)
        {
            unit.Modules.Add(library.Text);
        }

        var workspace = Workspace(package, workspaces);
        foreach (var table in (root["target"]?.Members ?? []).Select(m => m.Value).Prepend(root))
        {
            foreach (var (group, scope) in Groups)
            {
                unit.Dependencies.AddRange((table[group]?.Members ?? []).Select(m => Read(m, scope, workspace)));
            }
        }

        return unit;
    }

    /// <summary>The workspace the package names, or the nearest that it lies in.</summary>
    private CargoManifest? Workspace(JsonTree package, IReadOnlyDictionary<string, CargoManifest> workspaces)
    {
        if (package["workspace"]?.Text is { Length: > 0 } named && Join(named) is { } told)
        {
            return workspaces.GetValueOrDefault(told);
        }

        for (var folder = Folder; ; folder = folder[..(folder.LastIndexOf('/', folder.Length - 2) + 1)])
        {
            if (workspaces.TryGetValue(folder, out var workspace))
            {
                return workspace;
            }

            if (folder.Length == 0)
            {
                return null;
            }
        }
    }

    private Dependency Read(JsonMember member, DependencyScope scope, CargoManifest? workspace) =>
        member.Value["workspace"]?.Text == "true" && workspace?.root["workspace"]?["dependencies"]?[member.Name] is { } shared
            ? workspace.Read(member, shared, scope)
            : Read(member, member.Value, scope);

    private Dependency Read(JsonMember member, JsonTree says, DependencyScope scope)
    {
        var package = says["package"]?.Text is { Length: > 0 } named ? named : member.Name;
        return new Dependency(
            package,
            member.Line,
            scope,
            package == member.Name ? null : member.Name,
            IsLocal: says["path"]?.Text is { } place && !IsVendored(place)
        );
    }

    /// <summary>A copy of others' code is theirs, although it lies here.</summary>
    private bool IsVendored(string place) => Join(place) is { } folder && FileContexts.Of(folder + "Cargo.toml") == FileContext.Vendored;

    /// <summary>A folder of the repository, with a slash at its end or nothing; null where the place lies outside.</summary>
    private string? Join(string place)
    {
        var parts = new List<string>(Folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in place.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Concat(parts.Select(p => p + "/"));
    }
}
