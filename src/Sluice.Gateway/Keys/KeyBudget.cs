using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Gateway.Keys;

/// <summary>What a key may spend within a window: <c>25 USD per month</c>, <c>1000000 tokens per 24h</c>.</summary>
internal sealed partial record KeyBudget(BudgetAmount Limit, BudgetWindow Window)
{
    public Budget ToBudget(string key) =>
        new()
        {
            Name = $"{this} of key {key.Split('/')[^1]}",
            Limit = Limit,
            Window = Window,
            Match = KeyRing.SelectorOf(key),
        };

    public override string ToString() => $"{Limit} per {Window}";

    /// <exception cref="FormatException">It is not written so.</exception>
    public static KeyBudget Parse(string text)
    {
        var match = Written().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["limit"].ValueSpan, CultureInfo.InvariantCulture, out var limit))
        {
            throw new FormatException(text);
        }

        var amount = match.Groups["unit"].Value switch
        {
            "tokens" => new BudgetAmount((long)limit, BudgetUnit.Tokens),
            "calls" => new BudgetAmount((long)limit, BudgetUnit.Calls),
            _ => BudgetAmount.Of(Credits.FromDollars(limit)),
        };
        var per = match.Groups["per"].Value;
        return new KeyBudget(
            amount,
            Units.Duration(per) is { } length
                ? BudgetWindow.Rolling(length)
                : BudgetWindow.Of(Enum.Parse<WindowKind>(per, ignoreCase: true))
        );
    }

    [GeneratedRegex(
        @"^(?<limit>[0-9]+(\.[0-9]+)?) (?<unit>USD|tokens|calls) per (?<per>hour|day|week|month|total|[0-9]+[mhd])$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Written();
}
