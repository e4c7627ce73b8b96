using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Signatures go out through a client of another wire in an envelope, come back with its next turn, and reach their issuer alone.</summary>
public sealed class GeminiSignatureTests
{
    private const string Answer = """
        {"candidates":[{"content":{"parts":[{"text":"thinking","thought":true},{"functionCall":{"name":"f","args":{"n":1}},"thoughtSignature":"c2lnbmF0dXJl"},{"functionCall":{"name":"g","args":{}}}],"role":"model"},"finishReason":"STOP"}],"responseId":"r"}
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GeminiToMessages_ComesBackNative(bool streamed)
    {
        var request = NextTurn(streamed);

        var (body, lost) = GeminiFixture.Write(request, model: "gemini-3-flash-preview");

        body.ShouldContain(
            """{"role":"model","parts":[{"text":"thinking","thought":true},{"functionCall":{"name":"f","args":{"n":1}},"thoughtSignature":"c2lnbmF0dXJl"},{"functionCall":{"name":"g","args":{}}}]}"""
        );
        body.ShouldContain("""{"functionResponse":{"name":"f","response":{"output":"one"}}}""");
        lost.ShouldBeEmpty();
    }

    [Fact]
    public void GeminiToMessages_IsStrippedForAnotherModelAndReported()
    {
        var (body, lost) = GeminiFixture.Write(NextTurn(streamed: false), model: "gemini-3.1-pro-preview");

        body.ShouldContain(
            """{"functionCall":{"name":"f","args":{"n":1}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"g","args":{}}}"""
        );
        body.ShouldNotContain("c2lnbmF0dXJl");
        lost.ShouldContain("reasoning");
    }

    [Fact]
    public void GeminiToMessages_IsStrippedForAnotherWire()
    {
        var (body, lost) = GeminiFixture.Write(NextTurn(streamed: false), WireKind.OpenAiChat);

        body.ShouldNotContain("c2x1aWNl");
        lost.ShouldContain("reasoning");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MessagesToGemini_ThinkingAndWhatIsWithheld_ComeBackNative(bool streamed)
    {
        var issuer = TestTargets.Of(WireKind.AnthropicMessages, "claude");
        List<AnswerEvent> events =
        [
            new ReasoningDelta("step "),
            new ReasoningDelta("one"),
            new ReasoningSigned("YW50aHJvcGlj"),
            new ReasoningRedacted("d2l0aGhlbGQ="),
            new TextDelta("So."),
            new ToolCallStarted(0, "toolu_1", "f"),
            new ToolArgumentsDelta(0, "{}"),
            new Finished(FinishReason.ToolCalls),
        ];
        var wrapped = events.ConvertAll(e => Signatures.Wrapped(e, issuer));
        var chunks = streamed
            ? GeminiFixture
                .WriteStream(WireKind.Gemini, wrapped)
                .Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(f => f["data: ".Length..])
            : [GeminiFixture.WriteWhole(WireKind.Gemini, wrapped)];
        var turns = chunks.Select(c => JsonDocument.Parse(c).RootElement.GetProperty("candidates")[0].GetProperty("content").GetRawText());
        // A client for which signatures are bytes may write them back in base64's other alphabet.
        var conversation = string.Join(',', turns).Replace('+', '-');
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            $$$$"""{"contents":[{"role":"user","parts":[{"text":"q"}]},{{{{conversation}}}},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"r"}}}]}]}"""
        );

        var (body, lost) = GeminiFixture.Write(request, WireKind.AnthropicMessages, "claude");

        body.ShouldContain(
            """[{"type":"thinking","thinking":"step one","signature":"YW50aHJvcGlj"},{"type":"redacted_thinking","data":"d2l0aGhlbGQ="},{"type":"text","text":"So."},{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]"""
        );
        body.ShouldContain("\"tool_use_id\":\"toolu_1\"");
        lost.ShouldBeEmpty();
    }

    [Fact]
    public void TrailingTextSignature_ComesBackOnItsText()
    {
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            """{"contents":[{"role":"model","parts":[{"text":"hm","thought":true},{"text":"289","thoughtSignature":"c2ln"}]},{"role":"user","parts":[{"text":"r"}]}]}"""
        );

        GeminiFixture
            .Write(request)
            .Body.ShouldContain("""{"role":"model","parts":[{"text":"hm","thought":true},{"text":"289","thoughtSignature":"c2ln"}]}""");
    }

    /// <summary>The answer as a Messages client got it, with the results of both calls.</summary>
    private static ChatRequest NextTurn(bool streamed)
    {
        var issuer = TestTargets.Of(WireKind.Gemini, "gemini-3-flash-preview");
        var events = GeminiFixture.Whole(Answer).ConvertAll(e => Signatures.Wrapped(e, issuer));
        var content = streamed ? Assembled(events) : Parsed(GeminiFixture.WriteWhole(WireKind.AnthropicMessages, events));
        return GeminiFixture.Read(
            WireKind.AnthropicMessages,
            $$"""{"max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":{{content}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_r_1","content":"two"},{"type":"tool_result","tool_use_id":"call_r_0","content":"one"}]}]}"""
        );
    }

    private static string Parsed(string whole) => JsonDocument.Parse(whole).RootElement.GetProperty("content").GetRawText();

    /// <summary>The blocks of a stream, put together as a client does.</summary>
    private static string Assembled(List<AnswerEvent> events)
    {
        var stream = Encoding.UTF8.GetBytes(GeminiFixture.WriteStream(WireKind.AnthropicMessages, events));
        return Parsed(GeminiFixture.WriteWhole(WireKind.AnthropicMessages, GeminiFixture.Frames(WireKind.AnthropicMessages, stream)));
    }
}
