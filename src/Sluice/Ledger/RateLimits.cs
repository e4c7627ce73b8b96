namespace Sluice.Ledger;

/// <summary>How often and how much somebody may ask. A limit that is <see langword="null"/> does not hold.</summary>
internal sealed record RateLimits
{
    public int? RequestsPerMinute { get; init; }

    public int? RequestsPerDay { get; init; }

    /// <summary>Input and output tokens together.</summary>
    public long? TokensPerMinute { get; init; }

    public long? TokensPerDay { get; init; }

    /// <summary>Calls under way at once.</summary>
    public int? Concurrent { get; init; }

    /// <summary>Whether these are nowhere above others: who has them may do nothing that the others forbid.</summary>
    public bool WithinOf(RateLimits others) =>
        Within(RequestsPerMinute, others.RequestsPerMinute)
        && Within(RequestsPerDay, others.RequestsPerDay)
        && Within(TokensPerMinute, others.TokensPerMinute)
        && Within(TokensPerDay, others.TokensPerDay)
        && Within(Concurrent, others.Concurrent);

    /// <summary>The same as budgets, which count what they limit.</summary>
    /// <param name="owner">Whose limits they are, <c>key key_1</c>.</param>
    /// <param name="match">The calls that count.</param>
    /// <param name="requests">What a request is: what a caller asks, or every attempt that is sent.</param>
    /// <param name="each">Who has a counter to himself.</param>
    public IEnumerable<Budget> ToBudgets(string owner, BudgetSelector match, BudgetUnit requests, BudgetDimension? each = null)
    {
        var (minute, day) = (BudgetWindow.Rolling(TimeSpan.FromMinutes(1)), BudgetWindow.Rolling(TimeSpan.FromDays(1)));
        (string Name, long? Limit, BudgetUnit Unit, BudgetWindow Window)[] limits =
        [
            ("requests per minute", RequestsPerMinute, requests, minute),
            ("requests per day", RequestsPerDay, requests, day),
            ("tokens per minute", TokensPerMinute, BudgetUnit.Tokens, minute),
            ("tokens per day", TokensPerDay, BudgetUnit.Tokens, day),
            ("concurrent calls", Concurrent, BudgetUnit.Concurrent, BudgetWindow.Of(WindowKind.Total)),
        ];
        foreach (var (name, limit, unit, window) in limits)
        {
            if (limit is { } most)
            {
                yield return new Budget
                {
                    Name = $"of {most} {name} of {owner}",
                    Limit = new BudgetAmount(most, unit),
                    Window = window,
                    Match = match,
                    Each = each,
                    IsRate = true,
                };
            }
        }
    }

    private static bool Within(long? own, long? other) => other is null || own <= other;
}
