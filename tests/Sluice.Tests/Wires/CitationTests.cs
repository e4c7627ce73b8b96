using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What a text rests on crosses from wire to wire.</summary>
public sealed class CitationTests
{
    private const string Location =
        """{"type":"web_search_result_location","url":"https://a","title":"A","cited_text":"x","encrypted_index":"E"}""";

    private const string Cited = """{"content":[{"type":"text","text":"a","citations":[""" + Location + """]}],"stop_reason":"end_turn"}""";

    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire());

    [Fact]
    public void MessagesCitation_IsAnAnnotationOfChat()
    {
        var events = Whole(WireKind.AnthropicMessages, Cited);

        Written(WireKind.OpenAiChat, events)
            .ShouldContain(
                """annotations":[{"type":"url_citation","url_citation":{"url":"https://a","title":"A","start_index":0,"end_index":0,"content":"x"}}]"""
            );
    }

    [Fact]
    public void MessagesCitation_OnItsOwnWire_IsAsItWas()
    {
        var events = Whole(WireKind.AnthropicMessages, Cited);

        Written(WireKind.AnthropicMessages, events).ShouldContain($"\"text\":\"a\",\"citations\":[{Location}]");
        Streamed(WireKind.AnthropicMessages, events).ShouldContain($"\"delta\":{{\"type\":\"citations_delta\",\"citation\":{Location}}}");
    }

    [Fact]
    public void ChatAnnotation_IsAPageAMessagesSearchFound()
    {
        var events = Whole(
            WireKind.OpenAiChat,
            """{"choices":[{"index":0,"message":{"content":"a","annotations":[{"type":"url_citation","url_citation":{"url":"https://a","title":"A","start_index":0,"end_index":1}}]},"finish_reason":"stop"}]}"""
        );

        Written(WireKind.AnthropicMessages, events)
            .ShouldContain(
                """citations":[{"type":"web_search_result_location","url":"https://a","title":"A","cited_text":"","encrypted_index":""}]"""
            );
    }

    [Fact]
    public void CitationsOfAnEarlierTurn_GoBackToMessagesAloneAndAreReportedElsewhere()
    {
        var request = Wires[WireKind.AnthropicMessages]
            .Codec.ReadRequest(
                Encoding.UTF8.GetBytes(
                    """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"text","text":"a","citations":["""
                        + Location
                        + """]}]},{"role":"user","content":"r"}]}"""
                )
            );

        var (messages, none) = Request(WireKind.AnthropicMessages, request);
        var (_, lost) = Request(WireKind.OpenAiChat, request);

        messages.ShouldContain($"{{\"type\":\"text\",\"text\":\"a\",\"citations\":[{Location}]}}");
        none.ShouldBeEmpty();
        lost.ShouldBe(["citations"]);
    }

    private static (string Body, string[] Lost) Request(WireKind wire, ChatRequest request)
    {
        var (degradations, bytes) = (new List<Degradation>(), new ArrayBufferWriter<byte>());
        Wires[wire].Codec.WriteRequest(request, TestTargets.Of(wire), degradations, bytes);
        return (Encoding.UTF8.GetString(bytes.WrittenSpan), [.. degradations.Select(d => d.Feature)]);
    }

    private static List<AnswerEvent> Whole(WireKind wire, string body)
    {
        var events = new List<AnswerEvent>();
        Wires[wire].Codec.ReadAnswer(TestTargets.DialectOf(wire)).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return events;
    }

    private static IAnswerWriter Writer(WireKind wire) =>
        Wires[wire].Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true));

    private static string Written(WireKind wire, List<AnswerEvent> events)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Writer(wire).WriteWhole(events, bytes);
        using var valid = JsonDocument.Parse(bytes.WrittenMemory);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Streamed(WireKind wire, List<AnswerEvent> events)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = Writer(wire);
        events.ForEach(e => writer.WriteFrames(e, bytes));
        writer.WriteEnd(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
