using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>So much of what a budget counts.</summary>
/// <param name="Value">Nano-dollars, tokens or calls.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BudgetAmount(long Value, BudgetUnit Unit)
{
    public static BudgetAmount Of(Credits credits) => new(credits.Nano, BudgetUnit.Usd);

    /// <summary>As a number in its unit: dollars, tokens, calls.</summary>
    public decimal Number => Unit == BudgetUnit.Usd ? new Credits(Value).Dollars : Value;

    /// <summary>With its unit: <c>12.5 USD</c>, <c>1000 tokens</c>.</summary>
    public override string ToString() => $"{Number.ToString("0.#########", CultureInfo.InvariantCulture)} {NameOf(Unit)}";

    public static string NameOf(BudgetUnit unit) =>
        unit switch
        {
            BudgetUnit.Tokens => "tokens",
            BudgetUnit.Calls => "calls",
            BudgetUnit.Requests or BudgetUnit.Attempts => "requests",
            BudgetUnit.Concurrent => "concurrent calls",
            _ => "USD",
        };
}
