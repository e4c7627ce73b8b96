using System.Text.Json.Nodes;
using Sluice.Ledger;

namespace Sluice.Gateway.Admin;

/// <summary>A budget as it stands, as JSON: numbers in the budget's own unit.</summary>
internal static class BudgetJson
{
    public static JsonObject Write(BudgetStatus status) =>
        new()
        {
            ["name"] = status.Name,
            ["part"] = status.Part,
            ["unit"] = BudgetAmount.NameOf(status.Budget.Limit.Unit),
            ["per"] = status.Budget.Window.ToString(),
            ["rate"] = status.Budget.IsRate,
            ["mode"] = status.Budget.Mode.ToString().ToLowerInvariant(),
            ["limit"] = status.Budget.Limit.Number,
            ["spent"] = status.Spent.Number,
            ["held"] = status.Held.Number,
            ["left"] = status.Left.Number,
            ["used"] = Math.Round(status.Used, 6),
            ["burnPerDay"] = Math.Round(status.BurnPerDay, 9),
            ["daysLeft"] = status.DaysLeft is { } days ? Math.Round(days, 2) : null,
            ["resetsAt"] = status.ResetsAt,
        };
}
