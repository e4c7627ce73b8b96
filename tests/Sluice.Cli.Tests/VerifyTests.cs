using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>Each run is a process of its own: virtual time needs the thread pool to itself.</summary>
public sealed partial class VerifyTests : IDisposable
{
    private const string Target =
        """{ "provider": "PROVIDER", "model": "m", "unlisted": true, "price": { "input": "1", "output": "2" } }""";

    private const string Configuration = """
        {
          "providers": { "first": { "preset": "openai", "apiKey": "env:KEY" }, "second": { "preset": "anthropic", "apiKey": "env:KEY" } },
          "routes": {
            "a": { "tier": "premium", "default": true, "targets": [FIRST], "fallback": "b" },
            "b": { "tier": "standard", "targets": [SECOND] }
          },
          "budgets": [{ "name": "month", "limit": "1 USD" }]
        }
        """;

    private static readonly (string Expect, string Line)[] OfCall =
    [
        (""" "status": 503 """, "calls[0].expect.status: expected 503, was 200"),
        (""" "target": "first/m" """, "calls[0].expect.target: expected first/m, was second/m"),
        (""" "route": "a" """, "calls[0].expect.route: expected a, was b"),
        (""" "model": "n" """, "calls[0].expect.model: expected n, was m"),
        (""" "attempts": 1 """, "calls[0].expect.attempts: expected 1, was 4"),
        (
            """ "attempts": ["first/m completed"] """,
            "calls[0].expect.attempts: expected [first/m completed], was [first/m Transient, first/m Transient, first/m Transient, second/m completed]"
        ),
        (""" "rejections": ["first/m budget"] """, "calls[0].expect.rejections: expected [first/m budget], was []"),
        (""" "text": "no" """, "calls[0].expect.text: expected no, was You said: hello"),
        (""" "tokens": 2 """, "calls[0].expect.tokens: expected t1 t2, was You said: hello"),
        (""" "complete": false """, "calls[0].expect.complete: expected False, was True"),
        (""" "truncated": true """, "calls[0].expect.truncated: expected True, was False"),
        (""" "finish": "length" """, "calls[0].expect.finish: expected length, was stop"),
        (""" "error": "server_error" """, "calls[0].expect.error: expected server_error, was none"),
        (""" "message": "out of order" """, "calls[0].expect.message: expected out of order, was none"),
        (""" "usage": { "input": 6 } """, "calls[0].expect.usage.input: expected 6, was 5"),
        (""" "usage": { "output": 1 } """, "calls[0].expect.usage.output: expected 1, was 4"),
        (""" "drift": 1 """, "calls[0].expect.drift: expected 1, was 0"),
        (""" "cost": 1 """, "calls[0].expect.cost: expected 1 USD, was 0.00"),
        (""" "maxCost": "0.000001" """, "calls[0].expect.maxCost: expected at most 0.000001 USD, was 0.00"),
        (""" "headers": { "x-sluice-target": null } """, "calls[0].expect.headers.x-sluice-target: expected none, was second/m"),
        (""" "headers": { "x-none": "*" } """, "calls[0].expect.headers.x-none: expected any, was none"),
        (""" "degradations": ["logprobs"] """, "calls[0].expect.degradations: expected [logprobs], was []"),
        (""" "elapsed": { "min": "1h" } """, "calls[0].expect.elapsed.min: expected at least 3600.000s, was 0."),
        (""" "elapsed": { "max": "1ms" } """, "calls[0].expect.elapsed.max: expected at most 0.001s, was 0."),
    ];

    private static readonly (string Expect, string Line)[] OfEnd =
    [
        (""" "breakers": { "first/m": "open" } """, "expect.breakers.first/m: expected open, was degraded"),
        (""" "order": ["call 1 ends by 1ms"] """, "expect.order[0]: expected 'call 1 ends' by 0.001s, was at 0."),
        (""" "upstream": { "first/m": 3 } """, "expect.upstream.second/m: expected 0 requests, was 1"),
        (
            """ "order": ["second/m asked", "first/m asked"] """,
            "expect.order[1]: expected 'first/m asked' after 'second/m asked', which did not happen"
        ),
        (""" "sent": [{ "target": "second/m", "has": { "model": "n" } }] """, "expect.sent[0].has.model: expected \"n\", was \"m\""),
        (
            """ "sent": [{ "target": "second/m", "lacks": ["hello"] }] """,
            "expect.sent[0].lacks: expected no 'hello', was in the request to second/m"
        ),
        (""" "sent": [{ "target": "second/m", "number": 2 }] """, "expect.sent[0]: expected request 2 to second/m, there were 1"),
        (
            """ "sent": [{ "target": "second/m", "headers": { "x-api-key": "k" } }] """,
            "expect.sent[0].headers.x-api-key: expected k, was made-up-KEY"
        ),
        (""" "elapsed": { "min": "1h" } """, "expect.elapsed.min: expected at least 3600.000s"),
        (""" "budgets": { "month": { "spent": 1 } } """, "expect.budgets.month.spent: expected 1, was 0.00"),
        (""" "budgets": { "month": { "maxSpent": "0.000001" } } """, "expect.budgets.month.maxSpent: expected 0.000001, was 0.00"),
        (""" "budgets": { "month": { "held": 1 } } """, "expect.budgets.month.held: expected 1, was 0"),
        (""" "budgets": { "year": { "held": 1 } } """, "expect.budgets.year: expected one budget of this name, there are 0"),
    ];

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Failover_InVirtualTime_PassesInSeconds()
    {
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", "--builtin", "failover", "--junit", "r.xml");

        code.ShouldBe(0, output + error);
        output.ShouldContain(" 0 failed");
        var suites = XDocument.Load(_directory.File("r.xml")).Root!.Elements("testsuite").ToList();
        var cases = suites.Elements("testcase").ToList();
        cases.Count.ShouldBe(suites.Sum(s => (int)s.Attribute("tests")!));
        cases.Count.ShouldBe(int.Parse(output.TrimEnd().Split('\n')[^1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        cases.Elements("failure").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("aegis")]
    [InlineData("vapora")]
    public async Task Sample_HeldToItsScenarios_Passes(string set)
    {
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", "--builtin", set);

        code.ShouldBe(0, output + error);
        output.ShouldContain($"ok    {set}/");
        output.ShouldContain(" 0 failed");
    }

    [Fact]
    public async Task Reload_ThatShouldBeRefusedAndIsNot_Fails()
    {
        await WriteAsync(
            calls: """{ "at": "2s", "route": "a", "words": 3, "expect": { "text": "You said: word word word" } }""",
            expect: "",
            more: """ "reloads": [{ "at": "1s", "configuration": { "routes": { "a": { "deadline": "9s" } } }, "refused": "no" }], """
        );

        await FailsAsync("reloads[0].refused: expected 'no', was: it was taken into use");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Failover_OverSockets_Passes()
    {
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", "--builtin", "failover", "--sockets");

        code.ShouldBe(0, output + error);
    }

    [Fact]
    public async Task Scenario_RunTwice_TakesTheSameCourse()
    {
        await WriteAsync(calls: """{ "at": "0s", "route": "a", "stream": true, "repeat": 20 }""", expect: "");

        var (_, first, _) = await CliProcess.RunAsync(_directory.Path, "verify", ".", "-v");
        var (_, second, _) = await CliProcess.RunAsync(_directory.Path, "verify", ".", "-v");

        first.ShouldContain("call 20 ends");
        InTruth().Replace(second, "").ShouldBe(InTruth().Replace(first, ""));
    }

    [Fact]
    public async Task Expectation_ThatIsNotMet_Fails()
    {
        for (var i = 0; i < OfCall.Length; i++)
        {
            await WriteAsync(calls: $$"""{ "route": "a", "expect": { {{OfCall[i].Expect}} } }""", expect: "", name: $"call{i}");
        }

        for (var i = 0; i < OfEnd.Length; i++)
        {
            await WriteAsync(calls: """{ "route": "a" }""", OfEnd[i].Expect, name: $"end{i}");
        }

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", ".");

        code.ShouldBe(1, output + error);
        output.ShouldContain($"0 passed, {OfCall.Length + OfEnd.Length} failed");
        foreach (var (_, line) in OfCall.Concat(OfEnd))
        {
            output.ShouldContain(line);
        }
    }

    [Fact]
    public async Task Reload_ThatIsRefused_Fails()
    {
        await WriteAsync(
            calls: """{ "at": "2s", "route": "a" }""",
            expect: "",
            more: """ "reloads": [{ "at": "1s", "configuration": { "routes": { "a": { "fallback": "c" } } } }], """
        );

        await FailsAsync("reloads[0]: routes.a.fallback");
    }

    [Fact]
    public async Task Reload_ChangesWhatLaterCallsMeet()
    {
        await WriteAsync(
            calls: """
            { "at": "0s", "route": "a", "expect": { "target": "second/m" } },
            { "at": "20s", "route": "b", "expect": { "target": "first/m", "cost": "0.000013" } }
            """,
            expect: "",
            more: $$""" "reloads": [{ "at": "10s", "configuration": { "routes": { "b": { "targets": [{{Target.Replace("PROVIDER", "first", StringComparison.Ordinal)}}] } } } }], """,
            faults: """ "first/m": { "status": 503, "until": "10s" } """
        );

        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", "s.scenario.json");

        code.ShouldBe(0, output + error);
        output.ShouldContain("1 passed, 0 failed");
    }

    [Fact]
    public async Task File_ThatIsWrong_IsRefusedWithAllThatIsWrong()
    {
        await File.WriteAllTextAsync(
            _directory.File("s.scenario.json"),
            """
            {
              "fault": {},
              "faults": { "first": "ok", "first/m": ["brocken"] },
              "calls": [{ "at": "soon", "expect": { "stauts": 200 } }]
            }
            """,
            TestContext.Current.CancellationToken
        );

        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, "verify", ".");

        code.ShouldBe(2);
        foreach (
            var line in new[]
            {
                "s.scenario.json: fault: unknown member 'fault'; did you mean 'faults'?",
                "s.scenario.json: configuration: there is no configuration; write one, or name a file in \"configurationFile\"",
                "s.scenario.json: faults.first: not a target; write provider/model",
                "s.scenario.json: faults.first/m[0]: no fault is called 'brocken'",
                "s.scenario.json: calls[0].at: 'soon' is not a duration",
                "s.scenario.json: calls[0].route: the call asks for nothing",
                "s.scenario.json: calls[0].expect.stauts: unknown member 'stauts'; did you mean 'status'?",
            }
        )
        {
            error.ShouldContain(line);
        }
    }

    [Fact]
    public async Task Schema_IsWritten()
    {
        var (code, _, error) = await CliProcess.RunAsync(_directory.Path, "verify", "--schema");

        code.ShouldBe(0, error);
        var schema = JsonDocument.Parse(
            await File.ReadAllTextAsync(_directory.File("sluice.scenario.schema.json"), TestContext.Current.CancellationToken)
        );
        schema.RootElement.GetProperty("properties").TryGetProperty("faults", out _).ShouldBeTrue();
        schema.RootElement.GetProperty("$defs").TryGetProperty("configuration", out _).ShouldBeTrue();
    }

    public void Dispose() => _directory.Dispose();

    private async Task FailsAsync(string line)
    {
        var (code, output, error) = await CliProcess.RunAsync(_directory.Path, "verify", ".", "--junit", "r.xml");

        code.ShouldBe(1, output + error);
        output.ShouldContain(line);
        output.ShouldContain("0 passed, 1 failed");
        XDocument.Load(_directory.File("r.xml")).Descendants("failure").Single().Value.ShouldContain(line);
    }

    private Task WriteAsync(
        string calls,
        string expect,
        string more = "",
        string faults = """ "first/m": "status-503" """,
        string name = "s"
    )
    {
        var configuration = Configuration
            .Replace("FIRST", Target.Replace("PROVIDER", "first", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("SECOND", Target.Replace("PROVIDER", "second", StringComparison.Ordinal), StringComparison.Ordinal);
        return File.WriteAllTextAsync(
            _directory.File($"{name}.scenario.json"),
            $$"""
            {
              "configuration": {{configuration}},
              {{more}}
              "faults": { {{faults}} },
              "calls": [{{calls}}],
              "expect": { {{expect}} }
            }
            """
        );
    }

    [GeneratedRegex(" in [0-9]+ ms")]
    private static partial Regex InTruth();
}
