using Sluice.Boundary.Files;
using Sluice.Testing;

namespace Sluice.Boundary.Tests;

/// <summary>
/// Each folder of <c>Workspaces</c> is a repository with an <c>expected.txt</c>: a line for every finding, <c>file:line kind rule what context severity</c>.
/// </summary>
public sealed class WorkspaceTests
{
    private static readonly string Folder = Repository.PathOf("tests/Sluice.Boundary.Tests/Workspaces");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Workspace_IsChecked_FindsWhatIsExpectedLineByLine(string name)
    {
        var root = Path.Combine(Folder, name);
        var expected = Path.Combine(root, "expected.txt");
        var report = BoundaryCheck.Run(root, ShippedRules.Read(), TestContext.Current.CancellationToken);
        var found = string.Concat(
            report.Findings.Select(f => Line(f) + "\n").Concat(report.Problems.Select(p => $"{p.File}:{p.Line} not checked: {p.Reason}\n"))
        );
        if (Environment.GetEnvironmentVariable("SLUICE_ACCEPT") == "1")
        {
            File.WriteAllText(expected, found);
        }

        found.ShouldBe(File.ReadAllText(expected));
        report.Findings.Any().ShouldBe(!name.EndsWith("-clean", StringComparison.Ordinal));
    }

    private static string Line(Finding f)
    {
        var chain = f.Chain.Count > 0 ? $" ({string.Join(" > ", f.Chain)})" : "";
        return $"{f.File}:{f.Line} {f.Kind} {f.Rule} {f.What}{chain} {FileContexts.Name(f.Context)} {f.Severity.ToString().ToLowerInvariant()}";
    }
}
