using System.Collections;
using Microsoft.Build.Framework;
using Sluice.Testing;

namespace Sluice.Build.Tests;

public sealed class CheckPackagesTests : IDisposable
{
    private const string Assets = """
        { "version": 3, "targets": { "net10.0": {
            "OpenAI/2.15.0": { "type": "package" },
            "Agent.Kit/1.0.0": { "type": "package", "dependencies": { "OpenAI": "2.15.0" } },
            "Microsoft.OpenApi/2.0.0": { "type": "package" } } },
          "libraries": {},
          "projectFileDependencyGroups": { "net10.0": [DIRECT] } }
        """;

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Package_AskedFor_FailsTheBuildAtItsLine()
    {
        var (passed, told) = Check("\"OpenAI >= 2.15.0\"");
        passed.ShouldBeFalse();
        told.ShouldHaveSingleItem()
            .ShouldStartWith(
                "error SLUICE010 Shop.csproj:3: OpenAI 2.15.0 is not allowed here (openai): Shop → OpenAI 2.15.0; ask for a route"
            );
    }

    [Fact]
    public void Package_BroughtInByAnother_NamesTheChain()
    {
        var (passed, told) = Check("\"Agent.Kit >= 1.0.0\", \"Microsoft.OpenApi >= 2.0.0\"");
        passed.ShouldBeFalse();
        told.ShouldHaveSingleItem().ShouldContain("(openai): Shop → Agent.Kit 1.0.0 → OpenAI 2.15.0; ");
    }

    [Theory]
    [InlineData("""{ "allow": [{ "paths": ["Shop.csproj"], "because": "the layer" }] }""", true, 0)]
    [InlineData("""{ "allow": [{ "paths": ["Other"], "because": "the layer" }] }""", false, 1)]
    [InlineData("""{ "without": ["openai"] }""", true, 0)]
    [InlineData("""{ "rules": { "api": { "reason": "r", "instead": "i", "nuget": { "packages": ["Microsoft.OpenApi"] } } } }""", false, 2)]
    [InlineData(
        """{ "without": ["openai"], "constraints": [{ "id": "c", "forbiddenDependencies": { "packages": ["OpenAI"] } }] }""",
        true,
        0
    )]
    [InlineData(
        """{ "without": ["openai"], "constraints": [{ "id": "c", "forbiddenDependencies": { "packages": ["OpenAI"], "transitive": true } }] }""",
        false,
        1
    )]
    [InlineData("""{ "alow": [] }""", false, 1)]
    public void BoundaryFile_SaysWhatHolds(string boundary, bool expected, int count)
    {
        var (passed, told) = Check("\"Agent.Kit >= 1.0.0\", \"Microsoft.OpenApi >= 2.0.0\"", boundary);
        passed.ShouldBe(expected, string.Join('\n', told));
        told.Count.ShouldBe(count);
    }

    [Theory]
    [InlineData("test", "", null, "warning")]
    [InlineData("test", "", """{ "contexts": { "test": "hard" } }""", "error")]
    [InlineData("", "warning", null, "warning")]
    [InlineData("", "loud", null, "error")]
    public void Context_AndSeverity_SayHowMuchItWeighs(string context, string severity, string? boundary, string level)
    {
        var (passed, told) = Check("\"OpenAI >= 2.15.0\"", boundary, context, severity);
        told.ShouldHaveSingleItem().ShouldStartWith(level);
        passed.ShouldBe(level == "warning");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void Assets_Broken_AreAnErrorThatSaysWhatToDo(string text)
    {
        var (passed, told) = Check("", assets: text);
        passed.ShouldBeFalse();
        told.ShouldHaveSingleItem().ShouldContain("restore again");
    }

    /// <summary>What the restore of Sluice itself resolved, for each project that ships.</summary>
    [Fact]
    public void Sluice_DependsOnNoProvidersPackage()
    {
        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).ToList();
        projects.Count.ShouldBeGreaterThan(5);
        foreach (var project in projects)
        {
            var engine = new Engine();
            new CheckPackages
            {
                BuildEngine = engine,
                AssetsFile = Repository.PathOf($"artifacts/obj/{Path.GetFileNameWithoutExtension(project)}/project.assets.json"),
                ProjectFile = project,
                BoundaryFile = Repository.PathOf("sluice.boundary.json"),
            }
                .Execute()
                .ShouldBeTrue(string.Join('\n', engine.Told));
        }
    }

    private (bool Passed, List<string> Told) Check(
        string direct,
        string? boundary = null,
        string context = "",
        string severity = "",
        string? assets = null
    )
    {
        File.WriteAllText(
            directory.File("Shop.csproj"),
            "<Project>\n  <ItemGroup>\n    <PackageReference Include=\"OpenAI\" />\n  </ItemGroup>\n</Project>\n"
        );
        File.WriteAllText(directory.File("project.assets.json"), assets ?? Assets.Replace("DIRECT", direct, StringComparison.Ordinal));
        if (boundary is not null)
        {
            File.WriteAllText(directory.File("sluice.boundary.json"), boundary);
        }

        var engine = new Engine();
        var passed = new CheckPackages
        {
            BuildEngine = engine,
            AssetsFile = directory.File("project.assets.json"),
            ProjectFile = directory.File("Shop.csproj"),
            TargetFramework = "net10.0",
            BoundaryFile = boundary is null ? "" : directory.File("sluice.boundary.json"),
            Context = context,
            Severity = severity,
        }.Execute();
        return (passed, engine.Told);
    }

    private sealed class Engine : IBuildEngine
    {
        public List<string> Told { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "";

        public bool BuildProjectFile(
            string projectFileName,
            string[] targetNames,
            IDictionary globalProperties,
            IDictionary targetOutputs
        ) => false;

        public void LogCustomEvent(CustomBuildEventArgs e) { }

        public void LogErrorEvent(BuildErrorEventArgs e) =>
            Told.Add($"error {e.Code} {Path.GetFileName(e.File)}:{e.LineNumber}: {e.Message}");

        public void LogMessageEvent(BuildMessageEventArgs e) { }

        public void LogWarningEvent(BuildWarningEventArgs e) =>
            Told.Add($"warning {e.Code} {Path.GetFileName(e.File)}:{e.LineNumber}: {e.Message}");
    }
}
