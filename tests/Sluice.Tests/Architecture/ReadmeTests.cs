using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sluice.Configuration;
using Sluice.Testing;

namespace Sluice.Tests.Architecture;

public sealed partial class ReadmeTests
{
    private const string ImplicitUsings = "global using System; global using System.Linq; global using System.Threading.Tasks;";

    [Fact]
    public void Readme_CSharpBlocks_Compile()
    {
        var blocks = Blocks()
            .Matches(File.ReadAllText(Repository.PathOf("README.md")))
            .Where(m => m.Groups["language"].Value == "csharp")
            .ToList();

        blocks.ShouldNotBeEmpty();
        foreach (var block in blocks)
        {
            Errors(block.Groups["text"].Value).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Readme_Configuration_Loads()
    {
        var block = Blocks().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Single(m => m.Groups["language"].Value == "json");

        var snapshot = new ConfigurationCompiler(_ => "a-key").CompileText(block.Groups["text"].Value, ".", 1);

        snapshot.Routes.Keys.ShouldBe(["claude", "fast"], ignoreOrder: true);
    }

    [Fact]
    public void Readme_IsShort() => File.ReadLines(Repository.PathOf("README.md")).Count().ShouldBeLessThanOrEqualTo(150);

    private static IEnumerable<string> Errors(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "readme",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(code)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)
        );
        return compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString());
    }

    [GeneratedRegex("^```(?<language>\\w+)\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
