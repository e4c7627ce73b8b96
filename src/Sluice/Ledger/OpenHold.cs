namespace Sluice.Ledger;

/// <summary>A hold without a settlement, and the counters it stands on.</summary>
internal sealed class OpenHold(HoldRecord hold, BudgetCounter[] counters)
{
    public HoldRecord Hold => hold;

    public BudgetCounter[] Counters { get; set; } = counters;
}

/// <summary>A hold that was made and has its place in the ring.</summary>
internal readonly record struct Claim(long Sequence, int Slot, HoldRecord Hold);
