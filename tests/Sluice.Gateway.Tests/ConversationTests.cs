using System.Net;
using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Gateway.Tests;

/// <summary>Conversations whose turns are answered by different targets: one turn must not make the next impossible.</summary>
public sealed class ConversationTests
{
    private static readonly string Chain = GatewayFixture.Routes(
        ("claude", "\"ant/claude-sonnet-4-6\"", "gpt_oss"),
        ("gpt_oss", "\"backup/gpt-5-mini\"", null)
    );

    [Fact]
    public async Task ThinkingOfTheFallback_IsNotSentToAnthropicLater()
    {
        await using var fixture = await GatewayFixture.StartAsync(Chain);
        fixture.Simulator.Script("claude-sonnet-4-6", new Fault { Status = 500 }, new Fault { Status = 500 }, new Fault { Status = 500 });

        using var first = await fixture.PostAsync("/v1/messages", Messages(User("[think] one")));
        var answer = await JsonAsync(first);
        using var second = await fixture.PostAsync(
            "/v1/messages",
            Messages(User("[think] one"), new { role = "assistant", content = answer.GetProperty("content") }, User("two"))
        );

        answer.GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("thinking");
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("thinking");
        var sent = fixture.Simulator.Requests.Last().Json.GetProperty("messages");
        sent.GetArrayLength().ShouldBe(3);
        sent.GetRawText().ShouldNotContain("\"thinking\"");
    }

    /// <summary>Two vendors of one wire, and Claude at two hosts.</summary>
    private static readonly string OneWire = GatewayFixture.Routes(
        ("claude", $"\"ant/claude-sonnet-4-6\", {GatewayFixture.Sim("glm", "glm-5")}", null),
        ("hosted", $"\"ant/claude-sonnet-4-6\", {GatewayFixture.Sim("gcpant", "claude-sonnet-4-6")}", null),
        ("grok", $"\"rsp/gpt-4o-mini\", {GatewayFixture.Sim("xai", "grok-5")}", null)
    );

    private const string Signed =
        """{"model":"ROUTE","max_tokens":1000,"messages":[{"role":"user","content":"[think] one"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"QmFyZQ=="},{"type":"text","text":"one"}]},{"role":"user","content":"two"}],"brand_new":1}""";

    [Fact]
    public async Task SignatureOfTheFirst_IsNotSentToAnotherVendorOfItsWire()
    {
        await using var fixture = await GatewayFixture.StartAsync(OneWire);
        Fail(fixture, "claude-sonnet-4-6");

        using var response = await fixture.PostAsync("/v1/messages", Signed.Replace("ROUTE", "claude", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("glm/glm-5");
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("reasoning");
        fixture.Simulator.Requests.First().Json.GetRawText().ShouldContain("QmFyZQ==");
        var sent = fixture.Simulator.Requests.Last().Json.GetRawText();
        sent.ShouldNotContain("QmFyZQ==");
        sent.ShouldNotContain("\"thinking\"");
    }

    [Fact]
    public async Task SignatureOfClaude_IsGoodAtItsOtherHosts()
    {
        await using var fixture = await GatewayFixture.StartAsync(OneWire);
        Fail(fixture, "claude-sonnet-4-6", times: 3);

        using var response = await fixture.PostAsync("/v1/messages", Signed.Replace("ROUTE", "hosted", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("gcpant/claude-sonnet-4-6");
        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
        var sent = fixture.Simulator.Requests.Last().Json.GetRawText();
        sent.ShouldContain("\"signature\":\"QmFyZQ==\"");
        sent.ShouldContain("brand_new");
    }

    [Fact]
    public async Task BodyWithoutSignatures_PassesToAnotherVendorAsItIs()
    {
        await using var fixture = await GatewayFixture.StartAsync(OneWire);
        Fail(fixture, "claude-sonnet-4-6");

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"claude","max_tokens":1000,"messages":[{"role":"user","content":"one"}],"brand_new":1}"""
        );

        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
        fixture
            .Simulator.Requests.Last()
            .Json.GetRawText()
            .ShouldBe("""{"model":"glm-5","max_tokens":1000,"messages":[{"role":"user","content":"one"}],"brand_new":1}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignatureOfAnotherVendor_ComesBackToItAlone(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(Alone("off"));
        Fail(fixture, "claude-sonnet-4-6");
        using var first = await fixture.PostAsync("/v1/messages", Messages(stream, User("[think] one")));
        var signature = SignatureIn(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var thought = new
        {
            role = "assistant",
            content = new object[]
            {
                new
                {
                    type = "thinking",
                    thinking = "hm",
                    signature,
                },
            },
        };

        using var second = await fixture.PostAsync("/v1/messages", Messages(stream, User("[think] one"), thought, User("two")));
        var sentToClaude = fixture.Simulator.Requests.Last().Json.GetRawText();
        Fail(fixture, "claude-sonnet-4-6");
        using var third = await fixture.PostAsync("/v1/messages", Messages(stream, User("[think] one"), thought, User("two")));
        var sentBack = fixture.Simulator.Requests.Last().Json.GetRawText();

        signature.ShouldNotBe("c2ltdWxhdGVk");
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("reasoning");
        sentToClaude.ShouldNotContain("signature");
        third.Headers.GetValues("x-sluice-target").Single().ShouldBe("glm/glm-5");
        sentBack.ShouldContain("\"signature\":\"c2ltdWxhdGVk\"");
    }

    /// <summary>Who thought before is asked first, for only there the thought is worth something.</summary>
    [Theory]
    [InlineData("auto", "glm/glm-5")]
    [InlineData("off", "ant/claude-sonnet-4-6")]
    public async Task SignatureOfAnotherVendor_DrawsTheConversationToItWhereTheRouteLetsIt(string affinity, string target)
    {
        await using var fixture = await GatewayFixture.StartAsync(Alone(affinity));
        Fail(fixture, "claude-sonnet-4-6");
        using var first = await fixture.PostAsync("/v1/messages", Messages(stream: false, User("[think] one")));
        var signature = SignatureIn(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        object[] thinking =
        [
            new
            {
                type = "thinking",
                thinking = "hm",
                signature,
            },
        ];

        using var second = await fixture.PostAsync(
            "/v1/messages",
            Messages(stream: false, User("[think] one"), new { role = "assistant", content = thinking }, User("two"))
        );

        second.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);
    }

    private static string Alone(string affinity) =>
        $$"""
            "routes": { "claude": { "tier": "premium", "targets": ["ant/claude-sonnet-4-6", {{GatewayFixture.Sim(
                "glm",
                "glm-5"
            )}}], "affinity": "{{affinity}}",
              "retry": { "backoff": "10ms" } } }
            """;

    [Fact]
    public async Task EncryptedReasoning_IsNotSentToAnotherVendorOfResponses()
    {
        await using var fixture = await GatewayFixture.StartAsync(OneWire);
        Fail(fixture, "gpt-4o-mini");

        using var response = await fixture.PostAsync(
            "/v1/responses",
            """{"model":"grok","include":["reasoning.encrypted_content"],"store":false,"input":[{"type":"message","role":"user","content":"one"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"one"}]},{"type":"message","role":"user","content":"two"}]}"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("xai/grok-5");
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("reasoning");
        fixture.Simulator.Requests.First().Json.GetRawText().ShouldContain("gAAA");
        fixture.Simulator.Requests.Last().Json.GetRawText().ShouldNotContain("gAAA");
    }

    private static void Fail(GatewayFixture fixture, string model, int times = 3) =>
        fixture.Simulator.Script(model, [.. Enumerable.Repeat(new Fault { Status = 500 }, times)]);

    private static string SignatureIn(string body) =>
        System.Text.RegularExpressions.Regex.Matches(body, "\"signature\":\"([^\"]+)\"").Last().Groups[1].Value;

    [Theory]
    [InlineData("gpt_oss", null, "thread_unsupported_request")]
    [InlineData("claude", 401, "thread_not_found")]
    public async Task Thread_ThatTheTargetCannotHold_IsRefusedSoThatTheSdkSendsTheWhole(string route, int? fault, string code)
    {
        await using var fixture = await GatewayFixture.StartAsync(Chain);
        if (fault is { } status)
        {
            fixture.Simulator.Script("claude-sonnet-4-6", new Fault { Status = status });
        }

        using var response = await fixture.PostAsync(
            "/v1/messages",
            $$"""{"model":"{{route}}","max_tokens":100,"thread":{"type":"continue","id":"thread_1"},"messages":[{"role":"user","content":"hi"}]}"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await JsonAsync(response)).GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("details").GetProperty("error_code").GetString().ShouldBe(code);
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Fact]
    public async Task Thread_ThatTheTargetMayHold_IsPassedOn()
    {
        await using var fixture = await GatewayFixture.StartAsync(Chain);

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"claude","max_tokens":100,"thread":{"type":"create"},"messages":[{"role":"user","content":"hi"}]}"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Simulator.Requests.Single().Json.GetProperty("thread").GetProperty("type").GetString().ShouldBe("create");
    }

    private static object User(string text) => new { role = "user", content = text };

    private static string Messages(params object[] messages) => Messages(stream: false, messages);

    private static string Messages(bool stream, params object[] messages) =>
        JsonSerializer.Serialize(
            new
            {
                model = "claude",
                max_tokens = 1000,
                stream,
                messages,
            }
        );

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
