using System.Collections.Concurrent;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Ring;

namespace Sluice.Ledger;

/// <summary>Carries records from the call path into the store: in batches, in order, chained, and again until it works.</summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ILedgerStore _store;
    private readonly MappedRing? _ring;
    private LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(long Sequence, int Slot, HoldRecord? Hold, SettlementRecord? Settlement)> _queue = new();
    private readonly PriorityQueue<(int Slot, HoldRecord? Hold, SettlementRecord? Settlement), long> _early = new();
    private readonly Dictionary<long, HoldRecord> _holds = [];
    private readonly HashSet<long> _stored = [];
    private readonly LedgerChain _chain;
    private readonly List<int> _slots = [];
    private readonly Lock _draining = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly ITimer? _sync;
    private int _awake;
    private int _ringSyncs;
    private long _announced;
    private long _due;
    private long _taken;
    private long _persisted;

    /// <param name="chain">The end of the ledger that is in the store.</param>
    /// <param name="ringSequence">The last record of the ring that is in the store.</param>
    public LedgerWriter(
        ILedgerStore store,
        MappedRing? ring,
        LedgerSettings settings,
        TimeProvider time,
        LedgerChain chain,
        long ringSequence
    )
    {
        _store = store;
        _ring = ring;
        _settings = settings;
        _time = time;
        _chain = chain;
        Stored = (chain.Sequence, chain.Hash);
        _announced = _due = _taken = _persisted = ringSequence;
        _loop = Task.Run(RunAsync);
        if (ring is not null)
        {
            var every = Every(settings);
            _sync = time.CreateTimer(static state => ((LedgerWriter)state!).Sync(), this, every, every);
        }
    }

    /// <summary>How often the store did not take a batch.</summary>
    public int Failures { get; private set; }

    /// <summary>Why it does not; <see langword="null"/> while it does.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Hears when the store takes nothing any more, and why; once until it is back.</summary>
    public event Action<Exception>? Stopped;

    /// <summary>Hears when the store is back and has taken everything.</summary>
    public event Action? Resumed;

    /// <summary>The last entry that is in the store, and what the next one is chained to.</summary>
    public (long Sequence, string Hash) Stored { get; private set; }

    /// <summary>How often the ring was forced to disk: for a store that was behind, or for each record where that is wanted.</summary>
    public int RingSyncs => Volatile.Read(ref _ringSyncs);

    /// <summary>Takes other settings into use. The ring stays as long as it was made.</summary>
    public void Apply(LedgerSettings settings)
    {
        var every = Every(settings);
        _sync?.Change(every, every);
        Volatile.Write(ref _settings, settings);
    }

    private static TimeSpan Every(LedgerSettings settings) => settings.Sync > TimeSpan.Zero ? settings.Sync / 2 : Timeout.InfiniteTimeSpan;

    /// <summary>Hears of a record that is in the ring.</summary>
    public void Announce(long sequence, int slot, HoldRecord? hold, SettlementRecord? settlement)
    {
        if (_ring is not null && _settings.Sync == TimeSpan.Zero)
        {
            Force(_ring);
        }

        Interlocked.Increment(ref _announced);
        _queue.Enqueue((sequence, slot, hold, settlement));
        if (Interlocked.Exchange(ref _awake, 1) == 0)
        {
            _work.Release();
        }
    }

    /// <summary>Forces the ring to disk if the store has not taken what was announced by the last look, two of which make the interval.</summary>
    /// <remarks>
    /// The store syncs each batch, so that this is rare. It has to be: afterwards the first write to each page is a fault, which
    /// waits for the disk on the way of a call.
    /// </remarks>
    private void Sync()
    {
        if (Volatile.Read(ref _persisted) < _due)
        {
            Force(_ring!);
        }

        _due = Volatile.Read(ref _announced);
    }

    private void Force(MappedRing ring)
    {
        ring.Flush();
        Interlocked.Increment(ref _ringSyncs);
    }

    /// <summary>Carries everything announced so far into the store, now.</summary>
    /// <exception cref="LedgerException">The store does not take it; it stays in the ring.</exception>
    public void Drain()
    {
        lock (_draining)
        {
            Take();
            if (_taken == _persisted && !_chain.HasChanges)
            {
                return;
            }

            // A hold that was settled within the batch never touches the table of holds.
            var opened = _holds.Where(h => !_stored.Contains(h.Key)).Select(h => h.Value).ToList();
            var settled = _stored.Where(id => !_holds.ContainsKey(id)).ToList();
            _store.Append(_chain.Batch(opened, settled, _taken));
            _stored.UnionWith(opened.Select(h => h.Id));
            _stored.ExceptWith(settled);
            _chain.Written();
            _ring?.Release(_slots);
            _slots.Clear();
            Volatile.Write(ref _persisted, _taken);
            Stored = (_chain.Sequence, _chain.Hash);
        }
    }

    /// <summary>Closes the open segment if its day is over.</summary>
    /// <inheritdoc cref="Drain" path="/exception"/>
    public void CloseSegment(DateTimeOffset now)
    {
        lock (_draining)
        {
            Take();
            _chain.CloseBefore(now);
            Drain();
        }
    }

    /// <summary>Carries every record up to this one into the store; one that is claimed and not announced yet is waited for.</summary>
    public void DrainTo(long sequence)
    {
        var spin = new SpinWait();
        while (true)
        {
            Drain();
            if (Volatile.Read(ref _persisted) >= sequence)
            {
                return;
            }

            spin.SpinOnce();
        }
    }

    private void Take()
    {
        while (_queue.TryDequeue(out var record))
        {
            _early.Enqueue((record.Slot, record.Hold, record.Settlement), record.Sequence);
        }

        // Records are claimed in order and may be announced out of it.
        while (_early.TryPeek(out var record, out var sequence) && sequence == _taken + 1)
        {
            _early.Dequeue();
            _taken = sequence;
            _slots.Add(record.Slot);
            if (record.Hold is { } hold)
            {
                _holds.Add(hold.Id, hold);
            }
            else if (record.Settlement is { } settlement && _holds.Remove(settlement.HoldId, out var settled))
            {
                _chain.Add(settled, settlement);
            }
        }
    }

    private async Task RunAsync()
    {
        var pause = Batch;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _work.WaitAsync(_stop.Token).ConfigureAwait(false);
                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Volatile.Write(ref _awake, 0);
            try
            {
                Drain();
                if (pause > Batch)
                {
                    pause = Batch;
                    LastFailure = null;
                    Resumed?.Invoke();
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The records are in the ring; the store may be back in a moment.
                Failures++;
                LastFailure = exception;
                if (pause == Batch)
                {
                    Stopped?.Invoke(exception);
                }

                pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
                if (Interlocked.Exchange(ref _awake, 1) == 0)
                {
                    _work.Release();
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        if (_sync is not null)
        {
            await _sync.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            Drain();
            _ring?.Flush();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the store does not take now is in the ring and is replayed at the next start.
            LastFailure = exception;
        }

        _stop.Dispose();
        _work.Dispose();
    }
}
