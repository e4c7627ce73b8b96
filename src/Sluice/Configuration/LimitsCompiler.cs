using System.Collections.Immutable;
using Sluice.Ledger;

namespace Sluice.Configuration;

/// <summary>Reads <c>limits</c> of providers, of the keys of their pools, and of accounts.</summary>
internal static class LimitsCompiler
{
    public static IEnumerable<Budget> Compile(Section root)
    {
        foreach (var (name, provider) in root.Children("providers", "provider"))
        {
            var match = Selector(BudgetDimension.Provider, name);
            foreach (var budget in Read(provider, "limits").ToBudgets($"provider {name}", match, BudgetUnit.Attempts))
            {
                yield return budget;
            }

            var keys = Read(provider, "keyLimits").ToBudgets($"the keys of {name}", match, BudgetUnit.Attempts, BudgetDimension.Credential);
            foreach (var budget in keys)
            {
                yield return budget;
            }
        }

        foreach (var (name, account) in root.Children("accounts", "account"))
        {
            var match = Selector(BudgetDimension.Account, name);
            foreach (var budget in Read(account, "limits").ToBudgets($"account {name}", match, BudgetUnit.Requests))
            {
                yield return budget;
            }
        }
    }

    private static RateLimits Read(Section owner, string name) =>
        owner.Child(name, "limits") is { } section
            ? new RateLimits
            {
                RequestsPerMinute = section.Count("requestsPerMinute", 1, int.MaxValue),
                RequestsPerDay = section.Count("requestsPerDay", 1, int.MaxValue),
                TokensPerMinute = section.Count("tokensPerMinute", 1, int.MaxValue),
                TokensPerDay = section.Count("tokensPerDay", 1, int.MaxValue),
                Concurrent = section.Count("concurrent", 1, int.MaxValue),
            }
            : new RateLimits();

    private static BudgetSelector Selector(BudgetDimension dimension, string value) =>
        new([KeyValuePair.Create(dimension, ImmutableArray.Create(value))]);
}
