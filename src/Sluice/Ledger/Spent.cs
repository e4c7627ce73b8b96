using System.Collections.Immutable;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger;

/// <summary>What was spent by holds that have the same facts and were made within the same hour or day, or by one hold.</summary>
/// <param name="HeldAt">The latest that one of them can have been made: counted there, a cost is never forgotten too early.</param>
/// <param name="Key">The facts; one that reads <see cref="RollupKey.Other"/> may be anything.</param>
internal readonly record struct Spent(DateTimeOffset HeldAt, RollupKey Key, RollupSums Sums)
{
    public static Spent Of(LedgerEntry entry) => new(entry.Hold.At, RollupKey.Of(entry), RollupSums.Of(entry));

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
/// <param name="ExactSince">From here on each entry comes for itself.</param>
/// <param name="Cuts">Moments that no hour lies on both sides of: where windows begin.</param>
internal sealed record SpentQuery(DateTimeOffset Since, DateTimeOffset ExactSince, ImmutableArray<DateTimeOffset> Cuts)
{
    /// <summary>Windows that roll in steps shorter than an hour need their entries one by one.</summary>
    private static readonly TimeSpan LongestExact = TimeSpan.FromHours(60);

    public static SpentQuery For(IReadOnlyList<Budget> budgets, DateTimeOffset now)
    {
        var begins = budgets.Select(b => (b.Window, At: BudgetWindows.Begin(b.Window, now))).ToList();
        return new SpentQuery(
            begins.Min(b => b.At),
            begins
                .Where(b => b.Window.Kind == WindowKind.Rolling && b.Window.Length < LongestExact)
                .Select(b => b.At)
                .DefaultIfEmpty(DateTimeOffset.MaxValue)
                .Min(),
            [.. begins.Select(b => b.At).Distinct()]
        );
    }

    /// <summary>Whether the hour that begins here has to be read entry by entry.</summary>
    public bool IsExact(DateTimeOffset hour) =>
        hour + TimeSpan.FromHours(1) > ExactSince || Cuts.Any(cut => cut > hour && cut < hour + TimeSpan.FromHours(1));
}
