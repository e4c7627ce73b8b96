using System.Collections.Immutable;

namespace Sluice.Ledger;

/// <summary>A limit on what the calls that match it may consume within a window.</summary>
internal sealed record Budget
{
    public required string Name { get; init; }

    public required BudgetAmount Limit { get; init; }

    public required BudgetWindow Window { get; init; }

    /// <summary>Which calls count; all of them by default.</summary>
    public BudgetSelector Match { get; init; } = BudgetSelector.All;

    /// <summary>What each value of has a counter of its own, with the whole limit: one for every tenant.</summary>
    public BudgetDimension? Each { get; init; }

    public BudgetMode Mode { get; init; }

    /// <summary>Whether it limits a rate: what has no room is told to come again soon, and nothing of it is told to operators.</summary>
    public bool IsRate { get; init; }

    /// <summary>What becomes of a call whose price nobody knows, where money is limited.</summary>
    public UnknownPrice UnknownPrice { get; init; }

    /// <summary>The used part from which a budget of <see cref="BudgetMode.Downshift"/> passes over targets that a cheaper one follows.</summary>
    public decimal DownshiftAt { get; init; } = 0.8m;

    /// <summary>The spent parts at which somebody is told, in ascending order; each once per window.</summary>
    public ImmutableArray<decimal> TellAt { get; init; } = [0.8m, 0.9m, 0.95m];
}

/// <summary>What becomes of a call that a budget has no room for.</summary>
internal enum BudgetMode
{
    /// <summary>It is refused: the sum of entries never exceeds the limit.</summary>
    Hard,

    /// <summary>It goes on; the excess is told.</summary>
    Soft,

    /// <summary>From a part of the limit on only cheaper targets are taken, and at the limit it is refused.</summary>
    Downshift,
}

/// <summary>What a limit of money makes of a call whose price nobody knows.</summary>
internal enum UnknownPrice
{
    /// <summary>It is refused: nothing could be held for it.</summary>
    Refuse,

    /// <summary>It goes on and counts for nothing, unless the provider tells its cost.</summary>
    Allow,
}

/// <summary>What a limit counts.</summary>
internal enum BudgetUnit
{
    /// <summary>Nano-dollars.</summary>
    Usd,

    /// <summary>Input and output tokens together.</summary>
    Tokens,

    /// <summary>Attempts that a provider answered, or may have.</summary>
    Calls,

    /// <summary>What callers ask, however often it is tried.</summary>
    Requests,

    /// <summary>Attempts that were sent, whatever became of them.</summary>
    Attempts,

    /// <summary>Attempts under way.</summary>
    Concurrent,
}
