using System.Net;
using System.Text.Json;

namespace Sluice.Gateway.Tests.Routing;

/// <summary>Rules that send calls elsewhere, with a real ledger and over sockets.</summary>
public sealed class PolicyTests
{
    /// <summary>A call holds 0.0032 dollars and costs 0.002 and a little: at 80 % there is room for the holds of two more.</summary>
    private const string Budget =
        "\"budgets\": [{ \"name\": \"month\", \"limit\": \"0.0400\", \"per\": \"month\", \"match\": { \"route\": \"claude\" } }]";

    private static readonly string Routes = GatewayFixture.Routes(
        ("claude", GatewayFixture.Sim("oai", "sim-tokens-1000"), null),
        ("cerebras_mid", GatewayFixture.Sim("backup", "sim-tokens-20"), null),
        ("down", GatewayFixture.Sim("oai", "sim-status-503"), "claude")
    );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ChangesBehaviour("root.policy", "rule.when", "rule.use", "rule.because")]
    public async Task Claude_GoesToCerebrasMid_WhenTheBudgetIsAbove80Percent(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Routes
                + ", "
                + Budget
                + """, "policy": [{ "when": { "route": "claude", "budgetAbove": 0.8 }, "use": "cerebras_mid", "because": "near the month's limit" }]"""
        );
        var routes = new List<string>();
        var ledger = fixture.Gateway.Engine.Ledger;
        for (var i = 0; i < 20; i++)
        {
            var above = ledger.Status().Single().Used > 0.8m;
            using var response = await fixture.PostAsync("/v1/chat/completions", Asking("claude", stream));
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            routes.Add(response.Headers.GetValues("x-sluice-route").Single());
            var receipt = await fixture.ReceiptAsync(response);
            receipt.GetProperty("route").GetString().ShouldBe("claude");
            routes[^1].ShouldBe(above ? "cerebras_mid" : "claude");
            if (above)
            {
                response.Headers.GetValues("x-sluice-rule").Single().ShouldBe("policy[0]");
                response.Headers.GetValues("x-sluice-because").Single().ShouldBe("near the month's limit");
                receipt.GetProperty("rule").GetString().ShouldBe("policy[0]");
                receipt.GetProperty("because").GetString().ShouldBe("near the month's limit");
                receipt.GetProperty("actualRoute").GetString().ShouldBe("cerebras_mid");
            }
            else
            {
                response.Headers.Contains("x-sluice-rule").ShouldBeFalse();
                receipt.TryGetProperty("rule", out _).ShouldBeFalse();
            }
        }

        routes.Distinct().ShouldBe(["claude", "cerebras_mid"]);
        ledger.Writer.Drain();
        var last = ledger.Store.List(1).Single().Hold;
        (last.RouteAsked, last.Route, last.Why).ShouldBe(("claude", "cerebras_mid", "policy[0]: near the month's limit"));
    }

    [Theory]
    [InlineData("oai/gpt-4o-mini", "oai/gpt-4o-mini")]
    [InlineData("claude", "backup/sim-tokens-20")]
    public async Task Pin_IsNeverRedirected(string model, string target)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Routes + """, "policy": [{ "when": {}, "use": "cerebras_mid", "because": "always" }]"""
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Asking(model, stream: false));

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);
    }

    /// <summary>Retries are those of the route that was asked: this one has none.</summary>
    [Fact]
    public async Task Redirected_KeepsTheRetriesOfTheRouteThatWasAsked()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": {
              "claude": { "default": true, "retry": { "attempts": 0 }, "targets": [{{GatewayFixture.Sim("oai", "sim-ok")}}] },
              "down": { "retry": { "attempts": 5, "backoff": "1ms" }, "targets": [{{GatewayFixture.Sim("oai", "sim-status-503")}}] }
            },
            "policy": [{ "when": { "route": "claude" }, "use": "down" }]
            """
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Asking("claude", stream: false));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"model":"claude","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"hi"}]}""", true)]
    [InlineData("""{"model":"claude","response_format":{"type":"text"},"messages":[{"role":"user","content":"hi"}]}""", false)]
    public async Task Structured_IsReadFromTheRequest(string body, bool redirected)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Routes + """, "policy": [{ "when": { "structured": true }, "use": "cerebras_mid" }]"""
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", body);

        response.Headers.GetValues("x-sluice-route").Single().ShouldBe(redirected ? "cerebras_mid" : "claude");
    }

    /// <summary>A picture of a hundred thousand bytes is no long text.</summary>
    [Theory]
    [InlineData(100_000, false)]
    [InlineData(30_000, true)]
    public async Task Input_IsEstimatedByItsText(int bytes, bool text)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Routes + """, "policy": [{ "when": { "inputAbove": 5000 }, "use": "cerebras_mid" }]"""
        );
        var content = text
            ? $"\"{string.Concat(Enumerable.Repeat("word ", bytes / 5))}\""
            : $$$"""[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{new string('A', bytes)}}}"}}]""";

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"claude","messages":[{"role":"user","content":{{content}}}]}"""
        );

        response.Headers.GetValues("x-sluice-route").Single().ShouldBe(text ? "cerebras_mid" : "claude");
    }

    [Fact]
    public async Task Reload_ChangesTheRule()
    {
        var use = "cerebras_mid";
        await using var fixture = await GatewayFixture.StartAsync(
            Routes,
            change: options =>
            {
                var load = options.Load;
                return options with
                {
                    Load = revision =>
                    {
                        var snapshot = load(revision);
                        var rule = new Sluice.Routing.PolicyRule("policy[0]", new Sluice.Routing.RuleCondition(), snapshot.Routes[use], "");
                        return snapshot with { Policy = [rule] };
                    },
                };
            }
        );
        (await TargetAsync(fixture)).ShouldBe("cerebras_mid");

        use = "claude";
        fixture.Gateway.Engine.Configuration.Reload();

        (await TargetAsync(fixture)).ShouldBe("claude");
    }

    internal static string Asking(string model, bool stream) =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":1000,"messages":[{"role":"user","content":"go"}]}""";

    private static async Task<string> TargetAsync(GatewayFixture fixture)
    {
        using var response = await fixture.PostAsync("/v1/chat/completions", Asking("claude", stream: false));
        return (await fixture.ReceiptAsync(response)).GetProperty("actualRoute").GetString()!;
    }
}
