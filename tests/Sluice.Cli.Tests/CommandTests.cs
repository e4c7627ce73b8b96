using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        var (code, output, _) = await CliProcess.RunAsync(_directory.Path, "--help");

        code.ShouldBe(0);
        foreach (
            var command in new[]
            {
                "serve",
                "init",
                "doctor",
                "chat",
                "explain",
                "simulate",
                "config",
                "keys",
                "ledger",
                "budgets",
                "providers",
                "models",
                "decode",
            }
        )
        {
            output.ShouldContain(command);
        }
    }

    [Fact]
    public async Task Init_WritesWhatLoads()
    {
        (await CliProcess.RunAsync(_directory.Path, "init", "--config", "new/sluice.json")).Code.ShouldBe(0);
        (await CliProcess.RunAsync(_directory.Path, "init")).Code.ShouldBe(0);

        var (code, output, _) = await CliProcess.RunAsync(_directory.Path, "doctor", "--json");

        code.ShouldBe(1, output);
        var found = JsonDocument.Parse(output).RootElement;
        found.GetProperty("errors").GetArrayLength().ShouldBe(0);
        found.GetProperty("notes").EnumerateArray().Single().GetString()!.ShouldContain("set ANTHROPIC_API_KEY");
        JsonDocument
            .Parse(await File.ReadAllTextAsync(_directory.File("sluice.schema.json"), TestContext.Current.CancellationToken))
            .RootElement.GetProperty("properties")
            .TryGetProperty("routes", out _)
            .ShouldBeTrue();
        (await CliProcess.RunAsync(_directory.Path, "init")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Init_WritesAPolicyTestThatPasses_AndFailsWhenThePolicyIsGone()
    {
        (await CliProcess.RunAsync(_directory.Path, "init", "--config", "own.json")).Output.ShouldContain(
            "`sluice verify outage.scenario.json`"
        );

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", ".");

        code.ShouldBe(0, output + error);
        output.ShouldContain("2 passed, 0 failed");
        JsonDocument
            .Parse(await ReadAsync("sluice.scenario.schema.json"))
            .RootElement.GetProperty("properties")
            .TryGetProperty("faults", out _)
            .ShouldBeTrue();
        await WriteAsync("own.json", (await ReadAsync("own.json")).Replace("\"fallback\": \"small\",", "", StringComparison.Ordinal));
        (await CliProcess.RunAsync(_directory.Path, "verify", ".")).Output.ShouldContain("0 passed, 2 failed");
    }

    [Fact]
    public async Task Init_KeepsAPolicyTestOfTheUsers_UnlessForced()
    {
        await WriteAsync("outage.scenario.json", "mine");

        (await CliProcess.RunAsync(_directory.Path, "init")).Code.ShouldBe(0);
        (await ReadAsync("outage.scenario.json")).ShouldBe("mine");
        (await CliProcess.RunAsync(_directory.Path, "init", "--force")).Code.ShouldBe(0);
        (await ReadAsync("outage.scenario.json")).ShouldContain("\"configurationFile\": \"sluice.json\"");
    }

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(_directory.File(file), TestContext.Current.CancellationToken);

    private Task WriteAsync(string file, string text) =>
        File.WriteAllTextAsync(_directory.File(file), text, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Budgets_AreToldByTheGatewayThatRunsOrByTheLedger(bool running)
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            """
            {
              "providers": { "local": { "preset": "ollama", "local": true } },
              "routes": { "a": { "default": true, "tier": "free", "targets": ["local/x"] } },
              "budgets": [{ "name": "month", "limit": "500 USD" }, { "name": "tokens", "limit": "1000 tokens", "per": "24h" }]
            }
            """,
            TestContext.Current.CancellationToken
        );
        using var process = running ? (await CliProcess.ServeAsync(_directory.Path, "--config", "sluice.json")).Process : null;

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "budgets", "--json");
        var (_, table, _) = await CliProcess.RunAsync(_directory.Path, "budgets");
        process?.Kill();

        code.ShouldBe(0, error);
        JsonDocument
            .Parse(output)
            .RootElement.EnumerateArray()
            .Select(b => $"{b.GetProperty("name")} {b.GetProperty("left")} {b.GetProperty("unit")} per {b.GetProperty("per")}")
            .ShouldBe(["month 500 USD per month", "tokens 1000 tokens per 24h"]);
        table.ShouldContain("500 USD per month");
    }

    [Theory]
    [InlineData("serve --port 99999", "--port is a number from 0 to 65535")]
    [InlineData("serve --admin-port -1", "--admin-port is a number from 0 to 65535")]
    [InlineData("simulate --port x", "--port")]
    [InlineData("bogus", "bogus")]
    [InlineData("serve --config missing.json", "missing.json cannot be read")]
    [InlineData("serve --host nowhere", "'nowhere' is not an IP address")]
    [InlineData("serve --cert missing.pem", "missing.pem cannot be used")]
    [InlineData("ledger list --data missing", "there is no ledger in")]
    [InlineData("ledger show x --data missing", "there is no ledger in")]
    [InlineData("keys revoke nobody --data new", "there is no key 'nobody'")]
    [InlineData("keys create a --data /proc/none", "cannot be made")]
    public async Task WrongUse_IsToldInAFewWords(string line, string expected)
    {
        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, line.Split(' '));

        code.ShouldBe(2);
        error.ShouldContain(expected);
        error.ShouldNotContain("   at ");
        Directory.Exists(_directory.File("missing")).ShouldBeFalse();
    }

    [Fact]
    public async Task Doctor_BadConfiguration_ListsEverythingWithoutAStackTrace()
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            """{ "providers": { "anthropic": {} }, "routes": { "a": { "default": true, "targets": ["antropic/x"], "fallback": "b" } }, "budget": [] }""",
            TestContext.Current.CancellationToken
        );

        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, "doctor");

        code.ShouldBe(2);
        error.ShouldContain("routes.a.targets[0]: provider 'antropic' is not configured; did you mean 'anthropic'?");
        error.ShouldContain("unknown member 'budget'; did you mean 'budgets'?");
        error.ShouldContain("route 'b' does not exist");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Keys_CreatedListedRevoked()
    {
        var created = JsonDocument
            .Parse((await CliProcess.RunAsync(_directory.Path, "keys", "create", "ci", "--data", "d", "--json")).Output)
            .RootElement;

        var listed = (await CliProcess.RunAsync(_directory.Path, "keys", "list", "--data", "d", "--json")).Output;
        listed.ShouldContain(created.GetProperty("id").GetString()!);
        listed.ShouldNotContain(created.GetProperty("key").GetString()!);
        (await CliProcess.RunAsync(_directory.Path, "keys", "revoke", created.GetProperty("id").GetString()!, "--data", "d")).Code.ShouldBe(
            0
        );
        (await CliProcess.RunAsync(_directory.Path, "keys", "revoke", "key_none", "--data", "d")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Chat_InTheSandbox_AnswersAndShowsTargetAndCost()
    {
        var (code, output, _) = await CliProcess.RunAsync(_directory.Path, "chat", "hello", "--json");

        code.ShouldBe(0);
        var answer = JsonDocument.Parse(output).RootElement;
        answer.GetProperty("text").GetString().ShouldBe("You said: hello");
        answer.GetProperty("target").GetString().ShouldBe("sandbox/sandbox");
    }

    [Fact]
    public async Task Chat_BesideARunningGateway_GoesThroughIt()
    {
        var (gateway, address) = await CliProcess.ServeAsync(_directory.Path, "--data", "d");
        using (gateway)
        {
            var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "chat", "hello", "--json", "--data", "d");

            code.ShouldBe(0, error);
            var answer = JsonDocument.Parse(output).RootElement;
            answer.GetProperty("text").GetString().ShouldBe("You said: hello");
            using var http = new HttpClient { BaseAddress = address };
            var receipt = await http.GetStringAsync(
                $"v1/sluice/calls/{answer.GetProperty("call").GetString()}",
                TestContext.Current.CancellationToken
            );
            receipt.ShouldContain("sandbox/sandbox");
            gateway.Kill();
        }
    }

    [Fact]
    public async Task Chat_BesideAGatewayThatAsksForAKey_NeedsOne()
    {
        var key = JsonDocument
            .Parse((await CliProcess.RunAsync(_directory.Path, "keys", "create", "ci", "--data", "d", "--json")).Output)
            .RootElement.GetProperty("key")
            .GetString()!;
        var (gateway, _) = await CliProcess.ServeAsync(_directory.Path, "--data", "d");
        using (gateway)
        {
            var without = await CliProcess.RunAsync(_directory.Path, "chat", "hello", "--data", "d");
            var with = await CliProcess.RunAsync(_directory.Path, "chat", "hello", "--data", "d", "--key", key);
            gateway.Kill();

            without.Code.ShouldBe(2);
            without.Error.ShouldContain("SLUICE_API_KEY");
            with.Code.ShouldBe(0, with.Error);
            with.Output.ShouldContain("sandbox/sandbox by route default");
        }
    }

    [Fact]
    public async Task Explain_NamesTargetsInOrderWithTheirWorstCase()
    {
        var (code, output, _) = await CliProcess.RunAsync(
            _directory.Path,
            "explain",
            "claude",
            "--json",
            "--config",
            Repository.PathOf("samples/Aegis/aegis-core.sluice.json")
        );

        code.ShouldBe(0);
        var targets = JsonDocument.Parse(output).RootElement.GetProperty("targets").EnumerateArray().ToList();
        targets
            .Select(t => t.GetProperty("target").GetString())
            .ShouldBe(["anthropic/claude-sonnet-4-6", "cloudflare/@cf/openai/gpt-oss-120b"]);
        targets[0].GetProperty("worstCase").GetString().ShouldNotBe("unknown");
    }

    /// <summary>No key is in the environment: the rule is asked all the same, and the target says what it lacks.</summary>
    [Fact]
    public async Task Explain_RuleOnABudgetOfAProviderWithoutAKey_IsAsked()
    {
        await File.WriteAllTextAsync(
            _directory.File("sluice.json"),
            """
            {
              "providers": { "anthropic": {}, "local": { "preset": "ollama", "local": true } },
              "routes": {
                "claude": { "default": true, "targets": ["anthropic/claude-sonnet-4-6"] },
                "mine": { "tier": "free", "targets": ["local/llama3"] }
              },
              "policy": [
                { "when": { "route": "claude", "budgetAbove": 0.8 }, "use": "mine" },
                { "when": { "route": "claude", "tenant": "acme" }, "use": "mine", "because": "stays in the house" }
              ],
              "budgets": [{ "name": "month", "limit": "5 USD" }]
            }
            """,
            TestContext.Current.CancellationToken
        );

        var (code, output, _) = await CliProcess.RunAsync(_directory.Path, "explain", "claude");
        var (_, ruled, _) = await CliProcess.RunAsync(_directory.Path, "explain", "claude", "--tenant", "acme");

        code.ShouldBe(0);
        output.ShouldContain("1. anthropic/claude-sonnet-4-6  [listed]  would not be tried: credential: ");
        ruled.ShouldContain("goes to mine by policy[1]: stays in the house");
        ruled.ShouldContain("1. local/llama3");
    }

    [Fact]
    public async Task Serve_OnAnOpenAddressWithoutKeys_IsRefused()
    {
        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, "serve", "--host", "0.0.0.0", "--port", "0");

        code.ShouldBe(2);
        error.ShouldContain("sluice keys create");
    }

    [Fact]
    public async Task Serve_OnAPortInUse_SaysSoInOneLine()
    {
        await using var taken = await Simulator.SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "serve", "--port", $"{taken.BaseAddress.Port}");

        code.ShouldBe(2);
        error.Trim().ShouldEndWith("Choose another with --port.");
        (output + error).ShouldNotContain("   at ");
    }

    public void Dispose() => _directory.Dispose();
}
