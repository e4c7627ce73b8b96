using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What cannot cross from one wire to the other is said, in the header and in the receipt.</summary>
public sealed class DegradationTests
{
    private const string Whole = """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},{"type":"text","text":"Bern.","citations":[{"type":"web_search_result_location","cited_text":"Bern"}]}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}
        """;

    private const string Stream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":[]}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Bern."}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"Bern"}}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Fact]
    public async Task WholeAnswer_PartsTheClientCannotGet_AreNamedInTheHeader()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(recordings.File("answer.json"), Whole, TestContext.Current.CancellationToken);
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cited", GatewayFixture.Sim("ant", "replay:answer.json"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("cited", stream: false));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"content\":\"Bern.\"");
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("server_tool_use");
    }

    [Fact]
    public async Task Stream_PartsTheClientCannotGet_AreNamedInTheReceipt()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(recordings.File("answer.sse"), Stream, TestContext.Current.CancellationToken);
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cited", GatewayFixture.Sim("ant", "replay:answer.sse"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("cited", stream: true));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("[DONE]");
        var degradation = (await fixture.ReceiptAsync(response)).GetProperty("degradations").EnumerateArray().Single();
        degradation.GetProperty("feature").GetString().ShouldBe("server_tool_use");
        degradation.GetProperty("action").GetString().ShouldBe("left out of the answer");
    }

    [Fact]
    public async Task Probabilities_ThatMessagesHasNoPlaceFor_AreNamed()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("answer.json"),
            """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.1}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("likely", GatewayFixture.Sim("oai", "replay:answer.json"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"likely","max_tokens":9,"providerOptions":{"openai":{"logprobs":true}},"messages":[{"role":"user","content":"q"}]}"""
        );

        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("logprobs");
    }
}
