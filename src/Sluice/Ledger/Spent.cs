using System.Collections.Immutable;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger;

/// <summary>What was spent by holds that have the same facts and were made within the same hour or day, or by one hold.</summary>
/// <param name="HeldAt">The latest that one of them can have been made: counted there, a cost is never forgotten too early.</param>
/// <param name="Key">The facts; one that reads <see cref="RollupKey.Other"/> may be anything.</param>
internal readonly record struct Spent(DateTimeOffset HeldAt, RollupKey Key, RollupSums Sums)
{
    /// <summary>The provider's key, which rollups do not tell apart: of a single hold alone.</summary>
    public string Credential { get; init; } = "";

    public static Spent Of(LedgerEntry entry) =>
        new(entry.Hold.At, RollupKey.Of(entry), RollupSums.Of(entry)) { Credential = entry.Hold.Credential };

    public static Spent Of(RollupRow row) =>
        new(
            new DateTimeOffset(row.Slot.Start, TimeSpan.Zero) + RollupSlot.LengthOf(row.Slot.Grain) - TimeSpan.FromTicks(1),
            row.Slot.Key,
            row.Sums
        );

    /// <summary>What is booked in a budget's unit.</summary>
    public long AmountIn(BudgetUnit unit) =>
        unit switch
        {
            BudgetUnit.Tokens => Sums[Figure.InputTokens] + Sums[Figure.OutputTokens],
            BudgetUnit.Calls or BudgetUnit.Requests => Sums[Figure.Calls],
            BudgetUnit.Attempts => Sums[Figure.Attempts],
            BudgetUnit.Concurrent => 0,
            _ => Sums[Figure.Cost],
        };
}

/// <summary>What budgets have to know of the past.</summary>
/// <param name="Since">The first hold that counts.</param>
/// <param name="Cuts">Moments that no piece may lie on both sides of: where windows begin.</param>
internal sealed record SpentQuery(DateTimeOffset Since, ImmutableArray<DateTimeOffset> Cuts)
{
    /// <summary>Windows that roll in steps shorter than an hour need their entries one by one.</summary>
    private static readonly TimeSpan LongestExact = TimeSpan.FromHours(60);

    /// <summary>From here on no piece is longer than an hour.</summary>
    public DateTimeOffset HoursSince { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>From here on each entry comes for itself.</summary>
    public DateTimeOffset ExactSince { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Whether end users have to be told apart.</summary>
    public bool ByUser { get; init; }

    public static SpentQuery For(IReadOnlyList<Budget> budgets, DateTimeOffset now)
    {
        var begins = budgets.Select(b => (b.Window, At: BudgetWindows.Begin(b.Window, now))).ToList();
        var rolling = begins.Where(b => b.Window.Kind == WindowKind.Rolling).ToLookup(b => b.Window.Length < LongestExact, b => b.At);
        return new SpentQuery(begins.Min(b => b.At), [.. begins.Select(b => b.At).Distinct()])
        {
            HoursSince = rolling[false].DefaultIfEmpty(DateTimeOffset.MaxValue).Min(),
            ExactSince = rolling[true].DefaultIfEmpty(DateTimeOffset.MaxValue).Min(),
            ByUser = budgets.Any(b => b.Each == BudgetDimension.User || b.Match.Values.Any(v => v.Key == BudgetDimension.User)),
        };
    }

    /// <summary>Whether a rollup can stand for its entries.</summary>
    public bool Takes(RollupGrain grain, DateTimeOffset start)
    {
        var end = start + RollupSlot.LengthOf(grain);
        return end <= ExactSince && (grain == RollupGrain.Hour || end <= HoursSince) && !Cuts.Any(cut => cut > start && cut < end);
    }
}
