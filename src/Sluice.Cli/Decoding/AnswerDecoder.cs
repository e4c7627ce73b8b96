using System.Text;
using System.Text.Json;
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
    private readonly List<AnswerEvent> _events = [];
    private AnswerObserver _facts = wire.Observe(new CallFeatures(), dialect);
    private ProviderException? _error;

    /// <param name="body">The recorded bytes.</param>
    /// <param name="stream">Whether they were streamed; a body that shows it is read as a stream in any case.</param>
    public DecodedAnswer Decode(ReadOnlySpan<byte> body, bool stream)
    {
        if (stream || RecordedBody.IsEventStream(body))
        {
            ReadStream(body);
        }
        else
        {
            ReadWhole(body);
        }

        return new DecodedAnswer(WholeMessage.Of(_events), Finish, _facts.Usage, _facts.Error ?? _error);
    }

    private FinishReason? Finish => _events.OfType<Finished>().LastOrDefault()?.Reason;

    private void ReadStream(ReadOnlySpan<byte> body)
    {
        var reader = wire.Codec.ReadAnswer(dialect);
        foreach (var payload in RecordedBody.PayloadsOf(body))
        {
            Read(reader, new Frame { Length = payload.Length, Data = payload });
        }

        if (RecordedBody.PayloadsOf(body).Count == 0)
        {
            var rest = body;
            while (wire.Framing.TryRead(rest, final: true, out var frame))
            {
                Read(reader, frame);
                rest = rest[frame.Length..];
            }
        }

        if (_events.Count == 0 && _facts.Error is null && RecordedBody.IsObject(body))
        {
            // A stream was asked for and plain JSON came.
            _facts = wire.Observe(new CallFeatures(), dialect);
            ReadWhole(body);
        }
        else if (!_facts.Terminated && _facts.Error is null)
        {
            _error ??= new ProviderException(FailureClass.Transient, "the stream ended before its terminal event");
        }
    }

    /// <summary>One bad frame among good ones is skipped, as in a call.</summary>
    private void Read(IAnswerReader reader, in Frame frame)
    {
        if ((_facts.Observe(frame) & FrameMarks.Malformed) != 0)
        {
            return;
        }

        try
        {
            reader.ReadFrame(frame, _events);
        }
        catch (Exception exception) when (IsOfTheBody(exception))
        {
            _error ??= Drift(exception);
        }
    }

    private void ReadWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            _facts.ObserveWhole(body);
            wire.Codec.ReadAnswer(dialect).ReadWhole(body, _events);
        }
        catch (Exception exception) when (IsOfTheBody(exception))
        {
            _error = Drift(exception);
        }
    }

    private static bool IsOfTheBody(Exception exception) =>
        exception is ProviderException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException;

    private static ProviderException Drift(Exception exception) =>
        exception as ProviderException
        ?? new ProviderException(FailureClass.Drift, "the answer does not have its documented shape", exception);
}

/// <summary>What an answer says, in the words of every wire.</summary>
internal sealed record DecodedAnswer(WholeMessage Message, FinishReason? Finish, Money.Usage? Usage, ProviderException? Error);
