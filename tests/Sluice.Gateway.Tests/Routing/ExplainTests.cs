using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Gateway.Tests.Routing;

/// <summary>What is said before a call is what happens in it.</summary>
public sealed class ExplainTests
{
    private static readonly string Configuration = $$"""
        "routes": {
          "claude": { "default": true, "role": "architect", "targets": [{{GatewayFixture.Sim(
            "oai",
            "sim-tokens-1000"
        )}}], "fallback": "rest" },
          "rest": { "order": "cheapest", "targets": [{{GatewayFixture.Sim(
            "ant",
            "sim-tokens-9"
        )}}, { "provider": "backup", "model": "sim-tokens-8", "unlisted": true, "price": { "input": "0.5", "output": "1" } }] },
          "down": { "retry": { "attempts": 0 }, "targets": [{{GatewayFixture.Sim("oai", "sim-status-401")}}, {{GatewayFixture.Sim(
            "backup",
            "sim-tokens-9"
        )}}] }
        },
        "policy": [{ "when": { "route": "claude", "task": "summary" }, "use": "rest", "because": "summaries are cheap" }],
        "budgets": [{ "name": "month", "limit": "0.0050", "per": "month", "match": { "role": "architect" } }]
        """;

    [Fact]
    public async Task Route_SaysRuleOrderReasonsWorstCaseAndBudgets()
    {
        await using var fixture = await GatewayFixture.StartAsync(Configuration);

        var plain = await ExplainAsync(fixture, """{"route":"claude"}""");
        var ruled = await ExplainAsync(fixture, """{"route":"claude","task":"summary"}""");

        Targets(plain).ShouldBe(["oai/sim-tokens-1000", "backup/sim-tokens-8", "ant/sim-tokens-9"]);
        plain.GetProperty("targets")[0].GetProperty("because").GetString().ShouldBe("listed");
        plain.GetProperty("targets")[1].GetProperty("because").GetString()!.ShouldEndWith("USD at most");
        plain.GetProperty("budgets")[0].GetProperty("name").GetString().ShouldBe("month");
        plain.GetProperty("targets")[0].GetProperty("refused").GetString()!.ShouldStartWith("budget: budget 'month'");
        plain.TryGetProperty("rule", out _).ShouldBeFalse();
        Targets(ruled).ShouldBe(["backup/sim-tokens-8", "ant/sim-tokens-9"]);
        ruled.GetProperty("rule").GetString().ShouldBe("policy[0]");
        ruled.GetProperty("because").GetString().ShouldBe("summaries are cheap");
        ruled.GetProperty("actualRoute").GetString().ShouldBe("rest");
        fixture.Simulator.Requests.ShouldBeEmpty();
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    /// <summary>The answer's hold is the worst case that was said, and its degradations those that were said.</summary>
    [Fact]
    public async Task Request_SaysWhatTheCallThenDoes()
    {
        await using var fixture = await GatewayFixture.StartAsync(Configuration);
        const string Request = """{"model":"rest","max_tokens":50,"logit_bias":{"1":1},"messages":[{"role":"user","content":"go"}]}""";

        var said = await ExplainAsync(fixture, $$"""{"protocol":"openai-chat","request":{{Request}}}""");
        using var response = await fixture.PostAsync("/v1/chat/completions", Request);
        var receipt = await fixture.ReceiptAsync(response);

        var first = said.GetProperty("targets")[0];
        first.GetProperty("target").GetString().ShouldBe(receipt.GetProperty("target").GetString());
        first
            .GetProperty("worstCase")
            .GetString()
            .ShouldBe(
                new Sluice.Money.Credits(
                    (long)(receipt.GetProperty("attempts")[0].GetProperty("hold").GetDecimal() * 1_000_000_000m)
                ).ToString()
            );
        first.GetProperty("outputLimit").GetInt64().ShouldBe(50);
        said.GetProperty("targets")[1]
            .GetProperty("degradations")
            .EnumerateArray()
            .ShouldContain(d => d.GetProperty("feature").GetString() == "logit_bias");
        receipt.GetProperty("order").EnumerateArray().Select(p => p.GetProperty("target").GetString()).ShouldBe(Targets(said));
    }

    /// <summary>Whatever decides, chance or whose turn it is to be tried: asking beforehand takes nothing from the call.</summary>
    [Theory]
    [InlineData("weighted")]
    [InlineData("leastLatency")]
    [InlineData("leastLoaded")]
    public async Task Order_AskedBeforehand_IsThatOfTheNextCall(string order)
    {
        var targets = string.Join(", ", new[] { "a", "b", "c" }.Select(m => GatewayFixture.Sim("oai", m)));
        await using var fixture = await GatewayFixture.StartAsync(
            $$""" "routes": { "r": { "order": "{{order}}", "targets": [{{targets}}] } } """
        );

        for (var i = 0; i < 6; i++)
        {
            var first = await ExplainAsync(fixture, """{"route":"r"}""");
            var again = await ExplainAsync(fixture, """{"route":"r"}""");
            using var response = await fixture.PostAsync("/v1/chat/completions", PolicyTests.Asking("r", stream: false));

            Targets(again).ShouldBe(Targets(first));
            response.Headers.GetValues("x-sluice-target").Single().ShouldBe(Targets(first).First());
        }
    }

    [Fact]
    public async Task Target_ThatIsKnownToRefuse_IsSaid()
    {
        await using var fixture = await GatewayFixture.StartAsync(Configuration);
        using var response = await fixture.PostAsync("/v1/chat/completions", PolicyTests.Asking("down", stream: false));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);

        var said = await ExplainAsync(fixture, """{"route":"down"}""");

        said.GetProperty("targets")[0].GetProperty("refused").GetString()!.ShouldStartWith("health: ");
        said.GetProperty("targets")[1].GetProperty("refused").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{"route":"clade"}""", 404)]
    [InlineData("""{"rout":"claude"}""", 400)]
    [InlineData("""{"protocol":"smoke","request":{}}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    public async Task Question_ThatIsNone_SaysWhatIsWrong(string question, int status)
    {
        await using var fixture = await GatewayFixture.StartAsync(Configuration);

        using var response = await PostAsync(fixture, question);

        ((int)response.StatusCode).ShouldBe(status);
    }

    private static IEnumerable<string?> Targets(JsonElement said) =>
        said.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("target").GetString());

    private static async Task<JsonElement> ExplainAsync(GatewayFixture fixture, string question)
    {
        using var response = await PostAsync(fixture, question);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayFixture fixture, string question)
    {
        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        var key = await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key"), TestContext.Current.CancellationToken);
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await admin.PostAsync("/admin/explain", new StringContent(question), TestContext.Current.CancellationToken);
    }
}
