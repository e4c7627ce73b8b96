namespace Sluice.Ledger;

/// <summary>Where the windows of budgets begin and end, in the time of a place with its changes of clocks.</summary>
internal static class BudgetWindows
{
    /// <summary>The window a moment lies in: its beginning, and its end where it has one.</summary>
    public static (DateTimeOffset Start, DateTimeOffset? End) Of(WindowKind window, TimeZoneInfo zone, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var day = local.Date;
        return window switch
        {
            WindowKind.Hour => Hour(local),
            WindowKind.Day => Between(zone, day, day.AddDays(1)),
            WindowKind.Week => Week(zone, day.AddDays(-(((int)day.DayOfWeek + 6) % 7))),
            WindowKind.Month => Between(zone, new DateTime(day.Year, day.Month, 1), new DateTime(day.Year, day.Month, 1).AddMonths(1)),
            _ => (DateTimeOffset.MinValue, null),
        };
    }

    /// <summary>Where a window that a moment lies in begins.</summary>
    public static DateTimeOffset Begin(BudgetWindow window, DateTimeOffset now) =>
        window.Kind == WindowKind.Rolling ? now - window.Length - window.Length / 30 : Of(window.Kind, window.Zone, now).Start;

    /// <summary>By the offset of the moment itself: when clocks go back, an hour comes twice and is two windows.</summary>
    private static (DateTimeOffset, DateTimeOffset?) Hour(DateTimeOffset local)
    {
        var start = new DateTimeOffset(local.Date.AddHours(local.Hour), local.Offset);
        return (start, start.AddHours(1));
    }

    private static (DateTimeOffset, DateTimeOffset?) Week(TimeZoneInfo zone, DateTime monday) => Between(zone, monday, monday.AddDays(7));

    private static (DateTimeOffset, DateTimeOffset?) Between(TimeZoneInfo zone, DateTime start, DateTime end) =>
        (In(zone, start), In(zone, end));

    /// <summary>A local time as an instant: one that comes twice is meant the first time, one that is left out is moved to after the gap.</summary>
    private static DateTimeOffset In(TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(
            local,
            zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local)
        );
    }
}
