using System.Text.Json;
using Sluice.Simulator;
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

    /// <summary>Killed without a word to say, a gateway still knows who is down and who is out of quota when it starts again.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Killed_AndStartedAgain_KnowsBreakersAndExhaustion()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            $$"""
            {
              "providers": {
                "spent": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" },
                "down": { "preset": "ollama", "baseUrl": "http://127.0.0.1:1", "local": true }
              },
              "routes": { "r": {
                "targets": [
                  { "provider": "spent", "model": "sim-quota", "unlisted": true, "price": { "input": "1", "output": "2" } },
                  "down/llama"
                ],
                "retry": { "attempts": 1, "backoff": "1ms" }
              } },
              "breaker": { "coolDown": "1h", "probeAfter": "1h" }
            }
            """,
            TestContext.Current.CancellationToken
        );
        var (first, address) = await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json", "--data", "d");
        string before;
        using (first)
        {
            for (var i = 0; i < 6; i++)
            {
                (await AskAsync(address, i)).ShouldBe(503);
            }

            before = Known(await RunAsync("targets", "--json"));
            // It is written within a second; asking again takes most of one.
            while (
                !(await File.ReadAllTextAsync(_directory.File("d/health.json"), Ended)).Contains("\"level\": 5", StringComparison.Ordinal)
            )
            {
                (await RunAsync("targets")).Output.ShouldContain("open after 5 failures");
            }

            first.Kill();
            await first.WaitForExitAsync(Ended);
        }

        var asked = simulator.Provider.Requests.Count;
        var (second, again) = await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json", "--data", "d");
        using (second)
        {
            Known(await RunAsync("targets", "--json")).ShouldBe(before);
            before.ShouldContain("spent/sim-quota: closed Exhausted");
            before.ShouldContain("down/llama: open");
            (await AskAsync(again, 7)).ShouldBe(503);
            simulator.Provider.Requests.Count.ShouldBe(asked, "it is known to be out of quota");
            second.Kill();
            await second.WaitForExitAsync(Ended);
        }
    }

    [Fact]
    public async Task Request_IsExplainedByTheGatewayThatRuns_AsItStands()
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            """
            {
              "providers": { "local": { "preset": "ollama", "baseUrl": "http://127.0.0.1:1", "local": true } },
              "routes": { "r": { "default": true, "targets": ["local/a"] }, "s": { "targets": ["local/b"] } },
              "policy": [{ "when": { "tenant": "x" }, "use": "s", "because": "x has its own" }]
            }
            """,
            Ended
        );
        await File.WriteAllTextAsync(_directory.File("ask.json"), """{"model":"r","messages":[{"role":"user","content":"hi"}]}""", Ended);
        var (process, _) = await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json", "--data", "d");
        using (process)
        {
            // What the gateway has in force counts, and not what the command would read.
            var other = _directory.File("other.json");
            File.Copy(_directory.File("sluice.json"), other);
            await File.WriteAllTextAsync(
                other,
                (await File.ReadAllTextAsync(other, Ended)).Replace("local/b", "local/c", StringComparison.Ordinal),
                Ended
            );
            string[] say = ["explain", "--request", "ask.json", "--tenant", "x", "--json", "--data", "d"];
            var told = await CliProcess.RunAsync(_directory.Path, [.. say, "--config", "other.json"]);
            told.Output.ShouldContain("local/b", customMessage: told.Error);
            told.Output.ShouldContain("x has its own");

            var listed = await RunAsync("targets");
            listed
                .Output.Split('\n')
                .ShouldContain(line => line.StartsWith("local/a ", StringComparison.Ordinal) && line.Contains("closed"));
            process.Kill();
            await process.WaitForExitAsync(Ended);
            (await CliProcess.RunAsync(_directory.Path, [.. say, "--config", "other.json"])).Output.ShouldContain("local/c");
        }
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private static async Task<int> AskAsync(Uri address, int number)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var ask = new StringContent($$"""{"model":"r","messages":[{"role":"user","content":"question {{number}}"}]}""");
        using var answer = await http.PostAsync("/v1/chat/completions", ask, Ended);
        return (int)answer.StatusCode;
    }

    /// <summary>What is known of each target, and until when, in a line each.</summary>
    private static string Known((int Code, string Output, string Error) targets)
    {
        targets.Code.ShouldBe(0, targets.Error);
        return string.Join(
            '\n',
            JsonDocument
                .Parse(targets.Output)
                .RootElement.EnumerateArray()
                .Select(t =>
                    $"{t.GetProperty("provider")}/{t.GetProperty("model")}: {t.GetProperty("state")} "
                    + (
                        t.GetProperty("fact") is { ValueKind: JsonValueKind.Object } fact
                            ? $"{fact.GetProperty("failure")} until {fact.GetProperty("until")}"
                            : ""
                    )
                )
        );
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
