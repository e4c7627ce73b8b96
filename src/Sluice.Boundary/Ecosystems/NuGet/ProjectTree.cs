namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>Which of a repository's MSBuild files say something of which project.</summary>
internal sealed class ProjectTree(IReadOnlyDictionary<string, ProjectFile> files)
{
    private static readonly string[] Found = ["Directory.Build.props", "Directory.Packages.props", "Directory.Build.targets"];
    private static readonly string[] TestPackages =
    [
        "Microsoft.NET.Test.Sdk",
        "xunit",
        "xunit.v3",
        "NUnit",
        "MSTest",
        "MSTest.TestFramework",
        "TUnit",
    ];

    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    public Unit Unit(ProjectFile project)
    {
        var parts = new List<ProjectFile>();
        foreach (var name in Found)
        {
            if (Nearest(ProjectPaths.Folder(project.Path), name) is { } found)
            {
                Add(found, parts);
            }
        }

        Add(project, parts);
        var items = parts.SelectMany(p => p.Items).ToList();
        var isTest =
            parts.Select(p => p.IsTest).LastOrDefault(t => t is not null)
            ?? items.Exists(i => i.Kind == "PackageReference" && TestPackages.Contains(i.Name, StringComparer.OrdinalIgnoreCase));
        return Unit(project, items, isTest);
    }

    /// <summary>Files that ask for packages, of which it cannot be seen who imports them.</summary>
    public IEnumerable<Unit> Unused() =>
        files
            .Values.Where(f => !used.Contains(f.Path) && f.Items.Exists(i => i is { Kind: "PackageReference", IsRemoved: false }))
            .Select(f => Unit(f, f.Items, isTest: f.IsTest == true));

    private static Unit Unit(ProjectFile file, IEnumerable<ProjectItem> items, bool isTest)
    {
        var unit = new Unit(System.IO.Path.GetFileNameWithoutExtension(file.Path), Rules.Ecosystem.NuGet, file.Path) { IsTest = isTest };
        foreach (var item in items)
        {
            var name =
                item.Kind == "ProjectReference" ? System.IO.Path.GetFileNameWithoutExtension(item.Name.Replace('\\', '/')) : item.Name;
            if (item.IsRemoved)
            {
                unit.Dependencies.RemoveAll(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));
                continue;
            }

            unit.Dependencies.Add(
                new Dependency(
                    name,
                    item.Line,
                    isTest ? DependencyScope.Development : item.Scope,
                    IsLocal: item.Kind == "ProjectReference",
                    File: item.File == file.Path ? null : item.File
                )
            );
        }

        return unit;
    }

    /// <summary>The file with what it imports, those first.</summary>
    private void Add(ProjectFile file, List<ProjectFile> parts)
    {
        if (parts.Contains(file) || parts.Count > files.Count)
        {
            return;
        }

        used.Add(file.Path);
        var folder = ProjectPaths.Folder(file.Path);
        parts.Add(file);
        foreach (var import in file.Imports)
        {
            var isAbove = import.Contains("GetPathOfFileAbove", StringComparison.OrdinalIgnoreCase);
            var imported =
                isAbove ? Nearest(ProjectPaths.Folder(folder.TrimEnd('/')), ProjectPaths.Name(file.Path))
                : ProjectPaths.Join(folder, import) is { } path ? files.GetValueOrDefault(path)
                : null;
            if (imported is not null)
            {
                Add(imported, parts);
            }
        }
    }

    private ProjectFile? Nearest(string folder, string name)
    {
        for (; ; folder = ProjectPaths.Folder(folder.TrimEnd('/')))
        {
            if (files.TryGetValue(folder + name, out var file))
            {
                return file;
            }

            if (folder.Length == 0)
            {
                return null;
            }
        }
    }
}
