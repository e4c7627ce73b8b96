using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Ledger.Rollups;

/// <summary>Adds the entries of one segment up, and bounds what it tells apart.</summary>
/// <remarks>
/// Tags and tenants are what callers write: without a bound, rollups could outgrow the entries. What is told apart depends on the
/// entries in their order and on nothing else, so that whoever reads them again comes to the same rows.
/// </remarks>
internal sealed class SegmentRollups(long segment, int mostKeys = SegmentRollups.MostKeys)
{
    /// <summary>How many keys a segment tells apart in full.</summary>
    public const int MostKeys = 50_000;

    private readonly Dictionary<RollupSlot, RollupSums> _days = [];
    private readonly HashSet<RollupKey> _keys = [];
    private readonly HashSet<RollupKey> _userKeys = [];

    public long Segment => segment;

    /// <summary>All entries of the segment.</summary>
    public RollupSums Total { get; private set; }

    /// <summary>Its days so far.</summary>
    public IReadOnlyDictionary<RollupSlot, RollupSums> Days => _days;

    /// <summary>Takes up days that were summed up before, with and without end users.</summary>
    public void Load(IEnumerable<RollupRow> days)
    {
        foreach (var row in days)
        {
            if (row.Slot.Grain == RollupGrain.UserDay)
            {
                _userKeys.Add(row.Slot.Key);
                continue;
            }

            _days[row.Slot] = row.Sums;
            _keys.Add(row.Slot.Key);
            Total += row.Sums;
        }
    }

    /// <summary>Adds an entry, here and to <paramref name="changes"/>.</summary>
    public void Add(LedgerEntry entry, Dictionary<RollupSlot, RollupSums> changes)
    {
        var (whole, sums) = (RollupKey.Of(entry), RollupSums.Of(entry));
        var key = Bounded(whole.OfAnyUser);
        var day = RollupSlot.Of(segment, RollupGrain.Day, entry.Hold.At, key);
        Total += sums;
        Add(_days, day, sums);
        Add(changes, day, sums);
        Add(changes, RollupSlot.Of(segment, RollupGrain.Hour, entry.Hold.At, key), sums);
        if (whole.User.Length > 0)
        {
            Add(changes, RollupSlot.Of(segment, RollupGrain.UserDay, entry.Hold.At, BoundedUser(key with { User = whole.User })), sums);
        }
    }

    /// <summary>SHA-256 over all days in the order of their keys.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var (start, key, sums) in _days
                .Select(d => (d.Key.Start, Key: d.Key.Key.Canonical(), d.Value))
                .OrderBy(d => d.Start)
                .ThenBy(d => d.Key, StringComparer.Ordinal)
        )
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{start}\n{key}\n{sums}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private RollupKey Bounded(RollupKey key)
    {
        bool Fits(RollupKey candidate, int most) => _keys.Count < most || _keys.Contains(candidate);
        if (!Fits(key, mostKeys))
        {
            key =
                Fits(key.WithoutTags, 2 * mostKeys) ? key.WithoutTags
                : Fits(key.WithoutCallers, 3 * mostKeys) ? key.WithoutCallers
                : key.WithoutModels;
        }

        _keys.Add(key);
        return key;
    }

    private RollupKey BoundedUser(RollupKey key)
    {
        if (_userKeys.Count >= mostKeys && !_userKeys.Contains(key))
        {
            key = key with { User = RollupKey.Other };
        }

        _userKeys.Add(key);
        return key;
    }

    private static void Add(Dictionary<RollupSlot, RollupSums> rows, RollupSlot slot, RollupSums sums)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, slot, out _);
        row += sums;
    }
}
