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

internal static class BudgetWindows
{
    /// <summary>The window a moment lies in: its beginning, and its end where it has one.</summary>
    public static (DateTimeOffset Start, DateTimeOffset? End) Of(BudgetWindow window, TimeZoneInfo zone, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var day = local.Date;
        return window switch
        {
            BudgetWindow.Hour => Between(zone, day.AddHours(local.Hour), day.AddHours(local.Hour + 1)),
            BudgetWindow.Day => Between(zone, day, day.AddDays(1)),
            BudgetWindow.Week => Week(zone, day.AddDays(-(((int)day.DayOfWeek + 6) % 7))),
            BudgetWindow.Month => Between(zone, new DateTime(day.Year, day.Month, 1), new DateTime(day.Year, day.Month, 1).AddMonths(1)),
            _ => (DateTimeOffset.MinValue, null),
        };
    }

    private static (DateTimeOffset, DateTimeOffset?) Week(TimeZoneInfo zone, DateTime monday) => Between(zone, monday, monday.AddDays(7));

    private static (DateTimeOffset, DateTimeOffset?) Between(TimeZoneInfo zone, DateTime start, DateTime end) =>
        (In(zone, start), In(zone, end));

    /// <summary>A local time as an instant; one that a change of clocks leaves out is moved to after the gap.</summary>
    private static DateTimeOffset In(TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}
