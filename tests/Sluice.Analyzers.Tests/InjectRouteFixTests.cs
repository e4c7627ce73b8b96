using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Sluice.Analyzers.Tests;

public sealed class InjectRouteFixTests
{
    /// <summary>What a provider's bridge to the abstractions declares.</summary>
    private const string Bridge = """
        namespace Bridge
        {
            public static class Extensions
            {
                public static Microsoft.Extensions.AI.IChatClient AsIChatClient(this OpenAI.Chat.ChatClient client) => throw new System.Exception(client.ToString());
            }
        }
        """;

    [Theory]
    [InlineData(
        "public sealed class Ask\n{\n    private readonly IChatClient _client = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient();\n}\n",
        "public sealed class Ask([FromKeyedServices(\"default\")] IChatClient client)\n{\n    private readonly IChatClient _client = client;\n}\n"
    )]
    [InlineData(
        "public sealed class Ask(int n)\n{\n    private IChatClient Model { get; } = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient();\n    public int N => n;\n}\n",
        "public sealed class Ask(int n, [FromKeyedServices(\"default\")] IChatClient model)\n{\n    private IChatClient Model { get; } = model;\n    public int N => n;\n}\n"
    )]
    public async Task ClientOfAClass_IsInjected_AndCompiles(string before, string after)
    {
        var (fixedText, offered) = await FixAsync(before);
        offered.ShouldBe(1);
        fixedText.ShouldBe(after);
    }

    [Theory]
    [InlineData(
        "public static class Ask { private static readonly IChatClient _client = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient(); }"
    )]
    [InlineData(
        "public class Ask { public Ask() { } private readonly IChatClient _client = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient(); }"
    )]
    [InlineData(
        "public partial class Ask { private readonly IChatClient _client = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient(); }"
    )]
    [InlineData("public class Ask { private readonly OpenAIClient _client = new OpenAIClient(\"k\"); }")]
    [InlineData(
        "public class Ask { public object Make() { IChatClient c = new OpenAIClient(\"k\").GetChatClient(\"m\").AsIChatClient(); return c; } }"
    )]
    public async Task ClientElsewhere_IsLeftToItsAuthor(string source) => (await FixAsync(source)).Offered.ShouldBe(0);

    private static async Task<(string Text, int Offered)> FixAsync(string source)
    {
        const string usings =
            "using Bridge;\nusing Microsoft.Extensions.AI;\nusing Microsoft.Extensions.DependencyInjection;\nusing OpenAI;\n";
        using var workspace = new AdhocWorkspace();
        var project = workspace
            .AddProject("Shop", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .WithMetadataReferences(Analysis.References)
            .AddDocument("Bridge.cs", Bridge)
            .Project;
        var document = project.AddDocument("Ask.cs", usings + source);
        var compilation = (await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        Errors(compilation).ShouldBeEmpty();
        var found = await compilation
            .WithAnalyzers([new BoundaryAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        var actions = new List<CodeAction>();
        foreach (var diagnostic in found.Where(d => d.Id == "SLUICE001" && d.Location.SourceTree!.FilePath == "Ask.cs"))
        {
            await new InjectRouteFix().RegisterCodeFixesAsync(
                new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), TestContext.Current.CancellationToken)
            );
        }

        if (actions.Count == 0)
        {
            return (source, 0);
        }

        var operations = await actions[0].GetOperationsAsync(TestContext.Current.CancellationToken);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        Errors((await changed.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!).ShouldBeEmpty();
        var text = (await changed.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
        return (text[usings.Length..], actions.Count);
    }

    private static IEnumerable<string> Errors(Compilation compilation) =>
        compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());
}
