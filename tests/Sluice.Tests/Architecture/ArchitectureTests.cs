using System.Text.RegularExpressions;
using Sluice.Testing;

namespace Sluice.Tests.Architecture;

public sealed partial class ArchitectureTests
{
    /// <summary>What each folder of src/Sluice may use. Files at the root and the library's face stand above all of them.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Money"] = [],
        ["Catalog"] = ["Money"],
        ["Calls"] = ["Catalog", "Money"],
        ["Routing"] = ["Calls", "Catalog", "Money"],
        ["Ledger"] = ["Calls", "Catalog", "Money"],
        ["Wires"] = ["Calls", "Catalog", "Money"],
        ["Telemetry"] = ["Calls", "Money"],
        ["Admission"] = ["Ledger", "Routing", "Calls", "Catalog", "Money"],
        ["Upstream"] = ["Wires", "Calls", "Catalog", "Money"],
        ["Content"] = ["Upstream", "Wires", "Ledger", "Calls", "Catalog", "Money"],
        ["Configuration"] = ["Content", "Routing", "Ledger", "Calls", "Catalog", "Money"],
        ["Attempts"] = ["Content", "Admission", "Upstream", "Routing", "Wires", "Ledger", "Telemetry", "Calls", "Catalog", "Money"],
    };

    [Fact]
    public void Folders_UseOnlyWhatTheTableAllows()
    {
        var wrong = new List<string>();
        foreach (var (file, folder) in Sources().Where(s => s.Folder is not ("" or "Client")))
        {
            if (!Allowed.TryGetValue(folder, out var allowed))
            {
                wrong.Add($"{folder} is not in the table");
                continue;
            }

            foreach (Match use in Uses().Matches(File.ReadAllText(file)))
            {
                var used = use.Groups["folder"].Value;
                if (used != folder && !allowed.Contains(used))
                {
                    wrong.Add($"{Path.GetFileName(file)} in {folder} uses {used}");
                }
            }
        }

        wrong.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Table_HasNoCircle()
    {
        bool Reaches(string from, string to) => Allowed[from].Contains(to) || Allowed[from].Any(next => Reaches(next, to));
        Allowed.Keys.Where(folder => Reaches(folder, folder)).ShouldBeEmpty();
    }

    [Fact]
    public void Files_StaySmall()
    {
        var sizes = Directory
            .EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => (File: Path.GetFileName(f), Lines: File.ReadLines(f).Count()))
            .OrderBy(f => f.Lines)
            .ToList();

        sizes.Where(f => f.Lines > 400).ShouldBeEmpty();
        sizes[sizes.Count / 2].Lines.ShouldBeLessThan(100);
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Repository.PathOf("Sluice.slnx"));
        var projects = new[] { "src", "tests", "bench" }
            .Select(Repository.PathOf)
            .Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateFiles(d, "*.csproj", SearchOption.AllDirectories))
            // Repositories that tests check, not projects of ours.
            .Where(p => !p.Contains("/Workspaces/", StringComparison.Ordinal))
            .Select(p => Path.GetRelativePath(Repository.Root, p));

        projects.Where(p => !solution.Contains(p, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Sources_HoldNoUnfinishedWords() =>
        Sources().Where(s => Unfinished().IsMatch(File.ReadAllText(s.File))).Select(s => s.File).ShouldBeEmpty();

    private static IEnumerable<(string File, string Folder)> Sources()
    {
        var root = Repository.PathOf("src/Sluice");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, file);
            yield return (file, relative.Contains(Path.DirectorySeparatorChar) ? relative.Split(Path.DirectorySeparatorChar)[0] : "");
        }
    }

    [GeneratedRegex(@"using Sluice\.(?<folder>\w+)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
