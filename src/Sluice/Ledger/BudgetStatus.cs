namespace Sluice.Ledger;

/// <summary>A budget, or the part of it that one value has to itself, as it stands.</summary>
internal sealed record BudgetStatus
{
    public required string Name { get; init; }

    /// <summary>The value that has it to itself: a tenant's name; <see langword="null"/> for a budget without parts.</summary>
    public string? Part { get; init; }

    public required Budget Budget { get; init; }

    public required BudgetAmount Spent { get; init; }

    public required BudgetAmount Held { get; init; }

    public required BudgetAmount Left { get; init; }

    /// <summary>The used part of the limit.</summary>
    public required decimal Used { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>When one more would fit, where nothing is left.</summary>
    public TimeSpan RoomIn { get; init; }

    /// <summary>What a day costs, by the window so far; a window of less than a day counts as one.</summary>
    public required decimal BurnPerDay { get; init; }

    /// <summary>In how many days it will be used up at this rate; <see langword="null"/> when nothing is spent, or the window ends before.</summary>
    public decimal? DaysLeft { get; init; }

    public static BudgetStatus Of(BudgetCounter counter, DateTimeOffset now)
    {
        var unit = counter.Budget.Limit.Unit;
        var spent = new BudgetAmount(counter.Spent, unit);
        var left = new BudgetAmount(counter.Left, unit);
        var burn = BudgetForecast.BurnPerDay(counter, now);
        return new BudgetStatus
        {
            Name = counter.Budget.Name,
            Part = counter.Budget.Each is null ? null : counter.Part,
            Budget = counter.Budget,
            Spent = spent,
            Held = new BudgetAmount(counter.Held, unit),
            Left = left,
            Used = counter.Used,
            ResetsAt = counter.End,
            RoomIn = counter.Fits(1) ? TimeSpan.Zero : counter.RoomIn(1, now),
            BurnPerDay = new BudgetAmount((long)burn, unit).Number,
            DaysLeft = BudgetForecast.DaysLeft(counter, now),
        };
    }
}
