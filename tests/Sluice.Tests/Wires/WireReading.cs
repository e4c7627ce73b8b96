using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Reads answers and writes requests of one wire for tests: facts and events, whole and in chunks of any size.</summary>
internal static class WireReading
{
    public static AnswerObserver Facts(IWire wire, byte[] body, int chunk, bool stream = true)
    {
        var facts = wire.Observe(new CallFeatures { Stream = stream }, TestTargets.DialectOf(wire.Kind));
        foreach (var frame in Frames(wire, body, chunk))
        {
            facts.Observe(new Frame { Length = frame.Length, Data = frame });
        }

        return facts;
    }

    public static List<AnswerEvent> Events(IWire wire, byte[] body, int chunk)
    {
        var events = new List<AnswerEvent>();
        var reader = wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind));
        foreach (var frame in Frames(wire, body, chunk))
        {
            reader.ReadFrame(new Frame { Length = frame.Length, Data = frame }, events);
        }

        return events;
    }

    /// <summary>What of an answer a client of another wire does not get, by name.</summary>
    public static IEnumerable<string> Unheld(this IEnumerable<AnswerEvent> events) =>
        events.Select(e => (e as Omitted)?.Feature ?? (e as PartReported)?.Feature).OfType<string>();

    public static WholeMessage Whole(IWire wire, string body)
    {
        var events = new List<AnswerEvent>();
        wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind)).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return WholeMessage.Of(events);
    }

    public static (string Body, string Lost) Written(IWire wire, ChatRequest request, string model = "m")
    {
        var degradations = new List<Degradation>();
        var body = new ArrayBufferWriter<byte>();
        wire.Codec.WriteRequest(request, TestTargets.Of(wire.Kind, model), degradations, body);
        return (Encoding.UTF8.GetString(body.WrittenSpan), string.Join(", ", degradations.Select(d => d.Feature)));
    }

    /// <summary>The payloads of frames, cut while so many bytes arrive at a time.</summary>
    private static IEnumerable<byte[]> Frames(IWire wire, byte[] body, int chunk)
    {
        var (start, end) = (0, 0);
        while (end < body.Length)
        {
            end = Math.Min(body.Length, end + chunk);
            while (Next(wire, body.AsSpan(start..end), end == body.Length, out var length) is { } data)
            {
                start += length;
                yield return data;
            }
        }
    }

    private static byte[]? Next(IWire wire, ReadOnlySpan<byte> bytes, bool final, out int length)
    {
        var found = wire.Framing.TryRead(bytes, final, out var frame);
        length = frame.Length;
        return found ? frame.Data.ToArray() : null;
    }
}
