using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Attempts;

/// <summary>A committed answer as events, whatever wire it comes over and whether it streams.</summary>
internal static class AnswerEvents
{
    /// <summary>Everything that the answer holds, for callers inside the process.</summary>
    public static async IAsyncEnumerable<AnswerEvent> ReadAsync(Committed committed)
    {
        var reader = committed.Answer.Read();
        var events = new List<AnswerEvent>();
        if (committed.Answer is WholeAnswer whole)
        {
            reader.ReadWhole(whole.Body.Span, events);
            foreach (var answerEvent in Held(events, committed.Call, committed.Candidate.Target, client: null))
            {
                yield return answerEvent;
            }

            yield break;
        }

        for (var last = false; !last; )
        {
            var (batch, cut) = (default(StreamBatch), (ProviderException?)null);
            try
            {
                batch = await committed.ReadAsync().ConfigureAwait(false);
            }
            catch (ProviderException failure) when (committed.Continuing is not null)
            {
                cut = failure;
            }

            if (cut is not null)
            {
                await foreach (var answerEvent in committed.Continuing!.GoOnAsync(committed.Answer, cut).ConfigureAwait(false))
                {
                    yield return answerEvent;
                }

                yield break;
            }

            last = batch.Last;
            Read(batch.Bytes.Span, committed, reader, events);
            foreach (var answerEvent in Held(events, committed.Call, committed.Candidate.Target, client: null))
            {
                yield return answerEvent;
            }

            events.Clear();
        }
    }

    /// <summary>The events the caller gets; of the others the call takes note.</summary>
    /// <param name="events">As the provider's wire gave them.</param>
    /// <param name="call">The call they answer.</param>
    /// <param name="issuer">Whose signatures they are, when they leave their wire.</param>
    /// <param name="client">The caller's wire; <see langword="null"/> for a caller inside the process, who has a place for everything.</param>
    public static IEnumerable<AnswerEvent> Held(List<AnswerEvent> events, Call call, Target? issuer, WireKind? client)
    {
        foreach (var answerEvent in events)
        {
            switch (answerEvent)
            {
                case Omitted omitted:
                    call.Omit(omitted.Feature);
                    break;
                case PartReported reported when client is not null:
                    call.Omit(reported.Feature);
                    break;
                case LogprobsReported when client == WireKind.AnthropicMessages:
                    call.Omit("logprobs");
                    break;
                default:
                    yield return issuer is null ? answerEvent : Signatures.Wrapped(answerEvent, issuer);
                    break;
            }
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, Committed committed, IAnswerReader reader, List<AnswerEvent> events)
    {
        while (committed.Answer.Wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            bytes = bytes[frame.Length..];
        }
    }
}
