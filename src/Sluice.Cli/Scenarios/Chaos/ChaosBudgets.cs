using Sluice.Ledger;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>Adds up what was booked on each budget, in another way than the ledger does, and holds it against limit and ledger.</summary>
internal static class ChaosBudgets
{
    public static IEnumerable<string> Failures(
        IReadOnlyList<LedgerEntry> entries,
        IReadOnlyDictionary<string, decimal> limits,
        IReadOnlyList<BudgetStatus> status
    )
    {
        var sums = new Dictionary<(string Budget, string Part, long Hour), decimal>();
        foreach (var entry in entries)
        {
            var hour = entry.Hold.At.UtcTicks / TimeSpan.TicksPerHour;
            Add(("everything", "", 0), entry);
            Add(("tenants", entry.Hold.Tenant, hour), entry);
            // Calls of no role have a part to themselves.
            Add(("roles", entry.Hold.Role, hour), entry);
        }

        foreach (var ((budget, part, _), sum) in sums)
        {
            if (sum > limits[budget])
            {
                yield return $"budget {budget} {part}: {sum} USD were spent, its limit is {limits[budget]} USD";
            }
        }

        var last = entries.Count == 0 ? 0 : entries.Max(e => e.Hold.At).UtcTicks / TimeSpan.TicksPerHour;
        foreach (var budget in status.Where(b => limits.ContainsKey(b.Name)))
        {
            var sum = sums.GetValueOrDefault((budget.Name, budget.Part ?? "", budget.Part is null ? 0 : last));
            if (budget.Spent.Number != sum)
            {
                yield return $"budget {budget.Name} {budget.Part}: it says that {budget.Spent.Number} USD are spent, the entries {sum} USD";
            }
        }

        void Add((string, string, long) key, LedgerEntry entry) => sums[key] = sums.GetValueOrDefault(key) + entry.Settlement.Cost.Dollars;
    }
}
