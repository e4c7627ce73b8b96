using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class CheckCommandTests : IDisposable
{
    private const string Call = "import OpenAI from \"openai\";\n";

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Check_OfACleanRepository_ExitsWithZero()
    {
        Write("src/a.ts", "export const a = 1;\n");
        var (code, output, _) = await CliProcess.RunAsync(directory.Path, "check");
        code.ShouldBe(ExitCode.Done);
        output.ShouldBe("0 violations, 0 told, 0 known, 0 allowed; 1 files, 0 units, 0 not checked\n");
    }

    [Fact]
    public async Task Check_OfSeveralRepositories_RollsThemUp()
    {
        Write("one/a.ts", Call);
        Write("two/b.ts", Call);
        var (code, output, _) = await CliProcess.RunAsync(directory.Path, "check", "one", "two", "--format", "json");
        code.ShouldBe(ExitCode.Failed);
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("file").GetString()).ShouldBe(["a.ts", "b.ts"]);
    }

    [Fact]
    public async Task Check_CannotBeWhole_ExitsWithTwo()
    {
        Write("package.json", "{");
        var (code, output, _) = await CliProcess.RunAsync(directory.Path, "check");
        code.ShouldBe(ExitCode.Refused);
        output.ShouldContain("not checked: package.json:1:");
    }

    [Theory]
    [InlineData("there is no such folder", "check", "nowhere")]
    [InlineData("no rule is called 'opnai'; did you mean openai?", "check", "--explain", "opnai")]
    [InlineData("there is no baseline to shrink; record one with --baseline", "check", "--update-baseline")]
    public async Task Check_AskedForWhatIsNotThere_SaysWhatWouldDo(string message, params string[] arguments)
    {
        var (code, _, error) = await CliProcess.RunAsync(directory.Path, arguments);
        code.ShouldBe(ExitCode.Refused);
        error.ShouldContain(message);
    }

    [Fact]
    public async Task Check_WithABadBoundaryFile_TellsEveryErrorAndExitsWithTwo()
    {
        Write("sluice.boundary.json", "{ \"alow\": [],\n \"without\": [\"nobody\"] }");
        var (code, _, error) = await CliProcess.RunAsync(directory.Path, "check");
        code.ShouldBe(ExitCode.Refused);
        error.ShouldContain("sluice.boundary.json:1: alow: 'alow' is not known here; use");
        error.ShouldContain("sluice.boundary.json:2: without: no rule is called 'nobody'");
    }

    [Fact]
    public async Task Output_IntoAFile_SaysTheTotalAlone()
    {
        Write("a.ts", Call);
        var (code, output, _) = await CliProcess.RunAsync(directory.Path, "check", "--format", "sarif", "--output", "out.sarif");
        code.ShouldBe(ExitCode.Failed);
        output.ShouldStartWith("1 violations, ");
        using var sarif = JsonDocument.Parse(
            await File.ReadAllTextAsync(directory.File("out.sarif"), TestContext.Current.CancellationToken)
        );
        sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Baseline_Ignored_FindsEverything()
    {
        Write("a.ts", Call);
        (await CliProcess.RunAsync(directory.Path, "check", "--baseline")).Code.ShouldBe(ExitCode.Done);
        (await CliProcess.RunAsync(directory.Path, "check")).Code.ShouldBe(ExitCode.Done);
        (await CliProcess.RunAsync(directory.Path, "check", "--no-baseline")).Code.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task Explain_OfARule_SaysWhyWhatInsteadAndHowToAllow()
    {
        var (code, output, _) = await CliProcess.RunAsync(directory.Path, "check", "--explain", "groq");
        code.ShouldBe(ExitCode.Done);
        output.ShouldContain("why      a call of Groq");
        output.ShouldContain("hosts: api.groq.com");
        output.ShouldContain("npm packages: groq-sdk");
        output.ShouldContain("\"rules\": [\"groq\"]");
    }

    [Fact]
    public async Task Schema_IsWritten_AndRulesAreListed()
    {
        (await CliProcess.RunAsync(directory.Path, "check", "--schema")).Code.ShouldBe(ExitCode.Done);
        JsonDocument
            .Parse(await File.ReadAllTextAsync(directory.File("sluice.boundary.schema.json"), TestContext.Current.CancellationToken))
            .Dispose();
        (await CliProcess.RunAsync(directory.Path, "check", "--rules")).Output.ShouldContain("cloudflare ");
    }

    private void Write(string path, string text)
    {
        var full = directory.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
