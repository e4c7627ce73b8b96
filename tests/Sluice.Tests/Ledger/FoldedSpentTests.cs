using System.Collections.Immutable;
using Sluice.Ledger;
using Sluice.Ledger.Rollups;
using Sluice.Money;

namespace Sluice.Tests.Ledger;

/// <summary>What the ledger does not tell apart any more counts wherever it may belong: a hard budget never forgets money.</summary>
public sealed class FoldedSpentTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void BudgetOfOneTenant_CountsWhatMayHaveBeenIts()
    {
        var sheet = Loaded(Total("acme") with { Match = Tenants("acme") }, Spent("other-tenant", 1), Spent(RollupKey.Other, 3));

        sheet.Counters(Now).Single().Spent.ShouldBe(Credits.FromDollars(3).Nano);
    }

    [Fact]
    public void BudgetOfEachTenant_CountsItForEveryOneThatIsAndComes()
    {
        var sheet = Loaded(
            Total("each") with
            {
                Each = BudgetDimension.Tenant,
            },
            Spent("acme", 1),
            Spent(RollupKey.Other, 3),
            Spent(RollupKey.Other, 2),
            Spent("globex", 4)
        );

        Part(sheet, "acme").ShouldBe(Credits.FromDollars(6).Nano);
        Part(sheet, "globex").ShouldBe(Credits.FromDollars(9).Nano);
        Part(sheet, "new").ShouldBe(Credits.FromDollars(5).Nano);
    }

    [Fact]
    public void BudgetOfAKey_CountsWhatMayHaveBeenThatKeys()
    {
        var key = new BudgetSelector([new(BudgetDimension.Key, ["key_1"])]);

        var sheet = Loaded(Total("key") with { Match = key }, Spent(RollupKey.Other, 3, key: RollupKey.Other), Spent("t", 1, key: "key_2"));

        sheet.Counters(Now).Single().Spent.ShouldBe(Credits.FromDollars(3).Nano);
    }

    /// <summary>Whoever calls by the name that stands for the rest is one caller like any other.</summary>
    [Fact]
    public void HoldThatIsCalledLikeTheRest_MatchesNobodyElse() =>
        Tenants("acme").Matches(Spent(RollupKey.Other, 1).Key.HoldAt(Now)).ShouldBeFalse();

    private static long Part(BudgetSheet sheet, string tenant) => sheet.For(Spent(tenant, 0).Key.HoldAt(Now), out _).Single().Spent;

    private static BudgetSheet Loaded(Budget budget, params Spent[] spent)
    {
        var sheet = new BudgetSheet();
        var added = sheet.Apply([budget]);
        foreach (var piece in spent)
        {
            sheet.Load(piece, added, Now);
        }

        return sheet;
    }

    private static Budget Total(string name) =>
        new()
        {
            Name = name,
            Limit = BudgetAmount.Of(Credits.FromDollars(100)),
            Window = BudgetWindow.Of(WindowKind.Total),
        };

    private static BudgetSelector Tenants(params ImmutableArray<string> tenants) => new([new(BudgetDimension.Tenant, tenants)]);

    /// <summary>A day of February; without its tenant it has no tags either.</summary>
    private static Spent Spent(string tenant, decimal dollars, string key = "") =>
        new(
            new DateTimeOffset(2026, 2, 3, 23, 59, 59, TimeSpan.Zero),
            new RollupKey
            {
                Provider = "p",
                Model = "m",
                RouteAsked = tenant == RollupKey.Other ? RollupKey.Other : "r",
                Route = "r",
                Key = key,
                Role = "",
                Account = "",
                Tenant = tenant,
                User = "",
                Tags = tenant == RollupKey.Other ? RollupKey.Other : "",
                Outcome = EntryOutcome.Completed,
            },
            new RollupSums { [Figure.Cost] = Credits.FromDollars(dollars).Nano }
        );
}
