using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;

namespace Sluice.Admission;

/// <summary>What may be tried next: a target with one credential of its pool, and the worst it may cost.</summary>
/// <param name="Route">The route whose target this is.</param>
/// <param name="Number">Which attempt of the call it would be.</param>
/// <param name="WorstCase">What has to be held for it; <see langword="null"/> when the model has no price.</param>
internal sealed record Candidate(Route Route, Target Target, Credential Credential, int Number, Credits? WorstCase)
{
    /// <summary>The tokens it may consume at worst.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether a target that costs less follows.</summary>
    public bool CheaperFollows { get; init; }

    /// <summary>What the attempt under way beside it may consume: with it, the call may consume both.</summary>
    public (Credits WorstCase, long Tokens)? Beside { get; init; }

    /// <summary>How long the caller's route waits for room in a budget.</summary>
    public TimeSpan BudgetWait { get; init; }
}
