using Sluice.Ledger.Chain;

namespace Sluice.Ledger;

/// <summary>What a lasting ledger needs now and then: its day closed, what is too old removed, an anchor set.</summary>
/// <remarks>All of it runs beside the call path: calls write to the ring, and the store is taken for a few milliseconds at a time.</remarks>
internal sealed class LedgerUpkeep : IAsyncDisposable
{
    /// <summary>Entries removed at a time.</summary>
    private const int Step = 2_000;

    private readonly ILedgerStore _store;
    private readonly LedgerWriter _writer;
    private readonly LedgerAnchors _anchors;
    private LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly Lock _running = new();
    private readonly ITimer _timer;
    private long _anchored;
    private long _firstKept;
    private volatile bool _stopping;

    public LedgerUpkeep(ILedgerStore store, LedgerWriter writer, LedgerAnchors anchors, LedgerSettings settings, TimeProvider time)
    {
        (_store, _writer, _anchors, _settings, _time) = (store, writer, anchors, settings, time);
        _timer = time.CreateTimer(static state => ((LedgerUpkeep)state!).Run(), this, settings.AnchorEvery, settings.AnchorEvery);
    }

    /// <summary>Hears of every anchor, to say it in a place of its own.</summary>
    public event Action<LedgerAnchor>? Anchored;

    /// <summary>Hears why a run did not finish; the next one tries again.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Takes other settings into use; what is due by them is done at the next run.</summary>
    public void Apply(LedgerSettings settings)
    {
        if (settings.AnchorEvery != _settings.AnchorEvery)
        {
            _timer.Change(settings.AnchorEvery, settings.AnchorEvery);
        }

        Volatile.Write(ref _settings, settings);
    }

    /// <summary>Does everything that is due. A run that finds another under way leaves it to that one.</summary>
    public void Run()
    {
        if (_stopping || !_running.TryEnter())
        {
            return;
        }

        try
        {
            _writer.CloseSegment(_time.GetUtcNow());
            Anchor();
            Prune();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Failed?.Invoke(exception);
        }
        finally
        {
            _running.Exit();
        }
    }

    private void Prune()
    {
        if (_settings.Retention == TimeSpan.Zero)
        {
            return;
        }

        var before = _time.GetUtcNow() - _settings.Retention;
        PruneStep step;
        do
        {
            step = _store.Prune(before, Step, _time.GetUtcNow());
        } while (step.More && !_stopping);

        if (step.FirstKept > _firstKept)
        {
            _anchors.ForgetBefore(step.FirstKept);
            _firstKept = step.FirstKept;
        }
    }

    private void Anchor()
    {
        var (sequence, hash) = _writer.Stored;
        if (sequence > _anchored)
        {
            var anchor = new LedgerAnchor(sequence, hash, _time.GetUtcNow());
            _anchors.Add(anchor);
            _anchored = sequence;
            Anchored?.Invoke(anchor);
        }
    }

    /// <summary>Stops, and sets a last anchor on what the writer has carried over.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_running)
        {
            try
            {
                Anchor();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The disk is full: the anchors before stand.
                Failed?.Invoke(exception);
            }
        }
    }
}
