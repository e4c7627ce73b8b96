using Sluice.Ledger.Rollups;

namespace Sluice.Ledger.Chain;

/// <summary>Gives entries their places: chains them, adds them up, and closes a segment when its day is over or it is full.</summary>
/// <remarks>What was added is kept until a store has taken it: a store that is away for a while gets it again.</remarks>
internal sealed class LedgerChain
{
    /// <summary>Entries of a segment at most.</summary>
    public const int MostEntries = 1_000_000;

    private readonly int _mostEntries;
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<LedgerSegment> _closed = [];
    private readonly Dictionary<RollupSlot, RollupSums> _changes = [];
    private SegmentRollups _rollups;
    private Growing? _open;
    private string _link;

    public LedgerChain(LedgerTail tail, int mostEntries = MostEntries)
    {
        _mostEntries = mostEntries;
        (Sequence, Hash, _link) = (tail.Sequence, tail.Hash, tail.Link);
        _open = tail.Open is null ? null : new Growing(tail.Open);
        _rollups = new SegmentRollups(tail.Closed + 1);
        _rollups.Load(tail.Days);
    }

    /// <summary>The last entry's place.</summary>
    public long Sequence { get; private set; }

    /// <summary>What the next entry is chained to.</summary>
    public string Hash { get; private set; }

    /// <summary>Whether there is something for the store.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>Books an attempt.</summary>
    public void Add(HoldRecord hold, SettlementRecord settlement)
    {
        if (_open is { } full && full.Count >= _mostEntries)
        {
            Close(full);
        }

        CloseBefore(settlement.At);
        var entry = LedgerEntry.Chain(hold, settlement, Sequence + 1, Hash);
        (Sequence, Hash) = (entry.Sequence, entry.Hash);
        _open ??= Growing.From(entry, _rollups.Segment, _link);
        _open.Add(entry);
        _rollups.Add(entry, _changes);
        _entries.Add(entry);
        HasChanges = true;
    }

    /// <summary>Closes the open segment if its day is over at <paramref name="now"/>.</summary>
    public void CloseBefore(DateTimeOffset now)
    {
        if (_open is { } open && open.Day < now.UtcDateTime.Date)
        {
            Close(open);
        }
    }

    /// <summary>Everything that the store has not taken yet.</summary>
    public LedgerBatch Batch(IReadOnlyList<HoldRecord> opened, IReadOnlyList<long> settled, long ringSequence) =>
        new(_entries, opened, settled, ringSequence)
        {
            Segments = _open is null ? _closed : [.. _closed, _open.Facts()],
            Rollups = _changes,
        };

    /// <summary>Forgets what the store has taken.</summary>
    public void Written()
    {
        _entries.Clear();
        _closed.Clear();
        _changes.Clear();
        HasChanges = false;
    }

    private void Close(Growing open)
    {
        var closed = open.Facts().Close(_rollups.Total, _rollups.Hash());
        _closed.Add(closed);
        (_open, _link, Hash) = (null, closed.Hash, closed.Hash);
        _rollups = new SegmentRollups(closed.Number + 1);
        HasChanges = true;
    }

    /// <summary>A segment that still grows.</summary>
    private sealed class Growing(LedgerSegment facts)
    {
        private long _last = facts.Last;
        private string _lastHash = facts.LastHash;
        private DateTimeOffset _newest = facts.NewestAt;
        private DateTimeOffset _firstHeld = facts.FirstHeldAt;
        private DateTimeOffset _lastHeld = facts.LastHeldAt;

        public long Count => _last - facts.First + 1;

        public DateTime Day => facts.OpenedAt.UtcDateTime.Date;

        public void Add(LedgerEntry entry)
        {
            var (at, held) = (entry.Settlement.At, entry.Hold.At);
            (_last, _lastHash) = (entry.Sequence, entry.Hash);
            _newest = at > _newest ? at : _newest;
            _firstHeld = held < _firstHeld ? held : _firstHeld;
            _lastHeld = held > _lastHeld ? held : _lastHeld;
        }

        public LedgerSegment Facts() =>
            facts with
            {
                Last = _last,
                LastHash = _lastHash,
                NewestAt = _newest,
                FirstHeldAt = _firstHeld,
                LastHeldAt = _lastHeld,
            };

        public static Growing From(LedgerEntry first, long number, string link) =>
            new(
                new LedgerSegment
                {
                    Number = number,
                    First = first.Sequence,
                    Last = first.Sequence,
                    OpenedAt = first.Settlement.At,
                    NewestAt = first.Settlement.At,
                    FirstHeldAt = first.Hold.At,
                    LastHeldAt = first.Hold.At,
                    PreviousHash = link,
                    LastHash = first.Hash,
                }
            );
    }
}
