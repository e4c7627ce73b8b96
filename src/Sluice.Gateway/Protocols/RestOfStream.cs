using System.Buffers;
using Sluice.Attempts;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>Writes the rest of a stream that was cut, in frames that fit those its client has.</summary>
/// <remarks>
/// Where the answer was translated its writer goes on. Where it passed as it was, a writer is told what the client has seen: it then
/// knows what is open, which ids that has and how many events there were.
/// </remarks>
internal sealed class RestOfStream(Committed committed, Translation? translation, IWire client, RequestHead head, TimeProvider time)
{
    private IAnswerWriter? _writer;

    public IAnswerWriter Writer => _writer ??= translation?.Writer() ?? Seeded();

    /// <summary>How many events the client was sent, where its protocol counts them; <see langword="null"/> while none is of the rest.</summary>
    public int? Events => _writer?.Events;

    private IAnswerWriter Seeded()
    {
        var (answer, call, sent) = (committed.Answer, committed.Call, committed.Continuing!.Sent);
        var writer = client.Codec.WriteAnswer(
            new AnswerIdentity(
                answer.Facts.Id ?? call.Id,
                answer.Facts.Model ?? answer.Target.Model,
                sent.Created ?? call.StartedAt,
                head.UsageAsked,
                head
            )
            {
                Items = sent.Items,
                Elapsed = () => time.GetUtcNow() - call.StartedAt,
            }
        );
        var seen = new ArrayBufferWriter<byte>();
        foreach (var answerEvent in sent.Events)
        {
            writer.WriteFrames(answerEvent, seen);
            seen.ResetWrittenCount();
        }

        writer.CountOn(answer.Facts.Events);
        return writer;
    }
}
