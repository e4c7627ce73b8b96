using Sluice.Ledger.Chain;

namespace Sluice.Ledger.Verification;

/// <summary>Reads a whole ledger and says what is not as it was written. Runs beside a gateway that goes on writing.</summary>
/// <remarks>Segment by segment, with a fresh view now and then: a store is never kept from tidying up for as long as the whole takes.</remarks>
/// <param name="progress">Hears how many entries are done, of how many.</param>
internal sealed class LedgerVerifier(ILedgerReader reader, LedgerAnchors anchors, Action<long, long>? progress = null)
{
    /// <summary>Entries that are read in one view, about.</summary>
    private const long ViewEntries = 500_000;

    private const int ProgressEvery = 50_000;

    private readonly List<Finding> _findings = [];
    private readonly ChainCheck _chain = new();
    private long _entries;
    private long _total;
    private long _end;
    private int _segments;
    private int _removed;
    private LedgerSegment? _before;

    /// <exception cref="LedgerException">There is nothing that could be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Verification Run(CancellationToken cancellationToken)
    {
        // Before the first look: an entry that an anchor names is in every view from here on.
        var (known, damaged) = anchors.Read();
        var check = new AnchorCheck(known);
        _findings.AddRange(damaged.Select(line => new Finding(FindingKind.Anchor, 0, 0, $"line {line} of {anchors.Path} is no anchor")));
        try
        {
            Read(check, cancellationToken);
        }
        catch (LedgerDamagedException exception)
        {
            _findings.Add(new Finding(FindingKind.File, 0, 0, exception.Message));
        }

        _findings.AddRange(_chain.Conclude(_end));
        return new Verification
        {
            Entries = _entries,
            Segments = _segments,
            RemovedSegments = _removed,
            Anchors = check.Compared,
            Last = _before?.Last ?? 0,
            Findings = [.. _findings.Distinct().OrderBy(f => f.First)],
        };
    }

    private void Read(AnchorCheck check, CancellationToken cancellationToken)
    {
        var last = false;
        while (!last)
        {
            using var view = reader.Look();
            var all = view.Segments();
            _total = all.Where(s => s.RemovedAt is null).Sum(s => s.Count);
            var until = _entries + ViewEntries;
            var rest = all.SkipWhile(s => s.Number <= (_before?.Number ?? 0)).ToList();
            foreach (var segment in rest)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Check(view, segment, check, cancellationToken);
                (_segments, _removed, _before) = (_segments + 1, _removed + (segment.RemovedAt is null ? 0 : 1), segment);
                if (_entries >= until)
                {
                    break;
                }
            }

            last = rest.Count == 0 || _before == rest[^1];
            if (last)
            {
                CheckEnd(view, check);
            }
        }
    }

    private void Check(ILedgerView view, LedgerSegment segment, AnchorCheck check, CancellationToken cancellationToken)
    {
        var findings = SegmentCheck.Link(segment, _before).ToList();
        if (segment.Number != (_before?.Number ?? 0) + 1)
        {
            _chain.Follow(segment.First, segment.PreviousHash);
        }

        if (segment.RemovedAt is not null)
        {
            findings.AddRange(SegmentCheck.Removed(view, segment, _before));
        }
        else
        {
            var breaks = _chain.Breaks;
            var sums = new SegmentCheck(segment);
            Read(view, segment, sums, check, cancellationToken);
            // What entries add up to says nothing where they are not what they were.
            if (_chain.Breaks == breaks && findings.Count == 0 && sums.Last == segment.Last)
            {
                findings.AddRange(sums.Compare(view));
            }
        }

        check.Segment(segment);
        _findings.AddRange(findings);
        if (segment.IsClosed)
        {
            _chain.Follow(segment.Last + 1, segment.Hash, segment.ComputeHash());
        }
    }

    private void Read(ILedgerView view, LedgerSegment segment, SegmentCheck sums, AnchorCheck check, CancellationToken cancellationToken)
    {
        var read = 0;
        try
        {
            foreach (var stored in view.Entries(segment.First, segment.Last))
            {
                _chain.Check(stored);
                check.Entry(stored);
                sums.Add(stored);
                _entries++;
                if (++read % ProgressEvery == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Invoke(_entries, _total);
                }
            }
        }
        catch (LedgerDamagedException exception)
        {
            _findings.Add(
                new Finding(
                    FindingKind.File,
                    segment.First,
                    segment.Last,
                    $"segment {segment.Number} cannot be read on: {exception.Message}"
                )
            );
        }

        _chain.ExpectUpTo(segment.Last);
    }

    private void CheckEnd(ILedgerView view, AnchorCheck check)
    {
        var last = _before?.Last ?? 0;
        _end = Math.Max(view.LastEntry(), view.Segments().LastOrDefault(s => s.RemovedAt is not null)?.Last ?? 0);
        if (_end > last)
        {
            _findings.Add(new Finding(FindingKind.Extra, last + 1, _end, $"entries {last + 1} to {_end} are in no segment"));
        }
        else if (check.Beyond(last) is { } anchor)
        {
            _findings.Add(Cut(_end, anchor.Sequence, $"an anchor of {anchor.At:yyyy-MM-dd HH:mm:ss}Z says"));
        }
        else if (_end < last)
        {
            _findings.Add(Cut(_end, last, $"the link of segment {_before!.Number} says"));
        }

        _findings.AddRange(check.Findings);
        _findings.AddRange(view.Damage().Select(damage => new Finding(FindingKind.File, 0, 0, damage)));
    }

    private static Finding Cut(long end, long last, string who) =>
        new(
            FindingKind.Cut,
            end + 1,
            last,
            last == end + 1 ? $"entry {last} was cut off the end, as {who}" : $"entries {end + 1} to {last} were cut off the end, as {who}"
        );
}
