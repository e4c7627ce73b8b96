using System.Net;

namespace Sluice.Gateway.Tests;

/// <summary>Options that show in what is sent, asked once with and once without them.</summary>
public sealed class RouteOptionTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 16_384)]
    [InlineData(""", "maxOutput": 55""", 55)]
    [ChangesBehaviour("route.maxOutput")]
    public async Task MaxOutput_IsTheLimitOfCallsWithoutOne(string option, int expected)
    {
        await using var fixture = await StartAsync("oai/gpt-4o-mini", option);

        using var response = await AskAsync(fixture, "r");

        fixture.Simulator.Requests.Single().Json.GetProperty("max_completion_tokens").GetInt32().ShouldBe(expected);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("1", 2)]
    [ChangesBehaviour("route.retry", "retry.attempts")]
    public async Task RetryAttempts_AreThoseOfTheRoute(string attempts, int expected)
    {
        await using var fixture = await StartAsync(
            "oai/sim-status-500",
            $$""", "retry": { "attempts": {{attempts}}, "backoff": "1ms" }, "tier": "free" """
        );

        using var response = await AskAsync(fixture, "r");

        fixture.Simulator.Requests.Count.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData(""", "pins": false""", HttpStatusCode.NotFound)]
    [ChangesBehaviour("root.pins")]
    public async Task Pins_AreTakenOnlyWhereTheyAreAllowed(string rest, HttpStatusCode expected)
    {
        await using var fixture = await StartAsync("oai/gpt-4o-mini", "", rest);

        using var response = await AskAsync(fixture, "oai/gpt-4o-mini");

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    [ChangesBehaviour("root.reserved")]
    public async Task Reserved_IsRefusedWithItsReason()
    {
        await using var fixture = await StartAsync("oai/gpt-4o-mini", "", """, "reserved": { "direct": "it calls no model" }""");

        using var response = await AskAsync(fixture, "direct");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Ended)).ShouldContain("it calls no model");
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "per": "day" }]""", HttpStatusCode.PaymentRequired)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "2 calls", "per": "day" }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "per": "call" }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "mode": "soft" }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "route": "other" } }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "route": "r" } }]""", HttpStatusCode.PaymentRequired)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "provider": "ant" } }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "model": "other" } }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "role": "other" } }]""", HttpStatusCode.OK)]
    [InlineData(""", "budgets": [{ "name": "two", "limit": "1 calls", "match": { "actualRoute": "other" } }]""", HttpStatusCode.OK)]
    [ChangesBehaviour(
        "root.budgets",
        "budget.limit",
        "budget.per",
        "budget.mode",
        "budget.match",
        "match.route",
        "match.actualRoute",
        "match.provider",
        "match.model",
        "match.role"
    )]
    public async Task Budget_CountsTheCallsThatMatch(string rest, HttpStatusCode second)
    {
        await using var fixture = await StartAsync("oai/gpt-4o-mini", "", rest);

        using var first = await AskAsync(fixture, "r");
        using var response = await AskAsync(fixture, "r");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.StatusCode.ShouldBe(second);
    }

    /// <summary>After each search a provider reads its whole window again: ten times 131,072 tokens are more than a dollar.</summary>
    [Theory]
    [InlineData("", HttpStatusCode.PaymentRequired)]
    [InlineData(""", "serverToolRounds": 2""", HttpStatusCode.OK)]
    [ChangesBehaviour("route.serverToolRounds")]
    public async Task ServerToolRounds_AreHeldFor(string option, HttpStatusCode expected)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "targets": [{{GatewayFixture.Sim("ant", "sim")}}]{{option}} } },
            "budgets": [{ "name": "dollar", "limit": "1 USD" }]
            """
        );

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """
            {"model":"r","max_tokens":10,"tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"hi"}]}
            """,
            Ended
        );

        response.StatusCode.ShouldBe(expected);
    }

    private static Task<GatewayFixture> StartAsync(string target, string option, string rest = "") =>
        GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "default": true, "targets": [{{(
                target.Contains("sim", StringComparison.Ordinal) ? GatewayFixture.Sim("oai", target[4..]) : $"\"{target}\""
            )}}]{{option}} } }{{rest}}
            """
        );

    private static Task<HttpResponseMessage> AskAsync(GatewayFixture fixture, string model) =>
        fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask(model, stream: false), Ended);
}
