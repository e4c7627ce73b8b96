using Sluice.Calls;
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
            foreach (var answerEvent in Held(events, committed.Call))
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
            foreach (var answerEvent in Held(events, committed.Call))
            {
                yield return answerEvent;
            }

            events.Clear();
        }
    }

    /// <summary>The events the caller gets; of the others the call takes note.</summary>
    public static IEnumerable<AnswerEvent> Held(List<AnswerEvent> events, Call call)
    {
        foreach (var answerEvent in events)
        {
            if (answerEvent is Omitted omitted)
            {
                call.Omit(omitted.Feature);
            }
            else
            {
                yield return answerEvent;
            }
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
