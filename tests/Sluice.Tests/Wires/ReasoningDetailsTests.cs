using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>A client of Chat Completions that returns a message as it got it returns every signature in it.</summary>
public sealed class ReasoningDetailsTests
{
    private static readonly OpenAiChatWire Wire = new();

    private static readonly Dictionary<string, (AnswerEvent[] Events, Part[] Parts)> Cases = new()
    {
        ["signed thinking before a call"] = (
            [
                new ReasoningDelta("let me "),
                new ReasoningDelta("see"),
                new ReasoningSigned("SIG"),
                new ToolCallStarted(0, "c1", "f"),
                new ToolArgumentsDelta(0, "{}"),
                new Finished(FinishReason.ToolCalls),
            ],
            [new ReasoningPart("let me see", "SIG"), new ToolCallPart("c1", "f", "{}")]
        ),
        ["withheld thinking"] = (
            [new ReasoningRedacted("DATA"), new TextDelta("a"), new Finished(FinishReason.Stop)],
            [new ReasoningPart("", null, "DATA"), new TextPart("a")]
        ),
        ["two pieces, one signed"] = (
            [
                new ReasoningDelta("one"),
                new ReasoningSigned("S1"),
                new ReasoningRedacted("D2"),
                new TextDelta("a"),
                new Finished(FinishReason.Stop),
            ],
            [new ReasoningPart("one", "S1"), new ReasoningPart("", null, "D2"), new TextPart("a")]
        ),
        ["a signature of a call among others"] = (
            [
                new ToolCallStarted(0, "c1", "f"),
                new ToolArgumentsDelta(0, "{}"),
                new ReasoningSigned("SIG"),
                new ToolCallStarted(1, "c2", "g"),
                new ToolArgumentsDelta(1, "{}"),
                new Finished(FinishReason.ToolCalls),
            ],
            [new ToolCallPart("c1", "f", "{}"), new ReasoningPart("", "SIG"), new ToolCallPart("c2", "g", "{}")]
        ),
        ["a signature behind the text"] = (
            [new TextDelta("a"), new ReasoningSigned("SIG"), new Finished(FinishReason.Stop)],
            [new TextPart("a"), new ReasoningPart("", "SIG")]
        ),
        ["reasoning that nobody signed"] = (
            [new ReasoningDelta("hm"), new TextDelta("a"), new Finished(FinishReason.Stop)],
            [new ReasoningPart("hm", null), new TextPart("a")]
        ),
    };

    public static TheoryData<string> Turns() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Turns))]
    public void WholeMessage_ComesBackAsItWas(string name)
    {
        var (events, expected) = Cases[name];
        var bytes = new ArrayBufferWriter<byte>();
        Wire.Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true)).WriteWhole(events, bytes);

        var message = JsonNode.Parse(bytes.WrittenSpan)!["choices"]![0]!["message"]!;

        Shape(Returned(message)).ShouldBe(Shape(expected), name);
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void StreamedMessage_PutTogetherByTheClient_ComesBackAsItWas(string name)
    {
        var (events, expected) = Cases[name];
        var bytes = new ArrayBufferWriter<byte>();
        var writer = Wire.Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true));
        foreach (var answerEvent in events)
        {
            writer.WriteFrames(answerEvent, bytes);
        }

        writer.WriteEnd(bytes);

        Shape(Returned(PutTogether(Encoding.UTF8.GetString(bytes.WrittenSpan)))).ShouldBe(Shape(expected), name);
    }

    [Fact]
    public void OpenRoutersEntry_GoesBackToItWithFormatAndId()
    {
        const string Details =
            """[{"type":"reasoning.text","text":"hm","signature":"SIG","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"ENC","format":"openai-responses-v1","id":"rs_1","index":1}]""";
        var request = Wire.Codec.ReadRequest(
            Encoding.UTF8.GetBytes(
                $$"""{"model":"m","messages":[{"role":"assistant","content":"a","reasoning":"hm","reasoning_details":{{Details}}}]}"""
            )
        );
        var bytes = new ArrayBufferWriter<byte>();

        Wire.Codec.WriteRequest(request, TestTargets.Of(TestTargets.Named("openrouter")), [], bytes);

        var written = JsonNode.Parse(bytes.WrittenSpan)!["messages"]![0]!["reasoning_details"]!;
        JsonNode.DeepEquals(written, JsonNode.Parse(Details)).ShouldBeTrue(written.ToJsonString());
    }

    [Fact]
    public void OpenRoutersStream_IsReadOnceWithItsSignature()
    {
        var events = new List<AnswerEvent>();
        var reader = Wire.Codec.ReadAnswer(TestTargets.Named("openrouter"));
        foreach (
            var delta in (string[])
                [
                    """{"reasoning":"h","reasoning_details":[{"type":"reasoning.text","text":"h","format":"anthropic-claude-v1","index":0}]}""",
                    """{"reasoning":"m","reasoning_details":[{"type":"reasoning.summary","summary":"m","format":"openai-responses-v1","index":0}]}""",
                    """{"content":"","reasoning":null,"reasoning_details":[{"type":"reasoning.text","signature":"SIG","index":0}]}""",
                    """{"reasoning_details":[{"type":"reasoning.encrypted","data":"ENC","index":1}]}""",
                ]
        )
        {
            var data = Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"delta":{{delta}}}]}""");
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        events.ShouldBe([new ReasoningDelta("h"), new ReasoningDelta("m"), new ReasoningSigned("SIG"), new ReasoningRedacted("ENC")]);
    }

    private static IReadOnlyList<Part> Returned(JsonNode message) =>
        Wire
            .Codec.ReadRequest(
                Encoding.UTF8.GetBytes(new JsonObject { ["model"] = "m", ["messages"] = new JsonArray(message.DeepClone()) }.ToJsonString())
            )
            .Messages[0]
            .Parts;

    /// <summary>As clients do: texts are joined, lists are appended to, calls are joined by index.</summary>
    private static JsonObject PutTogether(string stream)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = "" };
        var (calls, details) = (new JsonArray(), new JsonArray());
        foreach (var line in stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var delta = JsonNode.Parse(line["data: ".Length..])!["choices"]!.AsArray().FirstOrDefault()?["delta"];
            foreach (var text in (string[])["content", "reasoning_content"])
            {
                if (delta?[text] is { } said)
                {
                    message[text] = $"{message[text]}{said}";
                }
            }

            foreach (var entry in delta?["reasoning_details"]?.AsArray() ?? [])
            {
                details.Add(entry!.DeepClone());
            }

            foreach (var call in delta?["tool_calls"]?.AsArray() ?? [])
            {
                if (call!["id"] is not null)
                {
                    calls.Add(call.DeepClone());
                }
                else
                {
                    var function = calls[call["index"]!.GetValue<int>()]!["function"]!;
                    function["arguments"] = $"{function["arguments"]}{call["function"]!["arguments"]}";
                }
            }
        }

        message["tool_calls"] = calls;
        message["reasoning_details"] = details;
        return message;
    }

    private static string Shape(IReadOnlyList<Part> parts) =>
        string.Join(
            " | ",
            parts.Select(p =>
                p switch
                {
                    ReasoningPart r => $"reasoning({r.Text},{r.Signature},{r.Redacted})",
                    ToolCallPart c => $"call({c.Id},{c.Name},{c.Arguments})",
                    TextPart t => $"text({t.Text})",
                    _ => p.ToString(),
                }
            )
        );
}
