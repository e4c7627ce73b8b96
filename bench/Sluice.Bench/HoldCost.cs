using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Bench;

/// <summary>What a hold and its settlement add to an attempt, by how many budgets match and how many keys have limits of their own.</summary>
[MemoryDiagnoser]
public class HoldCost
{
    private LedgerBook _ledger = null!;
    private HoldRecord _wanted = null!;

    /// <summary>Budgets that match the call.</summary>
    [Params(0, 1, 10)]
    public int Budgets { get; set; }

    /// <summary>Keys with limits of their own, one of them the caller's.</summary>
    [Params(0, 10_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // Without the ring: no store takes records as fast as this loop makes them.
        _ledger = LedgerBook.Open(new MemoryLedgerStore(), null, new LedgerSettings(), TimeProvider.System);
        var budgets = Enumerable
            .Range(0, Budgets)
            .Select(i => new Budget
            {
                Name = $"b{i}",
                Limit = BudgetAmount.Of(Credits.FromDollars(1_000_000)),
                Window = BudgetWindow.Of(WindowKind.Month),
                Match = Selector(BudgetDimension.Account, "acme"),
            });
        var limits = Enumerable
            .Range(0, Keys)
            .SelectMany(i =>
                new RateLimits { RequestsPerMinute = int.MaxValue }.ToBudgets(
                    $"key {i}",
                    Selector(BudgetDimension.Key, $"key_{i}"),
                    BudgetUnit.Requests
                )
            );
        _ledger.Apply([.. budgets, .. limits]);
        _wanted = new HoldRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Call = "call",
            Attempt = 1,
            Key = "key_1",
            Account = "acme/search",
            RouteAsked = "claude",
            Route = "claude",
            Provider = "anthropic",
            Model = "claude-sonnet-4-6",
            Credential = "anthropic",
            Amount = Credits.FromDollars(0.01m),
            Tokens = 1_000,
        };
    }

    [Benchmark]
    public void HoldAndSettle()
    {
        var hold = _ledger.TryHold(_wanted).Hold!;
        _ledger.Settle(
            new SettlementRecord
            {
                HoldId = hold.Id,
                At = hold.At,
                Outcome = EntryOutcome.Completed,
                Status = 200,
                Usage = Usage.None,
                Cost = Credits.Zero,
            }
        );
    }

    [GlobalCleanup]
    public void Cleanup() => _ledger.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static BudgetSelector Selector(BudgetDimension dimension, string value) =>
        new([KeyValuePair.Create(dimension, ImmutableArray.Create(value))]);
}
