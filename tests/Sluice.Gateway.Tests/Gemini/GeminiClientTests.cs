using static Sluice.Gateway.Tests.Gemini.GeminiClient;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>Gemini's clients before every provider.</summary>
public sealed class GeminiClientTests
{
    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Plain_IsAnswered(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(fixture, "r", """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""");

        TextOf(answer).ShouldBe("You said: hello");
        answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        answer.GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Stream_IsAnswered(string provider)
    {
        await using var fixture = await StartAsync(provider);

        using var response = await fixture.PostAsync(
            $"{Base}/r:streamGenerateContent?alt=sse",
            """{"contents":[{"parts":[{"text":"one two three"}]}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var chunks = ChunksOf(text);
        chunks.Count.ShouldBeGreaterThan(4);
        string.Concat(chunks.Select(TextOf)).ShouldBe("You said: one two three");
        chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        chunks[^1].GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBe(6);
        text.ShouldNotContain("[DONE]");
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Client_SameWire_PassesThroughByteForByte()
    {
        await using var fixture = await StartAsync("gem");
        const string Body =
            """{ "contents" : [{"parts":[{"text":"x","thoughtSignature":"AA=="}]}], "generation_config":{"max_output_tokens":9},"brandNew":[1, 2] }""";

        using var response = await fixture.PostAsync($"{Base}/r:generateContent", Body);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var sent = fixture.Simulator.Requests.Single();
        System.Text.Encoding.UTF8.GetString(sent.Body.Span).ShouldBe(Body);
        sent.Path.ShouldBe("/v1beta/models/gemini-2.5-flash:generateContent");
        sent.Headers["x-goog-api-key"].ShouldBe("secret-KEY");
        sent.Headers.ContainsKey("authorization").ShouldBeFalse();
        answer.ShouldStartWith(
            """{"candidates":[{"content":{"parts":[{"text":"You said: x"}],"role":"model"},"finishReason":"STOP","index":0}]"""
        );
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Tools_GoBothWays(string provider)
    {
        await using var fixture = await StartAsync(provider);
        const string Tools =
            """ "tools":[{"functionDeclarations":[{"name":"weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}},{"name":"time"}]}]""";

        var asked = await AskAsync(fixture, "r", $$$$"""{"contents":[{"role":"user","parts":[{"text":"[tools] go"}]}],{{{{Tools}}}}}""");
        var turn = asked.GetProperty("candidates")[0].GetProperty("content");
        var calls = turn.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("functionCall")).ToList();
        var answer = await AskAsync(
            fixture,
            "r",
            $$$$"""{"contents":[{"role":"user","parts":[{"text":"[tools] go"}]},{{{{turn.GetRawText()}}}},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"output":"sunny"}}},{"functionResponse":{"name":"time","response":{"error":"broken clock"}}}]}],{{{{Tools}}}}}"""
        );

        calls
            .Select(c => (c.GetProperty("name").GetString(), c.GetProperty("args").GetRawText()))
            .ShouldBe([("weather", """{"city":"text"}"""), ("time", "{}")]);
        TextOf(answer).ShouldStartWith("The tools said: sunny; ");
        TextOf(answer).ShouldEndWith("error: broken clock");
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Image_IsSeen(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"look"},{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}}]}]}"""
        );

        // Same wire: the body goes as it came, and the provider takes either spelling.
        TextOf(answer).ShouldContain("I see 1 image.");
    }

    [Theory]
    [InlineData("gem")]
    [InlineData("oai")]
    public async Task Client_StructuredOutput_HasItsShape(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"go"}]}],"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}}"""
        );

        TextOf(answer).ShouldBe("""{"n":42}""");
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Thinking_IsShownApart(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"[think] go"}]}],"generationConfig":{"maxOutputTokens":4096,"thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}}}"""
        );

        var parts = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray().ToList();
        parts[0].GetProperty("thought").GetBoolean().ShouldBeTrue();
        parts[0].GetProperty("text").GetString().ShouldBe("The user wants an answer.");
        parts[^1].GetProperty("text").GetString().ShouldBe("You said: [think] go");
    }
}
