using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revisions_AreListedComparedAndTakenBack()
    {
        await WriteAsync("one", "// as agreed");
        (await RunAsync("history")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(2), r => r.Error.ShouldContain("no history"));
        using var serving = (await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json")).Process;
        try
        {
            await WriteAsync("two");
            await UntilAsync(2);
            (await RunAsync("diff")).ShouldBe((0, "", ""));

            await WriteAsync("two", "// a note");
            await UntilAsync(3);
            (await RunAsync("rollback", "1")).ShouldSatisfyAllConditions(
                r => r.Code.ShouldBe(1),
                r => r.Output.ShouldContain("+ /routes/one"),
                r => r.Output.ShouldContain("--yes does it")
            );
            (await RunAsync("rollback", "1", "--because", "two was wrong", "--yes")).ShouldSatisfyAllConditions(
                r => r.Code.ShouldBe(0),
                r => r.Output.ShouldContain("revision 4 is in force")
            );

            (await File.ReadAllTextAsync(_directory.File("sluice.json"), Ended)).ShouldContain("// as agreed");
            var history = JsonDocument.Parse((await RunAsync("history", "--json")).Output).RootElement.EnumerateArray().ToList();
            history.Select(r => r.GetProperty("revision").GetInt64()).ShouldBe([4, 3, 2, 1]);
            history.Select(r => r.GetProperty("inForce").GetBoolean()).ShouldBe([true, false, false, false]);
            (history[0].GetProperty("who").GetString(), history[0].GetProperty("because").GetString()).ShouldBe(
                (Environment.UserName, "two was wrong")
            );
            history[1].GetProperty("changes").GetArrayLength().ShouldBe(0);
            (await RunAsync("show", "2")).Output.ShouldContain("\"two\"");
            (await RunAsync("diff", "2", "4")).Output.ShouldContain("- /routes/two");
            (await RunAsync("show", "1", "--files")).Output.ShouldContain("// as agreed");
            (await RunAsync("history")).Output.ShouldStartWith("4 (in force)  ");
            (await RunAsync("show", "9")).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(2), r => r.Error.ShouldContain("no revision 9"));
        }
        finally
        {
            serving.Kill();
        }
    }

    [Fact]
    public async Task Rollback_WithoutAGateway_IsTakenByTheNextStartAndKeepsWhatNoRevisionHas()
    {
        await WriteAsync("one");
        await ServeOnceAsync();
        await WriteAsync("two");
        (await RunAsync("diff")).ShouldBe(
            (
                1,
                "- /routes/one: {\"default\":true,\"targets\":[\"local/x\"]}\n+ /routes/two: {\"default\":true,\"targets\":[\"local/x\"]}\n",
                ""
            )
        );
        await ServeOnceAsync();
        await File.WriteAllTextAsync(_directory.File("sluice.json"), "{ never in force", Ended);

        var (code, output, error) = await RunAsync("rollback", "1", "--because", "it was better", "--yes");

        code.ShouldBe(0, error);
        output.ShouldContain("the next start takes it");
        var copy = Directory.GetFiles(_directory.Path, "sluice.json.replaced-*").Single();
        (await File.ReadAllTextAsync(copy, Ended)).ShouldBe("{ never in force");
        await ServeOnceAsync();
        var newest = JsonDocument.Parse((await RunAsync("history", "--json", "--limit", "1")).Output).RootElement[0];
        newest.GetProperty("revision").GetInt64().ShouldBe(3);
        newest.GetProperty("because").GetString().ShouldBe("it was better");
        (await RunAsync("rollback", "3", "--yes")).Output.ShouldContain("as they were in that revision");
    }

    [Fact]
    public async Task Rollback_ToWhatCannotBe_ChangesNothing()
    {
        await WriteAsync("one", "// the old key was sk-0123456789abcdefghij");
        await File.WriteAllTextAsync(_directory.File("key"), "x", Ended);
        await ServeOnceAsync();
        await WriteAsync("two", provider: "\"groq\": { \"apiKey\": \"file:key\" },");
        await ServeOnceAsync();
        await WriteAsync("three");
        await ServeOnceAsync();
        File.Delete(_directory.File("key"));
        var before = await File.ReadAllTextAsync(_directory.File("sluice.json"), Ended);

        (await RunAsync("rollback", "1", "--yes")).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("something like a secret")
        );
        (await RunAsync("rollback", "2", "--yes")).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("providers.groq.apiKey: the file key cannot be read")
        );
        (await RunAsync("rollback", "7", "--yes")).Code.ShouldBe(2);
        (await File.ReadAllTextAsync(_directory.File("sluice.json"), Ended)).ShouldBe(before);
        (await RunAsync("show", "1", "--files")).Output.ShouldContain("// the old key was ***");

        File.Delete(_directory.File("sluice.json"));
        (await RunAsync("rollback", "3", "--yes")).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("no longer there")
        );
    }

    public void Dispose() => _directory.Dispose();

    private Task WriteAsync(string route, string comment = "", string provider = "") =>
        File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            $$"""
            {
              {{comment}}
              "providers": { {{provider}} "local": { "preset": "ollama", "local": true } },
              "routes": { "{{route}}": { "default": true, "targets": ["local/x"] } }
            }
            """,
            Ended
        );

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_directory.Path, ["config", .. arguments]);

    private async Task ServeOnceAsync()
    {
        using var serving = (await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json")).Process;
        serving.Kill();
        await serving.WaitForExitAsync(Ended);
    }

    private async Task UntilAsync(long revision)
    {
        while (!(await RunAsync("history", "--limit", "1")).Output.StartsWith($"{revision} ", StringComparison.Ordinal))
        {
            Ended.ThrowIfCancellationRequested();
        }
    }
}
