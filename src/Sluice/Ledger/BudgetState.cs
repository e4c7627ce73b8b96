using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>What is spent and held of one budget in its current window. Guarded by the ledger's lock.</summary>
internal sealed class BudgetState(Budget budget)
{
    private long _spent;
    private long _held;

    /// <summary>The rules; a reload changes them and keeps the counters.</summary>
    public Budget Budget { get; set; } = budget;

    public DateTimeOffset Start { get; private set; } = DateTimeOffset.MinValue;

    public DateTimeOffset? End { get; private set; } = DateTimeOffset.MinValue;

    public Credits Spent => new(_spent);

    public Credits Held => new(_held);

    public Credits Left => new(Math.Max(0, Budget.Limit.Nano - _spent - _held));

    /// <summary>Begins the window that <paramref name="now"/> lies in, if it is another.</summary>
    public bool Roll(DateTimeOffset now)
    {
        if (End is null || (now < End && now >= Start))
        {
            return false;
        }

        (Start, End) = BudgetWindows.Of(Budget.Window, Budget.TimeZone, now);
        (_spent, _held) = (0, 0);
        return true;
    }

    public void Load(Credits spent, Credits held) => (_spent, _held) = (spent.Nano, held.Nano);

    public bool Fits(Credits amount) => checked(_spent + _held) <= Budget.Limit.Nano - amount.Nano;

    public void Hold(Credits amount) => _held += amount.Nano;

    /// <summary>Books the cost of a hold; one of an earlier window belongs there and is gone with it.</summary>
    public void Settle(HoldRecord hold, Credits cost)
    {
        if (hold.At >= Start)
        {
            _held -= hold.Amount.Nano;
            _spent = checked(_spent + cost.Nano);
        }
    }
}
