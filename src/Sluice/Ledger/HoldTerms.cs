namespace Sluice.Ledger;

/// <summary>What else decides whether a hold is made.</summary>
internal readonly record struct HoldTerms
{
    /// <summary>Whether a target that costs less follows, for which budgets of <see cref="BudgetMode.Downshift"/> keep what is left.</summary>
    public bool CheaperFollows { get; init; }

    /// <summary>What other attempts of the same call cost, in nano-dollars: at most, where they are under way.</summary>
    public long SpentInCall { get; init; }

    /// <summary>The tokens of other attempts of the same call.</summary>
    public long TokensInCall { get; init; }

    /// <summary>The other attempts of the same call that count.</summary>
    public int AttemptsInCall { get; init; }

    /// <summary>How long to wait, in order, for calls under way to settle where nothing else is in the way.</summary>
    public TimeSpan Wait { get; init; }
}
