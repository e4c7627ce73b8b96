using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What commands say of a gateway that runs, and of one that does not any more.</summary>
public sealed class RunningGatewayTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task TargetThatFails_IsToldByExplainAndTargets_AlsoAfterTheGatewayEnded()
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            """
            {
              "providers": { "down": { "preset": "ollama", "baseUrl": "http://127.0.0.1:1", "local": true } },
              "routes": { "r": { "targets": ["down/llama"], "retry": { "attempts": 1, "backoff": "1ms" } } }
            }
            """,
            TestContext.Current.CancellationToken
        );
        (await RunAsync("explain", "r")).Output.ShouldNotContain("degraded");

        var (process, address) = await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json", "--data", "d");
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            using var ask = new StringContent("""{"model":"r","messages":[{"role":"user","content":"hello"}]}""");
            using var answer = await http.PostAsync("/v1/chat/completions", ask, TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBe(503);

            var explained = await RunAsync("explain", "r");
            explained.Output.ShouldContain("degraded after 2 failures", customMessage: explained.Error);
            (await RunAsync("explain", "nobody")).Error.ShouldContain("route 'nobody' not found");
            Degraded(await RunAsync("targets", "--json"));
            await CliProcess.TerminateAsync(process);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Degraded(await RunAsync("targets", "--json"));
    }

    private static void Degraded((int Code, string Output, string Error) listed)
    {
        listed.Code.ShouldBe(0, listed.Error);
        var target = JsonDocument.Parse(listed.Output).RootElement.EnumerateArray().Single();
        target.GetProperty("provider").GetString().ShouldBe("down");
        target.GetProperty("state").GetString().ShouldBe("degraded");
        target.GetProperty("share").GetDecimal().ShouldBe(0.7m);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_directory.Path, [.. arguments, "--config", "sluice.json", "--data", "d"]);

    public void Dispose() => _directory.Dispose();
}
