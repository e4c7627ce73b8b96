namespace Sluice.Ledger.Rollups;

/// <summary>How long a time a rollup sums up.</summary>
internal enum RollupGrain
{
    /// <summary>Kept as long as the entries.</summary>
    Hour,

    /// <summary>Of UTC; kept for good.</summary>
    Day,

    /// <summary>Days that tell end users apart, of calls that name one. Kept as long as the entries, as who called is.</summary>
    UserDay,
}

/// <summary>Where an entry is added up.</summary>
/// <param name="Segment">Of the entry. It owns the row: when it is closed, the row is final.</param>
/// <param name="Start">When the hour or day of the hold began, in UTC ticks: a cost belongs to the time of its hold.</param>
internal readonly record struct RollupSlot(long Segment, RollupGrain Grain, long Start, RollupKey Key)
{
    public static RollupSlot Of(long segment, RollupGrain grain, DateTimeOffset at, RollupKey key) =>
        new(segment, grain, StartOf(grain, at).UtcTicks, key);

    /// <summary>When the hour or day that a moment lies in began.</summary>
    public static DateTimeOffset StartOf(RollupGrain grain, DateTimeOffset at)
    {
        var length = LengthOf(grain).Ticks;
        return new DateTimeOffset(at.UtcTicks - at.UtcTicks % length, TimeSpan.Zero);
    }

    public static TimeSpan LengthOf(RollupGrain grain) => grain == RollupGrain.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
}

/// <summary>Entries of one slot, added up.</summary>
internal sealed record RollupRow(RollupSlot Slot, RollupSums Sums);
