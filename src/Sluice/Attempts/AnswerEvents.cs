using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>A committed answer as events, whatever wire it comes over and whether it streams.</summary>
internal static class AnswerEvents
{
    public static async IAsyncEnumerable<AnswerEvent> ReadAsync(Committed committed)
    {
        var reader = committed.Answer.Wire.Codec.ReadAnswer();
        var events = new List<AnswerEvent>();
        if (committed.Answer is WholeAnswer whole)
        {
            reader.ReadWhole(whole.Body.Span, events);
            foreach (var answerEvent in events)
            {
                yield return answerEvent;
            }

            yield break;
        }

        for (var last = false; !last; )
        {
            var batch = await committed.ReadAsync().ConfigureAwait(false);
            last = batch.Last;
            Read(batch.Bytes.Span, committed, reader, events);
            foreach (var answerEvent in events)
            {
                yield return answerEvent;
            }

            events.Clear();
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, Committed committed, Wires.IAnswerReader reader, List<AnswerEvent> events)
    {
        while (committed.Answer.Wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            bytes = bytes[frame.Length..];
        }
    }
}
