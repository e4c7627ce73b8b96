using Sluice.Calls;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Whole frames of a stream, byte for byte as they may reach the client.</summary>
/// <param name="Bytes">Valid until the next read.</param>
/// <param name="Last">The answer is complete; nothing follows.</param>
internal readonly record struct StreamBatch(ReadOnlyMemory<byte> Bytes, bool Last);

/// <summary>A streamed answer, read up to its first content before anybody sees it.</summary>
/// <remarks>
/// Until the commit everything is held, so that "failed before output" is just "the attempt threw". From then on each read hands
/// over the whole frames that have arrived, without those that are hidden or unreadable.
/// </remarks>
internal sealed class PrimedStream : Answer
{
    /// <summary>Held bytes commit at this size, content or not.</summary>
    private const int MostHeld = 64 * 1024;

    private const int LongestFrame = 16 * 1024 * 1024;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    private readonly HttpResponseMessage _response;
    private readonly AttemptClock _clock;
    private readonly TimeSpan _betweenEvents;
    private readonly bool _hideUsage;
    private readonly StreamBuffer _input = new();
    private readonly StreamBuffer _output = new();
    private Stream? _stream;
    private ProviderException? _failure;
    private bool _committed;
    private bool _handedOver;
    private bool _ended;
    private bool _released;

    /// <param name="response">The provider's answer, of which only headers were read; owned from here on.</param>
    /// <param name="clock">The attempt's deadlines; owned from here on.</param>
    /// <param name="betweenEvents">The longest silence after the commit.</param>
    /// <param name="hideUsage">Whether frames that carry only usage are kept from the client.</param>
    public PrimedStream(HttpResponseMessage response, AttemptClock clock, TimeSpan betweenEvents, bool hideUsage)
    {
        _response = response;
        _clock = clock;
        _betweenEvents = betweenEvents;
        _hideUsage = hideUsage;
    }

    /// <summary>Reads up to the commit.</summary>
    /// <exception cref="ProviderException">The stream failed or ended before any content.</exception>
    public async ValueTask PrimeAsync(TimeSpan firstContent)
    {
        _clock.Arm(firstContent, "the first-content deadline");
        while (!_committed && _output.Length < MostHeld && _failure is null && !_ended)
        {
            await AdvanceAsync().ConfigureAwait(false);
        }

        if (_failure is not null)
        {
            throw _failure;
        }

        TimeToFirstContent = _clock.Elapsed;
    }

    /// <summary>The content gates before it; <see langword="null"/> for none.</summary>
    public GatedStream? Gated { get; set; }

    /// <summary>Cancelled when the caller goes away, or a deadline passes.</summary>
    public CancellationToken Cancelled => _clock.Token;

    /// <summary>The deadline that passed.</summary>
    public ProviderException? Expired => _clock.Expired;

    /// <summary>The next frames that may be handed over; waits for at least one.</summary>
    /// <exception cref="ProviderException">The stream was cut, denied, or reported a failure; what arrived before was handed over.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public ValueTask<StreamBatch> ReadAsync() => Gated is null ? ReadFramesAsync() : Gated.ReadAsync();

    /// <summary>The frames that have arrived since the last read; waits for at least one.</summary>
    /// <exception cref="ProviderException">The stream was cut or reported a failure; what arrived before was handed over.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<StreamBatch> ReadFramesAsync()
    {
        if (_handedOver)
        {
            _output.Clear();
        }

        _handedOver = true;
        while (_output.Length == 0 && _failure is null && !_ended)
        {
            _clock.Arm(_betweenEvents, "the deadline between two events");
            await AdvanceAsync().ConfigureAwait(false);
        }

        return _failure is not null && _output.Length == 0 ? throw _failure : new StreamBatch(_output.Unread, _ended);
    }

    private async ValueTask AdvanceAsync()
    {
        if (await FillAsync().ConfigureAwait(false))
        {
            Cut(final: false);
            if (_input.Length > LongestFrame)
            {
                _failure ??= new ProviderException(FailureClass.Drift, $"a single frame is longer than {LongestFrame} bytes");
            }

            return;
        }

        Cut(final: true);
        _ended |= Facts.Terminated;
        if (!_ended)
        {
            _failure ??= new ProviderException(FailureClass.Transient, "the stream ended without its terminal event");
        }
    }

    /// <returns>Whether bytes arrived; not when the stream ended, by itself or by force.</returns>
    private async ValueTask<bool> FillAsync()
    {
        try
        {
            _stream ??= await _response.Content.ReadAsStreamAsync(_clock.Token).ConfigureAwait(false);
            return await _input.FillAsync(_stream, _clock.Token).ConfigureAwait(false) > 0;
        }
        catch (OperationCanceledException) when (_clock.Expired is { } expired)
        {
            // Whatever ends a stream after its terminal event takes nothing from it.
            _failure = Facts.Terminated ? null : expired;
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Facts.Terminated ? null : FailureClassifier.Classify(exception);
            return false;
        }
    }

    private void Cut(bool final)
    {
        while (!_ended && _failure is null && Wire.Framing.TryRead(_input.Unread.Span, final, out var frame))
        {
            var marks = Facts.Observe(frame);
            if ((marks & FrameMarks.Error) != 0)
            {
                _failure = Facts.Error;
            }
            else if ((marks & FrameMarks.Malformed) == 0 && !(_hideUsage && (marks & FrameMarks.UsageOnly) != 0))
            {
                _output.Append(_input.Unread.Span[..frame.Length]);
            }

            _committed |= (marks & (FrameMarks.Content | FrameMarks.Finish)) != 0;
            _ended |= (marks & FrameMarks.End) != 0;
            _input.Consume(frame.Length);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        if (_ended && _stream is not null)
        {
            await FinishAsync(_stream).ConfigureAwait(false);
        }

        _response.Dispose();
        _clock.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    /// <summary>Reads what follows the last frame, which is next to nothing, so that the connection can be used again.</summary>
    private async ValueTask FinishAsync(Stream stream)
    {
        try
        {
            _clock.Arm(Linger, "the deadline of the end");
            _input.Clear();
            while (await _input.FillAsync(stream, _clock.Token).ConfigureAwait(false) > 0)
            {
                _input.Clear();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // The answer is complete and delivered; only the connection is lost.
        }
    }
}
