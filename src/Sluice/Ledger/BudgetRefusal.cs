using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>Why a hold was not made.</summary>
/// <param name="Budget">The budget that has not enough left.</param>
/// <param name="Limit">Its limit.</param>
/// <param name="Left">What is neither spent nor held.</param>
/// <param name="Needed">What the attempt may cost at worst.</param>
/// <param name="ResetsAt">When its window ends; <see langword="null"/> for a total.</param>
/// <param name="Held">What other calls hold at the moment; when they settle, this call may fit.</param>
internal sealed record BudgetRefusal(string Budget, Credits Limit, Credits Left, Credits Needed, DateTimeOffset? ResetsAt, Credits Held)
{
    /// <summary>In words that may reach the caller.</summary>
    public string Reason =>
        $"budget '{Budget}' of {Limit} USD has {Left} USD left and the call may cost {Needed} USD"
        + (ResetsAt is { } reset ? $"; it resets at {reset:yyyy-MM-dd'T'HH:mm:sszzz}" : "");

    /// <summary>Whether the call may fit once the calls under way have settled.</summary>
    public bool MayFitLater => Needed <= Left + Held;
}
