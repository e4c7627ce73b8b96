using System.Collections.Immutable;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Ring;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>Holds before, settlements after: the money of every attempt, exact under concurrency and crash.</summary>
/// <remarks>
/// The call path takes one short lock around counters and writes one slot of mapped memory: no system call. A background writer
/// carries the records into the store, in order, and chains the entries.
/// </remarks>
internal sealed class LedgerBook : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly MappedRing? _ring;
    private readonly LedgerWriter _writer;
    private readonly TimeProvider _time;
    private readonly Dictionary<long, OpenHold> _open = [];
    private readonly BudgetSheet _budgets = new();
    private readonly HoldQueue _queue = new();
    private readonly ILedgerStore _store;
    private long _head;

    private LedgerBook(ILedgerStore store, MappedRing? ring, LedgerWriter writer, TimeProvider time, long head)
    {
        _store = store;
        _ring = ring;
        _writer = writer;
        _time = time;
        _head = head;
    }

    /// <summary>Holds that a former process left without a settlement, booked at start with their whole amount.</summary>
    public IReadOnlyList<HoldRecord> Recovered { get; private init; } = [];

    public LedgerSettings Settings { get; private set; } = new();

    /// <summary>Told of a cost above its hold: the provider billed more than its price card says.</summary>
    public event Action<HoldRecord, SettlementRecord>? Exceeded;

    /// <summary>Tells who wants to know how much of the budgets is used.</summary>
    public BudgetTeller Teller { get; } = new();

    /// <summary>Holds under way.</summary>
    public int OpenHolds
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>What the background writer has to say: entries written, failures, the last error.</summary>
    public LedgerWriter Writer => _writer;

    /// <summary>Closes days, removes what is too old and sets anchors; <see langword="null"/> for a ledger that does not last.</summary>
    public LedgerUpkeep? Upkeep { get; private init; }

    public ILedgerStore Store => _store;

    /// <summary>Opens a ledger, replays the ring and books what a former process left open.</summary>
    /// <param name="store">Where entries go; owned from here on.</param>
    /// <param name="ringPath">The ring's file; <see langword="null"/> keeps records in memory, for a library without a data directory.</param>
    /// <param name="anchors">Where the ends of the chain are written down; <see langword="null"/> for a ledger that does not last.</param>
    /// <exception cref="LedgerException">The ledger belongs to another process or is not readable.</exception>
    public static LedgerBook Open(
        ILedgerStore store,
        string? ringPath,
        LedgerSettings settings,
        TimeProvider time,
        LedgerAnchors? anchors = null
    )
    {
        var ring = ringPath is null ? null : MappedRing.Open(ringPath, settings.RingSlots);
        try
        {
            var recovery = LedgerRecovery.Run(store, ring, time);
            var writer = new LedgerWriter(store, ring, settings, time, recovery.Chain, recovery.RingSequence);
            return new LedgerBook(store, ring, writer, time, recovery.RingSequence)
            {
                Recovered = recovery.Holds,
                Upkeep = anchors is null ? null : new LedgerUpkeep(store, writer, anchors, settings, time),
                Settings = settings,
            };
        }
        catch
        {
            ring?.Dispose();
            throw;
        }
    }

    /// <summary>Takes other settings into use, but for the length of the ring, which is fixed when it is made.</summary>
    public void Apply(LedgerSettings settings)
    {
        _writer.Apply(settings);
        Upkeep?.Apply(settings);
        Settings = settings;
    }

    /// <summary>Takes a new set of budgets into use; one that counts what it counted before keeps its counters.</summary>
    /// <exception cref="LedgerException">The store does not take entries, so that nobody knows what is spent.</exception>
    public void Apply(ImmutableArray<Budget> budgets)
    {
        lock (_lock)
        {
            // What was settled until now must be found in the store; what comes later waits for this lock.
            _writer.DrainTo(_head);
            var before = _budgets.Remember();
            var added = _budgets.Apply(budgets);
            try
            {
                Load(added);
            }
            catch
            {
                // Counters that do not know what is spent must not stand.
                _budgets.Restore(before);
                throw;
            }
        }
    }

    /// <summary>Tells new counters what is spent and held already. Under the lock.</summary>
    private void Load(IReadOnlyList<Budget> added)
    {
        if (added.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        foreach (var spent in _store.ReadSpent(SpentQuery.For(added, now)))
        {
            _budgets.Load(spent, added, now);
        }

        foreach (var open in _open.Values)
        {
            var more = _budgets.For(open.Hold with { At = now }, out _, added.Contains).Where(c => c.Counts(open.Hold.At)).ToArray();
            open.Counters = [.. open.Counters, .. more];
            foreach (var counter in more)
            {
                counter.Hold(open.Hold.AmountIn(counter.Budget.Limit.Unit));
            }
        }

        foreach (var counter in _budgets.Counters(now).Where(c => added.Contains(c.Budget)))
        {
            BudgetTeller.Skip(counter, now);
        }
    }

    /// <summary>Sets the worst case of an attempt aside, on all budgets that match or on none.</summary>
    /// <returns>The hold, or why it was not made.</returns>
    /// <exception cref="LedgerException">The ring is full: the store has not kept up, and nothing may be promised.</exception>
    public (HoldRecord? Hold, BudgetRefusal? Refusal) TryHold(HoldRecord wanted, HoldTerms terms = default)
    {
        var (hold, refusal, _) = Enter(wanted, terms with { Wait = TimeSpan.Zero });
        return (hold, refusal);
    }

    /// <summary><see cref="TryHold"/>, or waits in order until calls under way have made room.</summary>
    public async ValueTask<(HoldRecord? Hold, BudgetRefusal? Refusal)> HoldAsync(
        HoldRecord wanted,
        HoldTerms terms,
        CancellationToken cancellationToken
    )
    {
        var (hold, refusal, waiting) = Enter(wanted, terms);
        if (waiting is null)
        {
            return (hold, refusal);
        }

        try
        {
            return (await waiting.Made.WaitAsync(terms.Wait, _time, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                _queue.Remove(waiting);
            }

            // It may have been made in the same moment in which nobody waited any more.
            hold = waiting.Made.IsCompletedSuccessfully ? await waiting.Made.ConfigureAwait(false) : null;
            if (exception is TimeoutException)
            {
                return (hold, hold is null ? refusal : null);
            }

            if (hold is not null)
            {
                Settle(SettlementRecord.Unsent(hold, _time.GetUtcNow()));
            }

            throw;
        }
    }

    /// <summary>Whether a hard limit on money matches, so that the attempt needs a price.</summary>
    public bool LimitsMoney(HoldRecord wanted)
    {
        lock (_lock)
        {
            return _budgets.LimitsMoney(wanted);
        }
    }

    /// <summary>Books what a hold became and releases the rest.</summary>
    /// <exception cref="InvalidOperationException">The hold was settled before.</exception>
    public void Settle(SettlementRecord settlement)
    {
        long sequence;
        int slot;
        List<(WaitingHold Waiting, Claim Claim)>? made = null;
        OpenHold? open;
        lock (_lock)
        {
            if (!_open.Remove(settlement.HoldId, out open))
            {
                throw new InvalidOperationException($"Hold {settlement.HoldId} was settled before.");
            }

            foreach (var counter in open.Counters)
            {
                var unit = counter.Budget.Limit.Unit;
                counter.Settle(open.Hold.At, open.Hold.AmountIn(unit), settlement.AmountIn(unit, open.Hold.Attempt));
                Teller.Look(counter, settlement.At);
            }

            sequence = ++_head;
            slot = _ring?.Take() ?? 0;
            foreach (var waiting in HasRoom ? _queue.Fitting(settlement.At) : [])
            {
                (made ??= []).Add((waiting, Make(waiting.Wanted with { At = settlement.At }, waiting.Counters)));
                if (!HasRoom)
                {
                    break;
                }
            }
        }

        Record(sequence, slot, null, settlement);
        if (settlement.Cost > open.Hold.Amount)
        {
            Exceeded?.Invoke(open.Hold, settlement);
        }

        foreach (var (waiting, claim) in made ?? [])
        {
            Record(claim.Sequence, claim.Slot, claim.Hold, null);
            waiting.Complete(claim.Hold);
        }
    }

    /// <summary>The highest used part among the budgets that would hold for such an attempt, or of the one of this name.</summary>
    public decimal UsedOf(HoldRecord like, string? name)
    {
        lock (_lock)
        {
            return _budgets.UsedOf(like, name);
        }
    }

    /// <summary>Why such a hold would not be made at this moment; nothing comes of asking.</summary>
    public BudgetRefusal? Peek(HoldRecord wanted, HoldTerms terms)
    {
        lock (_lock)
        {
            if (HoldRefusals.OfCall(_budgets.OfCall(wanted), wanted, terms) is { } tooMuch)
            {
                return tooMuch;
            }

            var counters = _budgets.For(wanted, out var full);
            return full is not null ? HoldRefusals.NoRoomFor(full) : HoldRefusals.Among(counters, wanted, terms, new BudgetTeller());
        }
    }

    /// <summary>The budgets that such a hold would be made on, as they stand.</summary>
    public IReadOnlyList<BudgetStatus> StatusOf(HoldRecord wanted)
    {
        lock (_lock)
        {
            return [.. _budgets.For(wanted, out _).Select(c => BudgetStatus.Of(c, wanted.At))];
        }
    }

    /// <summary>The limits that a key has itself, as they stand.</summary>
    public IReadOnlyList<BudgetStatus> LimitsOf(string keyPath)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return [.. _budgets.OfKey(keyPath, now).Where(c => c.Budget.IsRate).Select(c => BudgetStatus.Of(c, now))];
        }
    }

    /// <summary>Every counter as it stands.</summary>
    public IReadOnlyList<BudgetStatus> Status()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return [.. _budgets.Counters(now).Select(counter => BudgetStatus.Of(counter, now))];
        }
    }

    private (HoldRecord? Hold, BudgetRefusal? Refusal, WaitingHold? Waiting) Enter(HoldRecord wanted, HoldTerms terms)
    {
        Claim claim;
        lock (_lock)
        {
            if (HoldRefusals.OfCall(_budgets.OfCall(wanted), wanted, terms) is { } tooMuch)
            {
                return (null, tooMuch, null);
            }

            var counters = _budgets.For(wanted, out var full);
            if (full is not null)
            {
                return (null, HoldRefusals.NoRoomFor(full), null);
            }

            if (HoldRefusals.Among(counters, wanted, terms, Teller) is { } refusal)
            {
                var waits = terms.Wait > TimeSpan.Zero && refusal is { MayFitLater: true, Downshift: false };
                return (null, refusal, waits ? _queue.Add(wanted, counters) : null);
            }

            claim = Make(wanted, counters);
        }

        Record(claim.Sequence, claim.Slot, claim.Hold, null);
        return (claim.Hold, null, null);
    }

    /// <summary>Room for one more hold, its settlement, and the settlements of all others: a settlement never has to wait.</summary>
    private bool HasRoom => _ring is null || _ring.Free >= _open.Count + 2;

    /// <summary>Makes a hold that fits. Under the lock.</summary>
    private Claim Make(HoldRecord wanted, BudgetCounter[] counters)
    {
        if (!HasRoom)
        {
            throw new LedgerException(
                $"the ledger's ring is full: its database takes no entries{(_writer.LastFailure is { } why ? $" ({why.Message})" : "")}"
            );
        }

        var sequence = ++_head;
        var slot = _ring?.Take() ?? 0;
        var hold = wanted with { Id = sequence };
        _open.Add(sequence, new OpenHold(hold, counters));
        foreach (var counter in counters)
        {
            counter.Hold(hold.AmountIn(counter.Budget.Limit.Unit));
        }

        return new Claim(sequence, slot, hold);
    }

    private void Record(long sequence, int slot, HoldRecord? hold, SettlementRecord? settlement)
    {
        if (_ring is not null)
        {
            var payload = _ring.Payload(slot);
            var length = hold is not null ? RingCodec.Write(payload, hold) : RingCodec.Write(payload, settlement!);
            _ring.Publish(slot, sequence, length);
        }

        _writer.Announce(sequence, slot, hold, settlement);
    }

    /// <summary>Carries everything into the store and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        if (Upkeep is not null)
        {
            await Upkeep.DisposeAsync().ConfigureAwait(false);
        }

        _ring?.Dispose();
        _store.Dispose();
    }
}
