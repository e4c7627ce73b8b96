namespace Sluice.Ledger;

/// <summary>The time a limit is for.</summary>
/// <param name="Kind">What begins a new one.</param>
/// <param name="Zone">The time zone in which days, weeks and months begin.</param>
/// <param name="Length">How long a rolling window is.</param>
internal sealed record BudgetWindow(WindowKind Kind, TimeZoneInfo Zone, TimeSpan Length = default)
{
    public static BudgetWindow Of(WindowKind kind) => new(kind, TimeZoneInfo.Utc);

    public static BudgetWindow Rolling(TimeSpan length) => new(WindowKind.Rolling, TimeZoneInfo.Utc, length);

    /// <summary>As it is written in a configuration: <c>month</c>, <c>24h</c>.</summary>
    public override string ToString() =>
        Kind != WindowKind.Rolling ? Kind.ToString().ToLowerInvariant()
        : Length.TotalHours >= 1 ? $"{Length.TotalHours:0.##}h"
        : $"{Length.TotalMinutes:0.##}m";
}

internal enum WindowKind
{
    /// <summary>One call with all its attempts.</summary>
    Call,
    Hour,
    Day,

    /// <summary>Begins on Monday.</summary>
    Week,
    Month,

    /// <summary>Never begins anew.</summary>
    Total,

    /// <summary>Always the last so many hours or days, in steps of a sixtieth.</summary>
    Rolling,
}
