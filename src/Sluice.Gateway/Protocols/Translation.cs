using System.Buffers;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Gateway.Protocols;

/// <summary>An answer on its way from the provider's wire to the client's.</summary>
internal sealed class Translation(Answer answer, IWire client, Call call, RequestHead head, TimeProvider time)
{
    private readonly IAnswerReader _reader = answer.Read();
    private readonly List<AnswerEvent> _events = [];

    /// <summary>Whose signatures the client is given, where they go into envelopes.</summary>
    private readonly Target? _issuer = answer.Wire.Kind == client.Kind && !answer.WrapsSignatures ? null : answer.Target;
    private IAnswerWriter? _writer;

    /// <summary>How many events the client was sent, where its protocol counts them.</summary>
    public int Events => _writer?.Events ?? 0;

    /// <summary>Translates whole frames as they arrive.</summary>
    public void Frames(ReadOnlySpan<byte> bytes, bool last, IBufferWriter<byte> output)
    {
        while (answer.Wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            _events.Clear();
            _reader.ReadFrame(frame, _events);
            foreach (var answerEvent in AnswerEvents.Held(_events, call, _issuer, client.Kind))
            {
                Writer().WriteFrames(answerEvent, output);
            }

            bytes = bytes[frame.Length..];
        }

        if (last)
        {
            Writer().WriteEnd(output);
        }
    }

    /// <summary>Translates a whole body, into a whole body or into the frames of a stream.</summary>
    public ReadOnlyMemory<byte> Whole(ReadOnlySpan<byte> body, bool stream)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        _reader.ReadWhole(body, _events);
        var held = AnswerEvents.Held(_events, call, _issuer, client.Kind).ToList();
        if (!stream)
        {
            Writer().WriteWhole(held, output);
            return output.WrittenMemory;
        }

        foreach (var answerEvent in held)
        {
            Writer().WriteFrames(answerEvent, output);
        }

        Writer().WriteEnd(output);
        return output.WrittenMemory;
    }

    /// <summary>Made at the first event, when the provider has said what it calls the answer.</summary>
    public IAnswerWriter Writer() =>
        _writer ??= client.Codec.WriteAnswer(
            new AnswerIdentity(answer.Facts.Id ?? call.Id, answer.Facts.Model ?? answer.Target.Model, call.StartedAt, head.UsageAsked, head)
            {
                Elapsed = () => time.GetUtcNow() - call.StartedAt,
            }
        );
}
