using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger;

/// <summary>Where entries are kept for good. One writer at a time; reads from any thread.</summary>
/// <remarks>
/// A store keeps what it is given and adds nothing of its own: places in the chain, hashes, segments and rollups are made by
/// <see cref="LedgerChain"/>, so that every store says the same. A store whose writers are several keeps a chain for each; rollups only
/// ever grow by what a batch adds to them, in whatever order batches come.
/// </remarks>
internal interface ILedgerStore : IDisposable
{
    /// <summary>Whether what is written here outlives the process; a hard budget needs that.</summary>
    bool Durable { get; }

    /// <summary>What is needed to go on where the last process stopped.</summary>
    LedgerTail ReadTail();

    /// <summary>Writes a batch in one transaction: all of it or nothing.</summary>
    /// <exception cref="LedgerException">The store takes nothing now, as on a full disk; the same batch may be given again.</exception>
    void Append(LedgerBatch batch);

    /// <summary>Removes entries and hours of closed segments whose newest entry was booked before <paramref name="before"/>, oldest first.</summary>
    /// <param name="most">Entries to remove in this step, so that the writer never waits long.</param>
    PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now);

    /// <summary>What was spent on holds made at or after a moment, in pieces that budgets can be counted from; in any order.</summary>
    /// <remarks>
    /// Hours come added up where the query allows it, which is much faster than entries. Entries that retention has removed come as
    /// days: a budget that began within such a day may count too much, never too little.
    /// </remarks>
    IEnumerable<Spent> ReadSpent(SpentQuery query);

    /// <summary>The newest entries, newest first.</summary>
    IReadOnlyList<LedgerEntry> List(int limit);

    /// <summary>The entries of one call, in the order of its attempts.</summary>
    IReadOnlyList<LedgerEntry> OfCall(string call);
}

/// <summary>What a step of removing came to.</summary>
/// <param name="More">Whether there is more to remove.</param>
/// <param name="FirstKept">The first entry that is not of a removed segment.</param>
internal readonly record struct PruneStep(bool More, long FirstKept);

/// <summary>The end of a ledger.</summary>
/// <param name="Sequence">The last entry's place in the chain; 0 for an empty ledger.</param>
/// <param name="Hash">What the next entry is chained to: the last entry's hash, or that of the segment closed after it.</param>
/// <param name="RingSequence">The last record of the ring that is in the store.</param>
/// <param name="OpenHolds">Holds without a settlement.</param>
internal sealed record LedgerTail(long Sequence, string Hash, long RingSequence, IReadOnlyList<HoldRecord> OpenHolds)
{
    /// <summary>The number of the last closed segment; 0 before there is one.</summary>
    public long Closed { get; init; }

    /// <summary>Its hash.</summary>
    public string Link { get; init; } = LedgerEntry.Genesis;

    /// <summary>The segment that still grows; <see langword="null"/> when there is no entry after the last closed one.</summary>
    public LedgerSegment? Open { get; init; }

    /// <summary>The days of the open segment, with and without end users.</summary>
    public IReadOnlyList<RollupRow> Days { get; init; } = [];
}

/// <summary>What goes into the store together.</summary>
/// <param name="Entries">In the order of the chain.</param>
/// <param name="Opened">Holds to keep until they are settled.</param>
/// <param name="Settled">Holds to keep no longer.</param>
/// <param name="RingSequence">The last record of the ring that this includes.</param>
internal sealed record LedgerBatch(
    IReadOnlyList<LedgerEntry> Entries,
    IReadOnlyList<HoldRecord> Opened,
    IReadOnlyList<long> Settled,
    long RingSequence
)
{
    /// <summary>Segments as they stand after these entries: those that were closed on the way, then the open one.</summary>
    public IReadOnlyList<LedgerSegment> Segments { get; init; } = [];

    /// <summary>What these entries add to the rollups.</summary>
    public IReadOnlyDictionary<RollupSlot, RollupSums> Rollups { get; init; } = new Dictionary<RollupSlot, RollupSums>();
}
