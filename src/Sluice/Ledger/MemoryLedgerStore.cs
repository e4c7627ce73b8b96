namespace Sluice.Ledger;

/// <summary>Keeps the newest entries in memory, for a library without a data directory; budgets end with the process.</summary>
internal sealed class MemoryLedgerStore(int capacity = 10_000) : ILedgerStore
{
    private readonly Lock _lock = new();
    private readonly Queue<LedgerEntry> _entries = new();

    public bool Durable => false;

    public LedgerTail ReadTail() => new(0, LedgerEntry.Genesis, 0, []);

    public void Append(LedgerBatch batch)
    {
        lock (_lock)
        {
            foreach (var entry in batch.Entries)
            {
                _entries.Enqueue(entry);
                if (_entries.Count > capacity)
                {
                    _entries.Dequeue();
                }
            }
        }
    }

    /// <summary>Nothing: the oldest entries go as new ones come.</summary>
    public PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now) => default;

    public IEnumerable<Spent> ReadSpent(SpentQuery query) => Snapshot().Where(e => e.Hold.At >= query.Since).Select(Spent.Of);

    public IReadOnlyList<LedgerEntry> List(int limit) => [.. Snapshot().Reverse().Take(limit)];

    public IReadOnlyList<LedgerEntry> OfCall(string call) => [.. Snapshot().Where(e => e.Hold.Call == call)];

    private LedgerEntry[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _entries];
        }
    }

    public void Dispose() { }
}
