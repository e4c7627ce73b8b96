using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Where a call would go, and why; nobody was asked, and nothing is held.</summary>
internal sealed record Explanation
{
    /// <summary>The route that was asked for.</summary>
    public required Route Asked { get; init; }

    /// <summary>The route it would go to.</summary>
    public required Route Taken { get; init; }

    /// <summary>Why it would go elsewhere; <see langword="null"/> where it would not.</summary>
    public Redirection? Redirection { get; init; }

    /// <summary>The estimated input, in tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>In the order in which they would be tried.</summary>
    public required IReadOnlyList<ExplainedTarget> Targets { get; init; }

    /// <summary>The budgets that match the call at its first target.</summary>
    public required IReadOnlyList<BudgetStatus> Budgets { get; init; }
}

/// <summary>A target at its place.</summary>
/// <param name="Because">Why it stands there.</param>
internal sealed record ExplainedTarget(string Route, Target Target, string Because)
{
    /// <summary>Why it would not be tried; <see langword="null"/> where it would.</summary>
    public string? Refused { get; init; }

    /// <summary>The most it could cost; <see langword="null"/> where no price is known.</summary>
    public Credits? WorstCase { get; init; }

    /// <summary>The output limit it would have, in tokens.</summary>
    public long OutputLimit { get; init; }

    public IReadOnlyList<Degradation> Degradations { get; init; } = [];
}
