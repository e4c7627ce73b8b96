namespace Sluice.Money;

/// <summary>Figures as providers report them, taken only where they can be true.</summary>
internal static class UsageFigures
{
    /// <summary>The most of anything that one call is believed to have consumed.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>A number of tokens or requests; <see langword="null"/> where it is none.</summary>
    public static long? Count(decimal? number) =>
        number is >= 0 and <= Most && decimal.IsInteger(number.Value) ? decimal.ToInt64(number.Value) : null;

    /// <summary>A cost in dollars; <see langword="null"/> where it is none.</summary>
    public static Credits? Dollars(decimal? number) => number is >= 0 and <= 1_000_000_000 ? Credits.FromDollars(number.Value) : null;
}
