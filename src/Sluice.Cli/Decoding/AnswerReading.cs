using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Failures;
using Sluice.Wires.Records;

namespace Sluice.Cli.Decoding;

/// <summary>One reading of a body: facts from the side and events, as a call has them.</summary>
internal sealed class AnswerReading(IWire wire, Dialect dialect)
{
    private readonly List<AnswerEvent> _events = [];
    private readonly AnswerObserver _facts = wire.Observe(new CallFeatures(), dialect);
    private ProviderException? _error;

    /// <summary>What was read so far.</summary>
    public DecodedAnswer Answer => new(WholeMessage.Of(_events), Finish, _facts.Usage, _facts.MalformedFrames, Error);

    /// <summary>Whether it is an answer with something in it, from its beginning to its end.</summary>
    public bool IsComplete => Error is null && _facts.Terminated && _facts.ContentBytes > 0;

    public bool SaysNothing => _events.Count == 0 && Error is null;

    private ProviderException? Error => _facts.Error ?? _error;

    /// <summary>An answer that the provider let fail has not finished, whatever its last words were.</summary>
    private FinishReason? Finish => _facts.Error is null ? _events.OfType<Finished>().LastOrDefault()?.Reason : null;

    /// <param name="body">The body, in the framing of its wire.</param>
    /// <param name="payloads">Its frames, where the framing was taken off.</param>
    public void ReadFrames(ReadOnlySpan<byte> body, List<byte[]> payloads)
    {
        var reader = wire.Codec.ReadAnswer(dialect);
        foreach (var payload in payloads)
        {
            Read(reader, new Frame { Length = payload.Length, Data = payload });
        }

        while (payloads.Count == 0 && wire.Framing.TryRead(body, final: true, out var frame))
        {
            Read(reader, frame);
            body = body[frame.Length..];
        }
    }

    /// <summary>The end of a stream; without its terminal event it was cut.</summary>
    /// <param name="damage">Why no more of it could be read.</param>
    public DecodedAnswer End(ProviderException? damage = null)
    {
        if (!_facts.Terminated)
        {
            _error ??=
                damage
                ?? (
                    _facts.Events == 0
                        ? new ProviderException(FailureClass.Drift, "there is no event in the stream")
                        : new ProviderException(FailureClass.Transient, "the stream ended before its terminal event")
                );
        }

        return Answer;
    }

    public void ReadWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            _facts.ObserveWhole(body);
            wire.Codec.ReadAnswer(dialect).ReadWhole(body, _events);
        }
        catch (Exception exception) when (IsOfTheBody(exception))
        {
            _error = Drift(exception);
            if (_error.Failure == FailureClass.Drift && RecordedBody.IsJson(body) && ErrorBody.Read(body).Message.Length > 0)
            {
                // No answer, but an error that its status would have shown.
                _error = FailureClassifier.ClassifyBody(body);
            }
        }
    }

    /// <summary>As in a call, one bad frame among good ones is skipped, and an error is the end.</summary>
    private void Read(IAnswerReader reader, in Frame frame)
    {
        if (_facts.Error is not null || (_facts.Observe(frame) & (FrameMarks.Malformed | FrameMarks.Error)) != 0)
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

    private static bool IsOfTheBody(Exception exception) =>
        exception is ProviderException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException;

    private static ProviderException Drift(Exception exception) =>
        exception as ProviderException
        ?? new ProviderException(FailureClass.Drift, "the answer does not have its documented shape", exception);
}
