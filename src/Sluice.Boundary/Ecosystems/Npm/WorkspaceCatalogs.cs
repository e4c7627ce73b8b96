using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.Npm;

/// <summary>
/// The versions that pnpm-workspace.yaml keeps for all members: a manifest asks for <c>catalog:</c> or <c>catalog:name</c> and gets what stands there,
/// which may be another package.
/// </summary>
internal sealed class WorkspaceCatalogs
{
    public const string FileName = "pnpm-workspace.yaml";

    private readonly Dictionary<(string Catalog, string Package), string> versions = [];

    /// <exception cref="JsonTextException">It is not YAML.</exception>
    public void Read(ManifestText file)
    {
        var root = YamlTree.Parse(file.Text);
        Add("default", root?["catalog"]);
        foreach (var catalog in root?["catalogs"]?.Members ?? [])
        {
            Add(catalog.Name, catalog.Value);
        }
    }

    /// <summary>What a manifest's version stands for.</summary>
    public string Version(string package, string version)
    {
        if (!version.StartsWith("catalog:", StringComparison.Ordinal))
        {
            return version;
        }

        var catalog = version[8..].Trim();
        return versions.GetValueOrDefault((catalog.Length == 0 ? "default" : catalog, package), version);
    }

    private void Add(string catalog, JsonTree? members)
    {
        foreach (var member in members?.Members ?? [])
        {
            versions[(catalog, member.Name)] = member.Value.Text;
        }
    }
}
