using Sluice.Ledger.Chain;

namespace Sluice.Ledger.Verification;

/// <summary>Compares the chain with what anchors say of it.</summary>
internal sealed class AnchorCheck(IReadOnlyList<LedgerAnchor> anchors)
{
    private readonly ILookup<long, LedgerAnchor> _bySequence = anchors.ToLookup(a => a.Sequence);
    private readonly Dictionary<long, string> _last = [];

    /// <summary>Anchors that stood at an entry which is kept.</summary>
    public int Compared { get; private set; }

    public List<Finding> Findings { get; } = [];

    /// <summary>Notes an entry; whether it is the one that was meant is known with its segment, which may be what was anchored.</summary>
    public void Entry(StoredEntry stored)
    {
        if (_bySequence.Contains(stored.Sequence))
        {
            _last[stored.Sequence] = stored.Entry?.Hash ?? "";
        }
    }

    /// <summary>Compares what was noted of a segment.</summary>
    public void Segment(LedgerSegment segment)
    {
        if (segment.RemovedAt is not null && _bySequence.Contains(segment.Last))
        {
            _last[segment.Last] = segment.LastHash;
        }

        foreach (var (sequence, hash) in _last)
        {
            foreach (var anchor in _bySequence[sequence])
            {
                Compared++;
                if (anchor.Hash != hash && !(sequence == segment.Last && anchor.Hash == segment.Hash))
                {
                    Findings.Add(
                        new Finding(
                            FindingKind.Anchor,
                            sequence,
                            sequence,
                            $"entry {sequence} is another than the anchor of {anchor.At:yyyy-MM-dd HH:mm:ss}Z says"
                        )
                    );
                }
            }
        }

        _last.Clear();
    }

    /// <summary>The farthest anchor behind the last entry.</summary>
    public LedgerAnchor? Beyond(long last) => anchors.Where(a => a.Sequence > last).MaxBy(a => a.Sequence);
}
