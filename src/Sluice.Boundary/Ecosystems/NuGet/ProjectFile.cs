using System.Xml;
using System.Xml.Linq;

namespace Sluice.Boundary.Ecosystems.NuGet;

/// <summary>A package, assembly or project that an MSBuild file asks for.</summary>
/// <param name="Kind">The item's name: PackageReference, GlobalPackageReference, ProjectReference, Reference.</param>
/// <param name="Scope">What the item itself says of it.</param>
internal readonly record struct ProjectItem(string Kind, string Name, string File, int Line, DependencyScope Scope, bool IsRemoved);

/// <summary>
/// One MSBuild file: a project, or what projects import. Conditions are not weighed: what holds for one configuration is there. A version may stand anywhere, as
/// it decides nothing here; <c>PackageVersion</c> and <c>Update</c> ask for nothing by themselves.
/// </summary>
internal sealed class ProjectFile
{
    private static readonly HashSet<string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "PackageReference",
        "GlobalPackageReference",
        "ProjectReference",
        "Reference",
    };

    private ProjectFile(string path, XElement root)
    {
        Path = path;
        foreach (var element in root.Descendants())
        {
            var name = element.Name.LocalName;
            if (Kinds.Contains(name))
            {
                Items.AddRange(Read(path, element));
            }
            else if (name == "IsTestProject")
            {
                IsTest = string.Equals(element.Value.Trim(), "true", StringComparison.OrdinalIgnoreCase);
            }
            else if (name == "Import" && element.Attribute("Project")?.Value is { Length: > 0 } project)
            {
                Imports.Add(project);
            }
        }

        IsTest ??= root.Attribute("Sdk")?.Value.StartsWith("MSTest.Sdk", StringComparison.OrdinalIgnoreCase) == true ? true : null;
    }

    public string Path { get; }

    public List<ProjectItem> Items { get; } = [];

    public List<string> Imports { get; } = [];

    /// <summary>Null where the file does not say.</summary>
    public bool? IsTest { get; }

    /// <exception cref="XmlException">It is not XML.</exception>
    public static ProjectFile Parse(ManifestText file) => new(file.Path, Root(file.Text));

    /// <exception cref="XmlException">It is not XML.</exception>
    public static XElement Root(string text)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(WithoutDeclaration(text)), settings);
        return XDocument.Load(reader, LoadOptions.SetLineInfo).Root ?? throw new XmlException("an element was expected");
    }

    public static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;

    /// <summary>It may not stand behind space or a byte-order mark, but does; and it says nothing of a text that is read already.</summary>
    private static string WithoutDeclaration(string text)
    {
        var start = text.AsSpan().IndexOf("<?xml ");
        var end = start < 0 ? -1 : text.IndexOf("?>", start, StringComparison.Ordinal);
        return end < 0 || text.AsSpan(0, start).Trim(" \t\r\n\uFEFF").Length > 0
            ? text.TrimStart('\uFEFF')
            : new string('\n', text.AsSpan(0, end).Count('\n')) + text[(end + 2)..];
    }

    private static IEnumerable<ProjectItem> Read(string path, XElement element)
    {
        var kind = element.Name.LocalName;
        var names = Value(element, "Include") ?? Value(element, "Remove");
        var isRemoved = Value(element, "Include") is null;
        if (names is null || (isRemoved && element.AncestorsAndSelf().Any(e => e.Attribute("Condition") is not null)))
        {
            yield break;
        }

        // An assembly without a path comes from the framework or from packages.config, which is read by itself.
        if (kind == "Reference" && Value(element, "HintPath") is null)
        {
            yield break;
        }

        var scope = IsForBuildingOnly(element) ? DependencyScope.Development : DependencyScope.Runtime;
        foreach (var name in names.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var plain = kind == "Reference" && name.IndexOf(',', StringComparison.Ordinal) is > 0 and var end ? name[..end] : name;
            yield return new ProjectItem(kind, plain, path, LineOf(element), scope, isRemoved);
        }
    }

    /// <summary>Private, and not compiled against: source cannot name it.</summary>
    private static bool IsForBuildingOnly(XElement element) =>
        Value(element, "PrivateAssets")?.Contains("all", StringComparison.OrdinalIgnoreCase) == true
        && Value(element, "IncludeAssets") is { } included
        && !included.Contains("compile", StringComparison.OrdinalIgnoreCase)
        && !included.Contains("all", StringComparison.OrdinalIgnoreCase);

    private static string? Value(XElement element, string name) =>
        element.Attribute(name)?.Value ?? element.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
