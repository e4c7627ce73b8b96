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

    private static string Messages(params object[] messages) =>
        JsonSerializer.Serialize(
            new
            {
                model = "claude",
                max_tokens = 1000,
                messages,
            }
        );

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
