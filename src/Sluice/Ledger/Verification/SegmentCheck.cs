using System.Globalization;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger.Verification;

/// <summary>Adds a segment up again and compares it with its rollups and its link.</summary>
internal sealed class SegmentCheck(LedgerSegment segment)
{
    /// <summary>Rollups that are named one by one.</summary>
    private const int MostNamed = 10;

    private readonly SegmentRollups _rollups = new(segment.Number);
    private readonly Dictionary<RollupSlot, RollupSums> _slots = [];
    private string _lastHash = "";

    /// <summary>The last entry that was read.</summary>
    public long Last { get; private set; } = segment.First - 1;

    public void Add(StoredEntry stored)
    {
        Last = stored.Sequence;
        if (stored.Entry is { } entry)
        {
            _rollups.Add(entry, _slots);
            _lastHash = entry.Hash;
        }
    }

    /// <summary>What of rollups and link is not what the entries add up to.</summary>
    public IEnumerable<Finding> Compare(ILedgerView view)
    {
        var unseen = new Dictionary<RollupSlot, RollupSums>(_slots);
        var wrong = new List<Finding>();
        foreach (var row in Enum.GetValues<RollupGrain>().SelectMany(grain => view.Rollups(segment.Number, grain)))
        {
            if (!unseen.Remove(row.Slot, out var sums) || sums != row.Sums)
            {
                wrong.Add(Wrong(row.Slot, row.Sums, sums));
            }
        }

        wrong.AddRange(unseen.Select(u => Wrong(u.Key, default, u.Value)));
        if (segment.LastHash != _lastHash)
        {
            wrong.Add(Link(segment, "names another last entry than there is"));
        }

        if (segment.IsClosed && (segment.Sums != _rollups.Total || segment.RollupHash != _rollups.Hash()))
        {
            wrong.Add(Link(segment, "has sums that its entries do not add up to"));
        }

        return wrong.Count <= MostNamed
            ? wrong
            : wrong.Take(MostNamed).Append(Rollup($"{wrong.Count - MostNamed} more rollups of segment {segment.Number} do not add up"));
    }

    /// <summary>What is wrong with a link in itself, and with where it stands.</summary>
    public static IEnumerable<Finding> Link(LedgerSegment segment, LedgerSegment? before)
    {
        var expected = (before?.Number ?? 0) + 1;
        if (segment.Number != expected)
        {
            yield return Link(segment, $"follows {expected - 1}: links between them are missing");
            yield break;
        }

        if (segment.First != (before?.Last ?? 0) + 1 || segment.PreviousHash != (before?.Hash ?? LedgerEntry.Genesis))
        {
            yield return Link(segment, "does not follow the one before");
        }

        if (segment.IsClosed && segment.Hash != segment.ComputeHash())
        {
            yield return Link(segment, "was changed");
        }
    }

    /// <summary>What is wrong with a segment whose entries are gone: its days stand for them.</summary>
    public static IEnumerable<Finding> Removed(ILedgerView view, LedgerSegment segment, LedgerSegment? before)
    {
        if (before is { RemovedAt: null })
        {
            yield return Link(segment, "was removed before older ones, which retention never does");
        }

        if (segment.RemovedAt < segment.NewestAt)
        {
            yield return Link(segment, "says that it was removed before its newest entry was booked");
        }

        var days = new SegmentRollups(segment.Number);
        days.Load(view.Rollups(segment.Number, RollupGrain.Day));
        if (days.Total != segment.Sums || days.Hash() != segment.RollupHash)
        {
            yield return Rollup($"the days of segment {segment.Number} are not what its link says");
        }
    }

    private static Finding Link(LedgerSegment segment, string what) =>
        new(
            FindingKind.Link,
            segment.First,
            segment.Last,
            $"the link of segment {segment.Number} (entries {segment.First} to {segment.Last}) {what}"
        );

    private static Finding Wrong(RollupSlot slot, RollupSums says, RollupSums adds)
    {
        var figure = RollupSums.Figures.First(f => says[f] != adds[f] || f == Figure.Cost);
        var start = new DateTimeOffset(slot.Start, TimeSpan.Zero).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return Rollup(
            $"the {(slot.Grain == RollupGrain.Hour ? "hour" : "day")} {start} of {slot.Key.Provider}/{slot.Key.Model}, route {slot.Key.Route}, "
                + $"key '{slot.Key.Key}' in segment {slot.Segment} says {figure} {says[figure]}; its entries add up to {adds[figure]}"
        );
    }

    private static Finding Rollup(string message) => new(FindingKind.Rollup, 0, 0, message);
}
