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
    /// <summary>Where the configuration takes a price for it, if it has none.</summary>
    public string PriceIsSaid { get; init; } = "give it a \"price\" in the configuration";

    /// <summary>The tokens it may consume at worst.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether a target that costs less follows.</summary>
    public bool CheaperFollows { get; init; }

    /// <summary>What the attempt under way beside it may consume: with it, the call may consume both.</summary>
    public (Credits WorstCase, long Tokens)? Beside { get; init; }

    /// <summary>How long the caller's route waits for room in a budget.</summary>
    public TimeSpan BudgetWait { get; init; }

    /// <summary>The keys of the pool that have not been asked for yet.</summary>
    public ReadOnlyMemory<Credential> OtherKeys { get; init; }

    /// <summary>What comes after this target; <see langword="null"/> for nothing.</summary>
    public IWayOn? WayOn { get; init; }

    /// <summary>The call has tried this target already.</summary>
    public bool Again { get; init; }

    /// <summary>Everything else failed: chance does not skip it any more.</summary>
    public bool LastChance { get; init; }
}

/// <summary>Where a call would go on.</summary>
internal interface IWayOn
{
    /// <summary>The targets that would follow such a failure, in order.</summary>
    IEnumerable<Target> Following(FailureClass failure);
}
