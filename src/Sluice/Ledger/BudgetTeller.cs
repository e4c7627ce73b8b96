namespace Sluice.Ledger;

/// <summary>Tells when a budget passes one of its parts, or will be used up soon; each once per window.</summary>
/// <remarks>Called under the ledger's lock: whoever listens puts the event aside and comes back.</remarks>
internal sealed class BudgetTeller
{
    private static readonly int[] Days = [7, 3, 1];

    public event Action<BudgetEvent>? Told;

    /// <summary>Looks at a counter after it has changed.</summary>
    public void Look(BudgetCounter counter, DateTimeOffset now)
    {
        if (Told is null || counter.Budget.IsRate)
        {
            return;
        }

        var (told, reached) = (counter.Told, Reached(counter, now));
        // A window that rolls never begins anew: what it has left behind may be told again.
        counter.Told =
            counter.Budget.Window.Kind == WindowKind.Rolling
                ? reached
                : new BudgetTold(Math.Max(told.Parts, reached.Parts), Math.Max(told.Days, reached.Days), told.UsedUp || reached.UsedUp);
        if (reached.Parts > told.Parts)
        {
            Tell(counter, now, BudgetEventKind.Threshold, counter.Budget.TellAt[reached.Parts - 1]);
        }

        if (reached.Days > told.Days)
        {
            Tell(counter, now, BudgetEventKind.Depletion, Days[reached.Days - 1]);
        }

        if (reached.UsedUp && !told.UsedUp)
        {
            Tell(counter, now, BudgetEventKind.UsedUp, 1);
        }
    }

    /// <summary>A call was refused that would not fit even if all others cost nothing.</summary>
    public void Refused(BudgetCounter counter, DateTimeOffset now)
    {
        if (Told is not null && !counter.Told.UsedUp)
        {
            counter.Told = counter.Told with { UsedUp = true };
            Tell(counter, now, BudgetEventKind.UsedUp, 1);
        }
    }

    /// <summary>What a counter has behind it when it is loaded was told before, or is nobody's news.</summary>
    public static void Skip(BudgetCounter counter, DateTimeOffset now) => counter.Told = Reached(counter, now);

    /// <summary>By what is spent: what is held is mostly given back.</summary>
    private static BudgetTold Reached(BudgetCounter counter, DateTimeOffset now)
    {
        var (budget, parts, days) = (counter.Budget, 0, 0);
        while (parts < budget.TellAt.Length && counter.Spent >= budget.TellAt[parts] * budget.Limit.Value)
        {
            parts++;
        }

        if (BudgetForecast.DaysLeft(counter, now) is { } left)
        {
            while (days < Days.Length && left <= Days[days])
            {
                days++;
            }
        }

        return new BudgetTold(parts, days, counter.Spent >= budget.Limit.Value);
    }

    private void Tell(BudgetCounter counter, DateTimeOffset now, BudgetEventKind kind, decimal number) =>
        Told?.Invoke(new BudgetEvent(kind, number, BudgetStatus.Of(counter, now), now));
}

/// <summary>Something that is worth to know of a budget.</summary>
/// <param name="Number">The part that is used, or the days that are left.</param>
internal sealed record BudgetEvent(BudgetEventKind Kind, decimal Number, BudgetStatus Status, DateTimeOffset At);

internal enum BudgetEventKind
{
    /// <summary>A part of the limit is spent.</summary>
    Threshold,

    /// <summary>All of it is spent, or a call was refused because too little is left.</summary>
    UsedUp,

    /// <summary>At the present rate it will be used up within some days, before its window ends.</summary>
    Depletion,
}
