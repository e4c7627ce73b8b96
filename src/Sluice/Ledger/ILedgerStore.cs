using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>Where entries are kept for good. One writer at a time; reads from any thread.</summary>
internal interface ILedgerStore : IDisposable
{
    /// <summary>Whether what is written here outlives the process; a hard budget needs that.</summary>
    bool Durable { get; }

    /// <summary>What is needed to go on where the last process stopped.</summary>
    LedgerTail ReadTail();

    /// <summary>Writes a batch in one transaction.</summary>
    void Append(LedgerBatch batch);

    /// <summary>All entries whose hold was made at or after <paramref name="since"/>, in any order.</summary>
    IEnumerable<LedgerEntry> ReadSince(DateTimeOffset since);

    /// <summary>The newest entries, newest first.</summary>
    IReadOnlyList<LedgerEntry> List(int limit);

    /// <summary>The entries of one call, in the order of its attempts.</summary>
    IReadOnlyList<LedgerEntry> OfCall(string call);

    /// <summary>All entries in the order of the chain.</summary>
    IEnumerable<LedgerEntry> ReadAll();
}

/// <summary>The end of a ledger.</summary>
/// <param name="Sequence">The last entry's place in the chain; 0 for an empty ledger.</param>
/// <param name="Hash">The last entry's hash.</param>
/// <param name="RingSequence">The last record of the ring that is in the store.</param>
/// <param name="OpenHolds">Holds without a settlement.</param>
internal sealed record LedgerTail(long Sequence, string Hash, long RingSequence, IReadOnlyList<HoldRecord> OpenHolds);

/// <summary>What goes into the store together.</summary>
internal sealed record LedgerBatch(
    IReadOnlyList<LedgerEntry> Entries,
    IReadOnlyList<HoldRecord> Opened,
    IReadOnlyList<long> Closed,
    long RingSequence
);
