using System.Globalization;

namespace Sluice.Money;

/// <summary>An amount of money in integer nano-dollars (1 USD = 1,000,000,000).</summary>
/// <remarks>
/// Arithmetic is checked: an overflow throws <see cref="OverflowException"/> instead of wrapping into a wrong sum.
/// Price × tokens is computed in <see cref="decimal"/> and rounded once, upwards, so that a hold never falls short of its settlement.
/// </remarks>
/// <param name="Nano">The amount in nano-dollars.</param>
public readonly record struct Credits(long Nano) : IComparable<Credits>
{
    private const decimal NanoPerDollar = 1_000_000_000m;

    /// <summary>No money.</summary>
    public static Credits Zero => default;

    /// <summary>The largest amount there is, about nine billion dollars.</summary>
    public static Credits Max => new(long.MaxValue);

    /// <summary>The amount in dollars.</summary>
    public decimal Dollars => Nano / NanoPerDollar;

    /// <summary>Rounds an amount in dollars up to the next nano-dollar.</summary>
    /// <exception cref="OverflowException">The amount does not fit.</exception>
    public static Credits FromDollars(decimal dollars) => new(decimal.ToInt64(decimal.Ceiling(dollars * NanoPerDollar)));

    /// <summary>The sum of two amounts.</summary>
    public static Credits operator +(Credits left, Credits right) => new(checked(left.Nano + right.Nano));

    /// <summary>The difference of two amounts.</summary>
    public static Credits operator -(Credits left, Credits right) => new(checked(left.Nano - right.Nano));

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Credits left, Credits right) => left.Nano < right.Nano;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Credits left, Credits right) => left.Nano > right.Nano;

    /// <summary>Whether the left amount is smaller or equal.</summary>
    public static bool operator <=(Credits left, Credits right) => left.Nano <= right.Nano;

    /// <summary>Whether the left amount is larger or equal.</summary>
    public static bool operator >=(Credits left, Credits right) => left.Nano >= right.Nano;

    /// <summary>The smaller of two amounts.</summary>
    public static Credits Min(Credits left, Credits right) => left <= right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Credits other) => Nano.CompareTo(other.Nano);

    /// <summary>The amount in dollars with up to nine decimals, for example <c>0.000125</c>.</summary>
    public override string ToString() => Dollars.ToString("0.#########", CultureInfo.InvariantCulture);
}
