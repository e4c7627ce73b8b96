namespace Sluice.Ledger;

/// <summary>When a budget will be used up, if what is spent goes on as it did.</summary>
internal static class BudgetForecast
{
    private const decimal TicksPerDay = TimeSpan.TicksPerDay;

    /// <summary>What a day costs, in the budget's unit; the first day counts as a whole one.</summary>
    public static decimal BurnPerDay(BudgetCounter counter, DateTimeOffset now)
    {
        if (counter.FirstSpent is not { } first || counter.Spent == 0)
        {
            return 0;
        }

        return counter.Spent / Math.Max(1, (now - first).Ticks / TicksPerDay);
    }

    /// <summary>The days until nothing is left; <see langword="null"/> when nothing is spent, or the window ends before.</summary>
    public static decimal? DaysLeft(BudgetCounter counter, DateTimeOffset now)
    {
        var burn = BurnPerDay(counter, now);
        if (burn == 0)
        {
            return null;
        }

        var days = Math.Max(0, counter.Budget.Limit.Value - counter.Spent) / burn;
        return days > 0 && counter.End is { } end && days > (end - now).Ticks / TicksPerDay ? null : days;
    }
}
