using System.Collections.Immutable;
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
    private readonly Dictionary<long, HoldRecord> _open = [];
    private readonly List<BudgetState> _budgets = [];
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

    public ILedgerStore Store => _store;

    /// <summary>Opens a ledger, replays the ring and books what a former process left open.</summary>
    /// <param name="store">Where entries go; owned from here on.</param>
    /// <param name="ringPath">The ring's file; <see langword="null"/> keeps records in memory, for a library without a data directory.</param>
    /// <exception cref="LedgerException">The ledger belongs to another process or is not readable.</exception>
    public static LedgerBook Open(ILedgerStore store, string? ringPath, LedgerSettings settings, TimeProvider time)
    {
        var ring = ringPath is null ? null : MappedRing.Open(ringPath, settings.RingSlots);
        try
        {
            var recovery = LedgerRecovery.Run(store, ring, time);
            var writer = new LedgerWriter(store, ring, settings, time, recovery.Tail);
            return new LedgerBook(store, ring, writer, time, recovery.Tail.RingSequence)
            {
                Recovered = recovery.Holds,
                Settings = settings,
            };
        }
        catch
        {
            ring?.Dispose();
            throw;
        }
    }

    /// <summary>Takes a new set of budgets into use; one that is known by name and window keeps its counters.</summary>
    public void Apply(ImmutableArray<Budget> budgets)
    {
        _writer.Drain();
        lock (_lock)
        {
            var known = _budgets.ToDictionary(b => (b.Budget.Name, b.Budget.Window, b.Budget.TimeZone.Id));
            _budgets.Clear();
            var now = _time.GetUtcNow();
            foreach (var budget in budgets)
            {
                if (known.TryGetValue((budget.Name, budget.Window, budget.TimeZone.Id), out var state))
                {
                    state.Budget = budget;
                }
                else
                {
                    state = new BudgetState(budget);
                    state.Roll(now);
                    var held = _open.Values.Where(h => h.At >= state.Start).Aggregate(Credits.Zero, (sum, h) => sum + h.Amount);
                    state.Load(_store.SumSince(state.Start), held);
                }

                _budgets.Add(state);
            }
        }
    }

    /// <summary>Sets the worst case of an attempt aside, on all budgets or on none.</summary>
    /// <returns>The hold, or why it was not made.</returns>
    /// <exception cref="LedgerException">The ring is full: the store has not kept up, and nothing may be promised.</exception>
    public (HoldRecord? Hold, BudgetRefusal? Refusal) TryHold(HoldRecord wanted)
    {
        long sequence;
        int slot;
        HoldRecord hold;
        lock (_lock)
        {
            foreach (var state in _budgets)
            {
                state.Roll(wanted.At);
                if (!state.Fits(wanted.Amount))
                {
                    return (null, Refuse(state, wanted.Amount));
                }
            }

            // Room for this hold, its settlement, and the settlements of all others: a settlement never has to wait.
            if (_ring?.Free < _open.Count + 2)
            {
                throw new LedgerException("the ledger's ring is full: its database does not take entries; see the log for why");
            }

            sequence = ++_head;
            slot = _ring?.Take() ?? 0;
            hold = wanted with { Id = sequence };
            _open.Add(sequence, hold);
            foreach (var state in _budgets)
            {
                state.Hold(hold.Amount);
            }
        }

        Record(sequence, slot, hold, null);
        return (hold, null);
    }

    /// <summary>Books what a hold became and releases the rest.</summary>
    /// <exception cref="InvalidOperationException">The hold was settled before.</exception>
    public void Settle(SettlementRecord settlement)
    {
        long sequence;
        int slot;
        lock (_lock)
        {
            if (!_open.Remove(settlement.HoldId, out var hold))
            {
                throw new InvalidOperationException($"Hold {settlement.HoldId} was settled before.");
            }

            foreach (var state in _budgets)
            {
                state.Settle(hold, settlement.Cost);
            }

            sequence = ++_head;
            slot = _ring?.Take() ?? 0;
        }

        Record(sequence, slot, null, settlement);
    }

    /// <summary>Every budget as it stands.</summary>
    public IReadOnlyList<BudgetStatus> Status()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return
            [
                .. _budgets.Select(state =>
                {
                    state.Roll(now);
                    return new BudgetStatus(state.Budget.Name, state.Budget.Limit, state.Spent, state.Held, state.Left, state.End);
                }),
            ];
        }
    }

    private static BudgetRefusal Refuse(BudgetState state, Credits needed) =>
        new(state.Budget.Name, state.Budget.Limit, state.Left, needed, state.End, state.Held);

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
        _ring?.Dispose();
        _store.Dispose();
    }
}

/// <summary>A budget as it stands.</summary>
internal sealed record BudgetStatus(string Name, Credits Limit, Credits Spent, Credits Held, Credits Left, DateTimeOffset? ResetsAt);
