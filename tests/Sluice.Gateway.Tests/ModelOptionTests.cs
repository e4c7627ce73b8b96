using System.Net;
using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>What a configuration says of a model shows in what it is sent and in what is made of it.</summary>
public sealed class ModelOptionTests
{
    private const string Image = """
        [{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]
        """;

    /// <summary>The most it can say is what a call asks for that does not say how much.</summary>
    [Theory]
    [InlineData("", 16_384)]
    [InlineData("\"maxOutput\": 500", 500)]
    [ChangesBehaviour("model.maxOutput")]
    public async Task MaxOutput_IsTheLimitOfCallsWithoutOne(string option, int expected)
    {
        await using var fixture = await StartAsync("oai/new", option);

        using var response = await AskAsync(fixture, "\"hi\"");

        Sent(fixture).GetProperty("max_completion_tokens").GetInt32().ShouldBe(expected);
    }

    /// <summary>Ten dollars a million: an image is held for with ten cents where nothing is said.</summary>
    [Theory]
    [InlineData("", HttpStatusCode.PaymentRequired)]
    [InlineData(", \"imageTokens\": 500", HttpStatusCode.OK)]
    [ChangesBehaviour("model.imageTokens")]
    public async Task ImageTokens_AreWhatAnImageIsHeldForWith(string option, HttpStatusCode expected)
    {
        await using var fixture = await StartAsync(
            "oai/new",
            $"\"vision\": true{option}",
            """, "budgets": [{ "name": "cents", "limit": "0.05 USD" }]"""
        );

        using var response = await AskAsync(fixture, Image, ", \"max_tokens\": 10");

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("budget", "enabled")]
    [InlineData("adaptive", "adaptive")]
    [ChangesBehaviour("model.thinking")]
    public async Task Thinking_IsAskedForInTheWordsTheModelTakes(string style, string expected)
    {
        await using var fixture = await StartAsync("ant/new", $"\"reasoning\": true, \"thinking\": \"{style}\"");

        using var response = await AskAsync(fixture, "\"hi\"", ", \"reasoning_effort\": \"high\"");

        var thinking = Sent(fixture).GetProperty("thinking");
        thinking.GetProperty("type").GetString().ShouldBe(expected);
        thinking.TryGetProperty("budget_tokens", out _).ShouldBe(style == "budget");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\"drops\": [\"temperature\"]", false)]
    [ChangesBehaviour("model.drops")]
    public async Task Drops_AreLeftOutAndSaid(string option, bool sent)
    {
        await using var fixture = await StartAsync("oai/new", option);

        using var response = await AskAsync(fixture, "\"hi\"", ", \"temperature\": 0.5");

        Sent(fixture).TryGetProperty("temperature", out _).ShouldBe(sent);
        response.Headers.TryGetValues("x-sluice-degraded", out var degraded);
        (degraded?.Single() == "temperature").ShouldBe(!sent);
    }

    [Theory]
    [InlineData("current", HttpStatusCode.OK, null)]
    [InlineData("deprecated", HttpStatusCode.OK, "new is deprecated and will be retired")]
    [InlineData("retired", HttpStatusCode.NotFound, "new is retired")]
    [ChangesBehaviour("model.lifecycle")]
    public async Task Lifecycle_SaysWhetherItIsStillChosen(string lifecycle, HttpStatusCode byModel, string? told)
    {
        await using var fixture = await StartAsync("oai/new", $"\"lifecycle\": \"{lifecycle}\"");

        using var chosen = await AskAsync(fixture, "\"hi\"", model: "new");
        using var listed = await AskAsync(fixture, "\"hi\"");

        chosen.StatusCode.ShouldBe(byModel);
        listed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var degradations = (await fixture.ReceiptAsync(listed)).GetProperty("degradations").EnumerateArray();
        degradations.Select(d => d.GetProperty("action").GetString()).ShouldBe(told is null ? [] : [told]);
    }

    private static Task<GatewayFixture> StartAsync(string model, string options, string rest = "") =>
        GatewayFixture.StartAsync(
            $$"""
            "models": { "{{model}}": { "price": { "input": "10", "output": "20" }{{(options.Length > 0 ? $", {options}" : "")}} } },
            "routes": { "r": { "targets": ["{{model}}"] } }{{rest}}
            """
        );

    private static Task<HttpResponseMessage> AskAsync(GatewayFixture fixture, string content, string more = "", string model = "r") =>
        fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}"{{more}},"messages":[{"role":"user","content":{{content}}}]}""",
            TestContext.Current.CancellationToken
        );

    private static JsonElement Sent(GatewayFixture fixture) => fixture.Simulator.Requests.Single().Json;
}
