using System.Xml;
using Sluice.Boundary.Files;
using Sluice.Boundary.Text;

namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>MSBuild projects with what they import, packages.config, and packages.lock.json.</summary>
internal sealed class NuGetEcosystem : IEcosystem
{
    private static readonly string[] Projects = [".csproj", ".fsproj", ".vbproj"];
    private static readonly string[] Parts = [".props", ".targets"];

    public string Name => Rules.Ecosystem.NuGet;

    /// <summary>A project of the repository is asked for by its path; a package of the same name is the registry's.</summary>
    public bool UnitsAnswerToTheirNames => false;

    public bool IsManifest(string path) => IsProject(path) || EndsWith(path, Parts) || IsConfig(path);

    public bool IsLockFile(string path) => ProjectPaths.Name(path) == "packages.lock.json";

    public IReadOnlyList<Unit> ReadManifests(IReadOnlyList<ManifestText> manifests, ICollection<Problem> problems)
    {
        var files = new Dictionary<string, ProjectFile>(StringComparer.Ordinal);
        var configs = new List<(string Path, IReadOnlyList<Dependency> Dependencies)>();
        foreach (var manifest in manifests)
        {
            try
            {
                if (IsConfig(manifest.Path))
                {
                    configs.Add((manifest.Path, Config(manifest)));
                }
                else if (IsProject(manifest.Path) || manifest.Text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("<"))
                {
                    files[manifest.Path] = ProjectFile.Parse(manifest);
                }
            }
            catch (XmlException exception)
            {
                problems.Add(
                    new Problem(
                        manifest.Path,
                        Math.Max(1, exception.LineNumber),
                        $"not a manifest that can be read: {exception.Message}",
                        Fatal: true
                    )
                );
            }
        }

        var tree = new ProjectTree(files);
        var units = files.Values.Where(f => IsProject(f.Path)).Select(tree.Unit).ToList();
        units.AddRange(tree.Unused());
        foreach (var (path, dependencies) in configs)
        {
            var folder = ProjectPaths.Folder(path);
            var unit = units.Find(u => u.Folder == folder);
            if (unit is null)
            {
                units.Add(unit = new Unit(folder.Length > 0 ? ProjectPaths.Name(folder.TrimEnd('/')) : "packages", Name, path));
            }

            unit.Dependencies.AddRange(dependencies);
        }

        return units;
    }

    public LockFile? ReadLockFile(ManifestText file, IReadOnlyList<Unit> units, ICollection<Problem> problems)
    {
        try
        {
            var folder = ProjectPaths.Folder(file.Path);
            return NuGetLock.Read(file, units.FirstOrDefault(u => u.Folder == folder)?.Name ?? folder.TrimEnd('/'));
        }
        catch (JsonTextException exception)
        {
            problems.Add(new Problem(file.Path, exception.Line, $"not a lock file that can be read: {exception.Message}", Fatal: true));
            return null;
        }
    }

    /// <summary>Source declares its namespaces itself.</summary>
    public IReadOnlySet<string> OwnModules(IReadOnlyList<RepositoryFile> files) => new HashSet<string>();

    private static List<Dependency> Config(ManifestText file) =>
        [
            .. ProjectFile
                .Root(file.Text)
                .Elements()
                .Where(e => e.Name.LocalName == "package" && e.Attribute("id") is not null)
                .Select(e => new Dependency(
                    e.Attribute("id")!.Value,
                    ProjectFile.LineOf(e),
                    e.Attribute("developmentDependency")?.Value == "true" ? DependencyScope.Development : DependencyScope.Runtime,
                    File: file.Path
                )),
        ];

    private static bool IsProject(string path) => EndsWith(path, Projects);

    private static bool IsConfig(string path) =>
        string.Equals(ProjectPaths.Name(path), "packages.config", StringComparison.OrdinalIgnoreCase);

    private static bool EndsWith(string path, string[] endings) =>
        Array.Exists(endings, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
