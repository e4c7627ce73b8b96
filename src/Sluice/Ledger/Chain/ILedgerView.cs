using Sluice.Ledger.Rollups;

namespace Sluice.Ledger.Chain;

/// <summary>Opens views of a ledger, beside whoever writes it.</summary>
internal interface ILedgerReader
{
    /// <summary>The ledger at this moment.</summary>
    ILedgerView Look();
}

/// <summary>A ledger as it was at one moment. Short-lived: while it is open, a store cannot tidy up behind it.</summary>
internal interface ILedgerView : IDisposable
{
    /// <summary>All segments in the order of the chain; the last one may be open.</summary>
    IReadOnlyList<LedgerSegment> Segments();

    /// <summary>Entries in the order of the chain, as they come.</summary>
    /// <exception cref="LedgerException">The store cannot read on.</exception>
    IEnumerable<StoredEntry> Entries(long first, long last);

    /// <summary>The last entry there is, whatever segments say; 0 for none.</summary>
    long LastEntry();

    /// <summary>The rollups of one segment.</summary>
    IEnumerable<RollupRow> Rollups(long segment, RollupGrain grain);

    /// <summary>Rollups of a span of time, added up over all that is not asked for.</summary>
    IEnumerable<RollupRow> Sums(RollupQuery query);

    /// <summary>What the store itself finds broken in its files, in words; nothing where it checks on every read.</summary>
    IEnumerable<string> Damage();
}

/// <summary>An entry as a store has it.</summary>
/// <param name="Entry"><see langword="null"/> where what is stored is no entry any more.</param>
internal readonly record struct StoredEntry(long Sequence, LedgerEntry? Entry)
{
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public LedgerEntry Readable =>
        Entry ?? throw new LedgerException($"entry {Sequence} cannot be read; `sluice ledger verify` says what is broken");
}
