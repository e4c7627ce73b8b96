using System.Text.RegularExpressions;
using Sluice.Testing;

namespace Sluice.Analyzers.Tests;

/// <summary>Each rule has a page, and what the page flags and suggests is so.</summary>
public sealed partial class RulePageTests
{
    private static readonly string Folder = Repository.PathOf("docs/rules");

    public static TheoryData<string> Ids => [.. new BoundaryAnalyzer().SupportedDiagnostics.Select(d => d.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Page_ShowsWhatIsFlaggedAndWhatIsNot(string id)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Folder, id + ".md"), TestContext.Current.CancellationToken);
        var blocks = Blocks().Matches(page).Select(m => (Language: m.Groups["language"].Value, Body: m.Groups["body"].Value)).ToList();
        blocks.Count.ShouldBe(2);
        page.ShouldStartWith($"# {id}: ");
        foreach (var part in new[] { "**Flagged**", "**Suggested**", "**Why.**", "**What changes.**", "**Deliberately not flagged.**" })
        {
            page.ShouldContain(part);
        }

        (await FoundAsync(blocks[0])).ShouldContain(id);
        (await FoundAsync(blocks[1])).ShouldNotContain(id);
    }

    private static async Task<IEnumerable<string>> FoundAsync((string Language, string Body) block)
    {
        var found =
            block.Language == "json"
                ? await Analysis.OfAsync("class A;", boundary: block.Body)
                : await Analysis.OfAsync(Compilable(block.Body));
        return found.Select(f => f.Split(' ')[1]);
    }

    /// <summary>Statements in a method, types as they are.</summary>
    private static string Compilable(string body) =>
        body.Contains("class ", StringComparison.Ordinal)
            ? """
                using Microsoft.Extensions.AI;
                [AttributeUsage(AttributeTargets.Parameter)] sealed class FromKeyedServicesAttribute(string key) : Attribute { public string Key => key; }

                """ + body
            : "class A { public async Task Now() { " + body + " await Task.Yield(); } }";

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
