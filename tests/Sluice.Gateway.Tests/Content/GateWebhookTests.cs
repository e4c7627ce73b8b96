using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Content;

/// <summary>A webhook on a socket of its own that is asked about requests and answers.</summary>
public sealed class GateWebhookTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<JsonElement> _asked = [];
    private string? _token;
    private Func<JsonElement, IResult> _answer = _ => Results.Text("""{"action":"allow"}""");
    private WebApplication _hook = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _hook = builder.Build();
        _hook.MapPost(
            "/ask",
            async (HttpRequest request) =>
            {
                using var body = await JsonDocument.ParseAsync(request.Body);
                var read = body.RootElement.Clone();
                _asked.Enqueue(read);
                _token = request.Headers.Authorization.ToString();
                return _answer(read);
            }
        );
        await _hook.StartAsync();
    }

    public ValueTask DisposeAsync() => _hook.DisposeAsync();

    [Fact]
    [ChangesBehaviour("gate.webhook", "gateWebhook.url", "gateWebhook.token")]
    public async Task Question_SaysWhoAsksWhatAndInWhoseWords()
    {
        await using var fixture = await StartAsync("""["request"]""");

        using var answer = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","max_tokens":50,"messages":[{"role":"system","content":"be kind"},{"content":"hi","role":"user"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var asked = _asked.Single();
        asked.GetProperty("stage").GetString().ShouldBe("request");
        asked.GetProperty("gate").GetString().ShouldBe("review");
        asked.GetProperty("route").GetString().ShouldBe("r");
        asked.GetProperty("id").GetString().ShouldBe(answer.Headers.GetValues("x-sluice-call").Single());
        asked
            .GetProperty("texts")
            .EnumerateArray()
            .Select(t => $"{t.GetProperty("role").GetString()}/{t.GetProperty("part").GetString()}: {t.GetProperty("text").GetString()}")
            .ShouldBe(["system/text: be kind", "user/text: hi"]);
        _token.ShouldBe("Bearer secret-HOOK");
    }

    [Fact]
    public async Task Denied_TellsItsReasonAndSendsNothing()
    {
        _answer = _ => Results.Text("""{"action":"deny","reason":"not on a Sunday"}""");
        await using var fixture = await StartAsync("""["request"]""");

        using var answer = await AskAsync(fixture, "hi");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("not on a Sunday");
        fixture.Simulator.Requests.ShouldBeEmpty();
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Fact]
    public async Task Redacted_SendsItsWordsAndNeverShowsItWhatPatternsTookOut()
    {
        _answer = asked =>
            Results.Text(
                new JsonObject
                {
                    ["action"] = "redact",
                    ["texts"] = new JsonArray([
                        .. asked
                            .GetProperty("texts")
                            .EnumerateArray()
                            .Select(t => (JsonNode)t.GetProperty("text").GetString()!.ToUpperInvariant()),
                    ]),
                }.ToJsonString()
            );
        await using var fixture = await StartAsync(
            """["request"]""",
            """{ "name": "pii", "on": ["request"], "redact": ["@email"], "replacement": "[gone]" },"""
        );

        using var answer = await AskAsync(fixture, "mail a@example.com");

        AnswerGateTests
            .Said(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .ShouldBe("You said: MAIL [GONE]");
        _asked.Single().ToString().ShouldNotContain("example.com");
    }

    [Theory]
    [InlineData("closed", "500", HttpStatusCode.BadRequest)]
    [InlineData("open", "500", HttpStatusCode.OK)]
    [InlineData("closed", "nonsense", HttpStatusCode.BadRequest)]
    [InlineData("open", "nonsense", HttpStatusCode.OK)]
    [InlineData("closed", "too few", HttpStatusCode.BadRequest)]
    [InlineData("closed", "down", HttpStatusCode.BadRequest)]
    [InlineData("open", "down", HttpStatusCode.OK)]
    [ChangesBehaviour("gateWebhook.onFailure")]
    public async Task Failure_IsTakenAsConfigured(string onFailure, string how, HttpStatusCode expected)
    {
        _answer = _ =>
            how switch
            {
                "500" => Results.StatusCode(500),
                "too few" => Results.Text("""{"action":"redact","texts":[]}"""),
                _ => Results.Text("<html>"),
            };
        await using var fixture = await StartAsync("""["request"]""", onFailure: onFailure);
        if (how == "down")
        {
            await _hook.StopAsync(TestContext.Current.CancellationToken);
        }

        using var answer = await AskAsync(fixture, "hi");

        answer.StatusCode.ShouldBe(expected);
        var gate = (await fixture.ReceiptAsync(answer)).GetProperty("gates")[0];
        gate.GetProperty("verdict").GetString().ShouldBe(expected == HttpStatusCode.OK ? "Unasked" : "Denied");
    }

    [Theory]
    [InlineData("closed", HttpStatusCode.BadRequest)]
    [InlineData("open", HttpStatusCode.OK)]
    [ChangesBehaviour("gateWebhook.timeout")]
    public async Task Late_IsAFailure(string onFailure, HttpStatusCode expected)
    {
        var never = new TaskCompletionSource();
        _answer = _ => new Hanging(never.Task);
        await using var fixture = await StartAsync("""["request"]""", onFailure: onFailure, timeout: "50ms");

        using var answer = await AskAsync(fixture, "hi");
        never.SetResult();

        answer.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_IsAskedAboutPieceByPieceAndMayBeReworded(bool stream)
    {
        _answer = asked =>
            Results.Text(
                new JsonObject
                {
                    ["action"] = "redact",
                    ["texts"] = new JsonArray([
                        .. asked
                            .GetProperty("texts")
                            .EnumerateArray()
                            .Select(t => (JsonNode)t.GetProperty("text").GetString()!.Replace('t', 'T')),
                    ]),
                }.ToJsonString()
            );
        await using var fixture = await StartAsync("""["answer"]""", model: "sim-tokens-40", more: """, "window": 20""");

        using var answer = await AskAsync(fixture, "hi", stream);
        var (text, whole) = await AnswerGateTests.ReadAsync(answer);

        whole.ShouldBeTrue(text);
        var expected = string.Join(' ', Enumerable.Range(1, 40).Select(i => $"T{i}"));
        AnswerGateTests.Said(text).ShouldBe(expected);
        _asked.Last().GetProperty("last").GetBoolean().ShouldBeTrue();
        if (stream)
        {
            _asked.Count.ShouldBeGreaterThan(1);
            var last = _asked.Last().GetProperty("texts")[0];
            (last.GetProperty("before").GetString() + last.GetProperty("text").GetString()!.Replace('t', 'T')).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Stream_DeniedInTheMiddle_EndsThere()
    {
        _answer = asked =>
            asked.GetProperty("texts")[0].GetProperty("text").GetString()!.Contains("t30", StringComparison.Ordinal)
                ? Results.Text("""{"action":"deny","reason":"enough"}""")
                : Results.Text("""{"action":"allow"}""");
        await using var fixture = await StartAsync("""["answer"]""", model: "sim-tokens-60", more: """, "window": 20""");

        using var answer = await AskAsync(fixture, "hi", stream: true);
        var (text, whole) = await AnswerGateTests.ReadAsync(answer);

        whole.ShouldBeFalse();
        text.ShouldContain("t9");
        text.ShouldNotContain("t30");
        text.ShouldContain("enough");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    private Task<GatewayFixture> StartAsync(
        string on,
        string before = "",
        string onFailure = "closed",
        string timeout = "30s",
        string model = "sim",
        string more = ""
    ) =>
        AnswerGateTests.StartAsync(
            "oai",
            model,
            $$"""
            "gates": [{{before}} { "name": "review", "on": {{on}} {{more}},
              "webhook": { "url": "{{_hook.Urls.Single()}}/ask", "token": "env:HOOK", "timeout": "{{timeout}}", "onFailure": "{{onFailure}}" } }]
            """
        );

    private static Task<HttpResponseMessage> AskAsync(GatewayFixture fixture, string text, bool stream = false) =>
        AnswerGateTests.AskAsync(fixture, 0, stream, text);

    /// <summary>An answer that does not come.</summary>
    private sealed class Hanging(Task until) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => until;
    }
}
