using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Gemini;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Short ways through Gemini's codec and its neighbours for tests.</summary>
internal static class GeminiFixture
{
    public static WireTable Wires { get; } = new(new OpenAiChatWire(), new AnthropicWire(), new GeminiWire());

    public static ChatRequest Read(WireKind wire, string body) => Wires[wire].Codec.ReadRequest(Encoding.UTF8.GetBytes(body));

    /// <summary>A request as a target is sent it, and what it lost on the way.</summary>
    public static (string Body, string[] Lost) Write(
        ChatRequest request,
        WireKind wire = WireKind.Gemini,
        string model = "gemini-2.5-flash"
    )
    {
        var degradations = new List<Degradation>();
        var body = new ArrayBufferWriter<byte>();
        var target = TestTargets.Of(wire, model);
        target = target with { Card = target.Card with { Reasoning = true } };
        Wires[wire]
            .Codec.WriteRequest(Signatures.For(request, target, request.Origin == target.Wire, degradations), target, degradations, body);
        return (Encoding.UTF8.GetString(body.WrittenSpan), [.. degradations.Select(d => d.Feature)]);
    }

    public static List<AnswerEvent> Whole(string body, WireKind wire = WireKind.Gemini)
    {
        var events = new List<AnswerEvent>();
        Wires[wire].Codec.ReadAnswer(TestTargets.DialectOf(wire)).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return events;
    }

    public static List<AnswerEvent> Frames(WireKind wire, ReadOnlySpan<byte> bytes)
    {
        var events = new List<AnswerEvent>();
        var reader = Wires[wire].Codec.ReadAnswer(TestTargets.DialectOf(wire));
        while (Wires[wire].Framing.TryRead(bytes, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            bytes = bytes[frame.Length..];
        }

        return events;
    }

    /// <summary>The events of chunks, without their framing.</summary>
    public static List<AnswerEvent> Chunks(params string[] chunks) =>
        Frames(WireKind.Gemini, Encoding.UTF8.GetBytes(string.Concat(chunks.Select(c => $"data: {c}\r\n\r\n"))));

    public static string WriteWhole(WireKind wire, List<AnswerEvent> events)
    {
        var body = new ArrayBufferWriter<byte>();
        Wires[wire].Codec.WriteAnswer(new AnswerIdentity("id", "m", DateTimeOffset.UnixEpoch, UsageAsked: true)).WriteWhole(events, body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    public static string WriteStream(WireKind wire, List<AnswerEvent> events)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = Wires[wire].Codec.WriteAnswer(new AnswerIdentity("id", "m", DateTimeOffset.UnixEpoch, UsageAsked: true));
        foreach (var answerEvent in events)
        {
            writer.WriteFrames(answerEvent, body);
        }

        writer.WriteEnd(body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }
}
