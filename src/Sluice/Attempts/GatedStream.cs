using System.Buffers;
using Sluice.Calls;
using Sluice.Content;

namespace Sluice.Attempts;

/// <summary>The frames of a stream as the content gates let them go.</summary>
internal sealed class GatedStream
{
    /// <summary>What is held back is bounded as a whole answer is.</summary>
    private const int MostHeld = 32 * 1024 * 1024;

    private readonly PrimedStream _stream;
    private readonly List<IAnswerStage> _stages;
    private readonly ArrayBufferWriter<byte>[] _outputs;
    private bool _handedOver;
    private bool _last;
    private ProviderException? _denied;

    public GatedStream(ContentCheck check, PrimedStream stream)
    {
        _stream = stream;
        var stages = new List<IAnswerStage>();
        if (check.Answer.Patterns.Count + check.Answer.Sizes.Count > 0)
        {
            stages.Add(new PatternStage(check, stream.Wire.Framing, stream.Wire.Kind));
        }

        foreach (var gate in check.Answer.Webhooks)
        {
            stages.Add(new WebhookStage(check, gate, stream.Wire.Framing, stream.Wire.Kind));
        }

        _stages = stages;
        _outputs = [.. stages.Select(_ => new ArrayBufferWriter<byte>())];
    }

    private ArrayBufferWriter<byte> Output => _outputs[^1];

    private bool HoldsNothing
    {
        get
        {
            foreach (var stage in _stages)
            {
                if (stage.Held > 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Reads until the gates have let go of the first content, or the answer is over: until then a denial is a failed attempt.</summary>
    /// <exception cref="ProviderException">The answer is denied, or failed.</exception>
    public async ValueTask PrimeAsync()
    {
        do
        {
            await AdvanceAsync().ConfigureAwait(false);
        } while (!_last && _denied is null && !HoldsNothing && !LetGoOfContent());

        if (_denied is not null)
        {
            throw _denied;
        }
    }

    /// <summary>What was let go since the last read; waits for at least one frame.</summary>
    /// <exception cref="ProviderException">The answer is denied, or was cut. What was held back then is not handed over.</exception>
    public async ValueTask<StreamBatch> ReadAsync()
    {
        if (_handedOver)
        {
            Output.ResetWrittenCount();
        }

        _handedOver = true;
        while (Output.WrittenCount == 0 && !_last && _denied is null)
        {
            await AdvanceAsync().ConfigureAwait(false);
        }

        return _denied is not null && Output.WrittenCount == 0
            ? throw _denied
            : new StreamBatch(Output.WrittenMemory, _last && _denied is null);
    }

    private async ValueTask AdvanceAsync()
    {
        var batch = await _stream.ReadFramesAsync().ConfigureAwait(false);
        var frames = batch.Bytes;
        try
        {
            for (var i = 0; i < _stages.Count; i++)
            {
                if (i > 0)
                {
                    frames = _outputs[i - 1].WrittenMemory;
                }

                await _stages[i].TakeAsync(frames, batch.Last, _outputs[i], _stream.Cancelled).ConfigureAwait(false);
                if (i > 0)
                {
                    _outputs[i - 1].ResetWrittenCount();
                }
            }

            _last = batch.Last;
        }
        catch (OperationCanceledException) when (_stream.Expired is { } expired)
        {
            throw expired;
        }
        catch (ContentDeniedException denied)
        {
            _denied = GatedAnswers.Failure(denied, _stream, whole: batch.Last);
        }

        if (_stages.Sum(s => (long)s.Held) > MostHeld)
        {
            throw new ProviderException(FailureClass.Drift, $"more than {MostHeld} bytes of the answer were held back");
        }
    }

    /// <summary>Whether a frame that carries text has been let go.</summary>
    private bool LetGoOfContent()
    {
        var bytes = Output.WrittenSpan;
        while (_stream.Wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            if (TextWalk.OfFrame(frame.Data, _stream.Wire.Kind).Exists(s => s.Channel != 0 && s.End - s.Start > 2))
            {
                return true;
            }

            bytes = bytes[frame.Length..];
        }

        return false;
    }
}
