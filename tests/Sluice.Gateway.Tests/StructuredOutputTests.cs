using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>An answer of a given form reaches its client in that form, whatever its target had to be asked.</summary>
public sealed class StructuredOutputTests
{
    private const string Begun = """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"\"ok\":true}"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}
        """;

    private const string ByTool = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"give_structured_answer","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"ok\":true}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string OfSchema =
        """{"model":"r","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"q"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}}""";

    private const string AnyObject =
        """{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"q"}],"response_format":{"type":"json_object"}}""";

    [Fact]
    public async Task AnyObject_FromMessages_HasTheBeginningThatWasGiven()
    {
        await using var fixture = await StartAsync("answer.json", Begun, GatewayFixture.Sim("ant", "replay:answer.json"));

        using var response = await fixture.PostAsync("/v1/chat/completions", AnyObject);

        ContentOf(await BodyAsync(response)).ShouldBe("""{"ok":true}""");
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("response_format");
    }

    [Fact]
    [ChangesBehaviour("model.lacks")]
    public async Task Schema_OfAModelWithoutTheMode_ComesAsTextAndNoCall()
    {
        await using var fixture = await StartAsync(
            "answer.sse",
            ByTool,
            "\"ant/replay:answer.sse\"",
            """ "models": { "ant/replay:answer.sse": { "contextWindow": 200000, "maxOutput": 4096, "lacks": ["json_schema"], "price": { "input": "1", "output": "2" } } },"""
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", OfSchema);

        var body = await BodyAsync(response);
        body.ShouldContain("\"content\":\"{\\\"ok\\\":true}\"");
        body.ShouldContain("\"finish_reason\":\"stop\"");
        body.ShouldNotContain("tool_calls");
    }

    private static async Task<GatewayFixture> StartAsync(string file, string answer, string target, string models = "")
    {
        var recordings = new TempDirectory();
        await File.WriteAllTextAsync(recordings.File(file), answer, TestContext.Current.CancellationToken);
        return await GatewayFixture.StartAsync(models + GatewayFixture.Routes(("r", target, null)), recordings: recordings.Path);
    }

    private static Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static string? ContentOf(string body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }
}
