using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Cli.Decoding;

/// <summary>Reads a recorded answer as a call would, whatever its body looks like.</summary>
/// <param name="wire">The protocol it is in.</param>
/// <param name="dialect">How the vendor that gave it deviates.</param>
internal sealed class AnswerDecoder(IWire wire, Dialect dialect)
{
    /// <param name="recorded">The recorded bytes.</param>
    /// <param name="stream">Whether they were streamed; a body that shows it is read as a stream in any case.</param>
    public DecodedAnswer Decode(ReadOnlySpan<byte> recorded, bool stream)
    {
        var body = RecordedBody.WithoutMark(recorded);
        if (RecordedBody.IsCompressed(body))
        {
            return DecodedAnswer.Unreadable(RecordedBody.Compressed());
        }

        if (RecordedBody.IsBinary(body))
        {
            return DecodeBinary(body);
        }

        var payloads = RecordedBody.PayloadsOf(body);
        return payloads.Count > 1 || RecordedBody.IsEventStream(body) ? Frames(body, payloads)
            : stream && !IsWhole(body) ? Frames(body, payloads)
            : Whole(body);
    }

    private DecodedAnswer DecodeBinary(ReadOnlySpan<byte> body)
    {
        var events = BinaryEvents.Unpack(body, out var damage);
        var reading = new AnswerReading(wire, dialect);
        reading.ReadFrames(events, []);
        return reading.End(damage);
    }

    /// <summary>Plain JSON may come where a stream was asked for; one frame of a stream is JSON, too.</summary>
    private bool IsWhole(ReadOnlySpan<byte> body)
    {
        if (!RecordedBody.IsJson(body))
        {
            return false;
        }

        var reading = new AnswerReading(wire, dialect);
        reading.ReadWhole(body);
        return reading.IsComplete;
    }

    private DecodedAnswer Whole(ReadOnlySpan<byte> body)
    {
        var reading = new AnswerReading(wire, dialect);
        reading.ReadWhole(body);
        return reading.Answer;
    }

    private DecodedAnswer Frames(ReadOnlySpan<byte> body, List<byte[]> payloads)
    {
        var reading = new AnswerReading(wire, dialect);
        reading.ReadFrames(body, payloads);
        return reading.SaysNothing && RecordedBody.IsJson(body) ? Whole(body) : reading.End();
    }
}

/// <summary>What an answer says, in the words of every wire.</summary>
/// <param name="MalformedFrames">How many frames of a stream were skipped because they cannot be read.</param>
internal sealed record DecodedAnswer(
    WholeMessage Message,
    FinishReason? Finish,
    Money.Usage? Usage,
    int MalformedFrames,
    ProviderException? Error
)
{
    public static DecodedAnswer Unreadable(ProviderException error) => new(WholeMessage.Of([]), null, null, 0, error);
}
