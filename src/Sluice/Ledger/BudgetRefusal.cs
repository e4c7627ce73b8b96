namespace Sluice.Ledger;

/// <summary>Why a hold was not made.</summary>
/// <param name="Budget">The budget that has not enough left.</param>
/// <param name="Limit">Its limit.</param>
/// <param name="Left">What is neither spent nor held.</param>
/// <param name="Needed">What the attempt may consume at worst, in the budget's unit.</param>
/// <param name="ResetsAt">When its window ends; <see langword="null"/> for one that does not.</param>
/// <param name="Held">What other calls hold at the moment; when they settle, this call may fit.</param>
internal sealed record BudgetRefusal(
    string Budget,
    BudgetAmount Limit,
    BudgetAmount Left,
    BudgetAmount Needed,
    DateTimeOffset? ResetsAt,
    BudgetAmount Held
)
{
    /// <summary>It has room, and keeps it for targets that cost less, one of which follows.</summary>
    public bool Downshift { get; init; }

    /// <summary>It limits a rate, and not what may be spent.</summary>
    public bool IsRate { get; init; }

    /// <summary>It limits what one provider is asked: another may have room.</summary>
    public bool OfProvider { get; init; }

    /// <summary>When a rate has room again, as far as it is known.</summary>
    public TimeSpan? RoomIn { get; init; }

    /// <summary>In words that may reach the caller.</summary>
    public string Reason =>
        IsRate ? $"the limit {Budget} is reached"
        : Downshift ? $"budget '{Budget}' of {Limit} has {Left} left and is kept for cheaper targets"
        : $"budget '{Budget}' of {Limit} has {Left} left and the call may need {Needed}"
            + (ResetsAt is { } reset ? $"; it resets at {reset:yyyy-MM-dd'T'HH:mm:sszzz}" : "");

    /// <summary>Whether the call may fit once the calls under way have settled.</summary>
    public bool MayFitLater => Needed.Value <= Left.Value + Held.Value;
}
