using System.Collections.Immutable;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Tests.Ledger;

/// <summary>What budgets count, whom they tell apart and what they do when little is left.</summary>
public sealed class BudgetTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly LedgerBook _ledger;

    public BudgetTests() => _ledger = LedgerBook.Open(new MemoryLedgerStore(), null, new LedgerSettings(), _time);

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData(nameof(BudgetDimension.Account), "acme", true)]
    [InlineData(nameof(BudgetDimension.Account), "acme/search", true)]
    [InlineData(nameof(BudgetDimension.Account), "acme/sea", false)]
    [InlineData(nameof(BudgetDimension.Account), "acme/search/team", false)]
    [InlineData(nameof(BudgetDimension.Key), "key_1", true)]
    [InlineData(nameof(BudgetDimension.Role), "architect", true)]
    [InlineData(nameof(BudgetDimension.Route), "claude", true)]
    [InlineData(nameof(BudgetDimension.Route), "gpt_oss", false)]
    [InlineData(nameof(BudgetDimension.ActualRoute), "gpt_oss", true)]
    [InlineData(nameof(BudgetDimension.Tenant), "t1", true)]
    [InlineData(nameof(BudgetDimension.User), "u1", true)]
    [InlineData(nameof(BudgetDimension.Provider), "groq", true)]
    [InlineData(nameof(BudgetDimension.Model), "openai/*", true)]
    [InlineData(nameof(BudgetDimension.Model), "openai", false)]
    [InlineData(nameof(BudgetDimension.Tag), "nightly", true)]
    [InlineData(nameof(BudgetDimension.Tag), "night", false)]
    public void Selector_TakesWhatMatches(string dimension, string value, bool expected) =>
        Matching((dimension, [value])).Match.Matches(Wanted(1)).ShouldBe(expected);

    [Fact]
    public void Selector_EveryDimensionAndAnyOfItsValues() =>
        (
            Matching(("Tenant", ["x", "t1"]), ("Role", ["architect"])).Match.Matches(Wanted(1)),
            Matching(("Tenant", ["t1"]), ("Role", ["coder"])).Match.Matches(Wanted(1))
        ).ShouldBe((true, false));

    [Fact]
    public void SeveralMatch_AllHoldOrNone()
    {
        Apply(Month(10), Month(3, "provider") with { Match = Matching(("Provider", ["groq"])).Match });

        _ledger.TryHold(Wanted(4)).Refusal!.Budget.ShouldBe("provider");
        _ledger.TryHold(Wanted(4) with { Provider = "anthropic" }).Hold.ShouldNotBeNull();

        _ledger.Status().Select(s => s.Held.Number).ShouldBe([4, 0]);
    }

    [Fact]
    public void UnknownPrice_IsRefusedWhereAnyHardLimitOfMoneyDoesNotAllowIt()
    {
        Apply(Month(10) with { UnknownPrice = UnknownPrice.Allow });
        _ledger.LimitsMoney(Wanted(0)).ShouldBeFalse();

        Apply(Month(10) with { UnknownPrice = UnknownPrice.Allow }, Month(10, "other") with { Mode = BudgetMode.Soft });
        _ledger.LimitsMoney(Wanted(0)).ShouldBeFalse();

        Apply(Month(10) with { UnknownPrice = UnknownPrice.Allow }, Month(10, "other"));
        _ledger.LimitsMoney(Wanted(0)).ShouldBeTrue();
    }

    [Fact]
    public void Each_GivesEveryTenantTheWholeLimit()
    {
        Apply(Month(5) with { Each = BudgetDimension.Tenant });

        _ledger.TryHold(Wanted(4)).Hold.ShouldNotBeNull();
        _ledger.TryHold(Wanted(4) with { Tenant = "t2" }).Hold.ShouldNotBeNull();
        var refusal = _ledger.TryHold(Wanted(4) with { Tenant = "t2" }).Refusal!;

        refusal.Budget.ShouldBe("month[t2]");
        _ledger.Status().Select(s => (s.Part, s.Held.Number)).ShouldBe([("t1", 4m), ("t2", 4m)]);
    }

    [Fact]
    public void Tokens_AreHeldAtWorstAndSettledAsReported()
    {
        Apply(Month(0) with { Limit = new BudgetAmount(1_000, BudgetUnit.Tokens) });
        var hold = _ledger.TryHold(Wanted(1) with { Tokens = 900 }).Hold!;

        _ledger.TryHold(Wanted(1) with { Tokens = 200 }).Refusal!.Reason.ShouldContain("of 1000 tokens has 100 tokens left");
        Settle(
            hold,
            1,
            new Usage
            {
                InputTokens = 100,
                OutputTokens = 50,
                Evidence = UsageEvidence.Reported,
            }
        );

        _ledger.Status().Single().Spent.ToString().ShouldBe("150 tokens");
    }

    [Theory]
    [InlineData("Completed", 200, true, 1)]
    [InlineData("Cut", 200, true, 1)]
    [InlineData("Failed", 503, true, 0)]
    [InlineData("Failed", null, false, 1)]
    public void Calls_AreThoseThatAProviderAnsweredOrMayHave(string outcome, int? status, bool reported, int counted)
    {
        Apply(Month(0) with { Limit = new BudgetAmount(1, BudgetUnit.Calls) });
        var hold = _ledger.TryHold(Wanted(1)).Hold!;
        _ledger.TryHold(Wanted(1)).Refusal!.MayFitLater.ShouldBeTrue();

        _ledger.Settle(
            new SettlementRecord
            {
                HoldId = hold.Id,
                At = _time.GetUtcNow(),
                Outcome = Enum.Parse<EntryOutcome>(outcome),
                Status = status,
                Usage = reported ? Usage.None : Usage.None with { Evidence = UsageEvidence.Unknown },
                Cost = Credits.Zero,
            }
        );

        _ledger.Status().Single().Spent.Value.ShouldBe(counted);
    }

    [Fact]
    public void PerCall_CountsTheAttemptsOfOneCallTogether()
    {
        Apply(Month(1, "call") with { Window = BudgetWindow.Of(WindowKind.Call) });

        _ledger.TryHold(Wanted(1)).Hold.ShouldNotBeNull();
        _ledger.TryHold(Wanted(1)).Hold.ShouldNotBeNull();
        _ledger
            .TryHold(Wanted(0.6m), new HoldTerms { SpentInCall = Credits.FromDollars(0.5m).Nano })
            .Refusal!.Left.ShouldBe(BudgetAmount.Of(Credits.FromDollars(0.5m)));
    }

    [Fact]
    public void Rolling_ForgetsWhatIsOlderThanTheWindowAndNothingSooner()
    {
        Apply(Month(10) with { Window = BudgetWindow.Rolling(TimeSpan.FromHours(24)) });
        Settle(_ledger.TryHold(Wanted(6)).Hold!, 6);
        _time.Advance(TimeSpan.FromHours(12));
        Settle(_ledger.TryHold(Wanted(4)).Hold!, 4);

        _time.Advance(TimeSpan.FromHours(12));
        _ledger.TryHold(Wanted(1)).Hold.ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(25));
        _ledger.TryHold(Wanted(7)).Hold.ShouldBeNull();
        _ledger.TryHold(Wanted(6)).Hold.ShouldNotBeNull();
    }

    [Fact]
    public void Soft_LetsThroughAndTells()
    {
        Apply(Month(1) with { Mode = BudgetMode.Soft });
        var told = Listen();

        Settle(_ledger.TryHold(Wanted(5)).Hold!, 5);

        told.ShouldContain("UsedUp");
    }

    [Theory]
    [InlineData(7.9, true, false)]
    [InlineData(8, true, true)]
    [InlineData(8, false, false)]
    public void Downshift_KeepsTheRestForCheaperTargetsWhereOneFollows(double spent, bool cheaperFollows, bool refused)
    {
        Apply(Month(10) with { Mode = BudgetMode.Downshift });
        Settle(_ledger.TryHold(Wanted((decimal)spent)).Hold!, (decimal)spent);

        var (_, refusal) = _ledger.TryHold(Wanted(1), new HoldTerms { CheaperFollows = cheaperFollows });

        (refusal?.Downshift == true).ShouldBe(refused);
    }

    [Fact]
    public void WhatCostsNothing_FitsABudgetThatIsOverdrawn()
    {
        Apply(Month(1));
        Settle(_ledger.TryHold(Wanted(1)).Hold!, 3);

        _ledger.TryHold(Wanted(0)).Hold.ShouldNotBeNull();
        _ledger.TryHold(Wanted(0.01m)).Hold.ShouldBeNull();
    }

    [Fact]
    public async Task Waiting_IsServedInOrderAndNobodyOvertakes()
    {
        Apply(Month(10));
        var first = _ledger.TryHold(Wanted(9)).Hold!;
        var big = _ledger.HoldAsync(Wanted(8), Waiting, default);
        var small = _ledger.HoldAsync(Wanted(1), Waiting, default);

        _ledger.TryHold(Wanted(0.5m)).Refusal!.MayFitLater.ShouldBeTrue("others wait already");
        Settle(first, 1);

        (await big).Hold.ShouldNotBeNull();
        (await small).Hold.ShouldNotBeNull();
        _ledger.Status().Single().Held.Number.ShouldBe(9);
    }

    [Fact]
    public async Task Waiting_ThatCouldNeverFit_IsRefusedAtOnce()
    {
        Apply(Month(10));

        (await _ledger.HoldAsync(Wanted(11), Waiting, default)).Refusal!.MayFitLater.ShouldBeFalse();
    }

    [Fact]
    public async Task Waiting_TooLong_IsRefusedAndLeavesTheQueue()
    {
        Apply(Month(10));
        var first = _ledger.TryHold(Wanted(10)).Hold!;
        var waiting = _ledger.HoldAsync(Wanted(5), Waiting, default).AsTask();

        _time.Advance(Waiting.Wait);

        (await waiting).Refusal!.Budget.ShouldBe("month");
        Settle(first, 0);
        _ledger.TryHold(Wanted(10)).Hold.ShouldNotBeNull();
    }

    [Fact]
    public async Task Waiting_Cancelled_HoldsNothing()
    {
        Apply(Month(10));
        var first = _ledger.TryHold(Wanted(10)).Hold!;
        using var away = new CancellationTokenSource();
        var waiting = _ledger.HoldAsync(Wanted(5), Waiting, away.Token).AsTask();

        await away.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        Settle(first, 0);
        (_ledger.OpenHolds, _ledger.Status().Single().Held.Value).ShouldBe((0, 0L));
    }

    [Fact]
    public void Parts_AreToldOnceAWindow()
    {
        Apply(Month(100) with { TellAt = [0.5m, 0.9m] });
        var told = Listen();

        foreach (var cost in (decimal[])[40, 15, 20, 16])
        {
            Settle(_ledger.TryHold(Wanted(cost)).Hold!, cost);
        }

        told.Where(t => t.StartsWith("Threshold", StringComparison.Ordinal)).ShouldBe(["Threshold 0.5", "Threshold 0.9"]);
        _time.Advance(TimeSpan.FromDays(40));
        Settle(_ledger.TryHold(Wanted(60)).Hold!, 60);
        told.Last(t => t.StartsWith("Threshold", StringComparison.Ordinal)).ShouldBe("Threshold 0.5");
    }

    [Fact]
    public void Parts_ReachedBeforeAReload_AreNotToldAgain()
    {
        Apply(Month(100));
        Settle(_ledger.TryHold(Wanted(85)).Hold!, 85);
        var told = Listen();

        Apply(Month(100, "renamed"));
        Settle(_ledger.TryHold(Wanted(1)).Hold!, 1);

        told.ShouldBeEmpty();
    }

    [Fact]
    public void Depletion_IsToldFromTheFirstCost()
    {
        Apply(Month(100) with { Window = BudgetWindow.Of(WindowKind.Total) });
        var told = Listen();

        Settle(_ledger.TryHold(Wanted(12.5m)).Hold!, 12.5m);

        told.ShouldBe(["Depletion 7"]);
        (_ledger.Status().Single().BurnPerDay, _ledger.Status().Single().DaysLeft).ShouldBe((12.5m, 7m));
    }

    [Fact]
    public void Burn_IsOfDays()
    {
        Apply(Month(100) with { Window = BudgetWindow.Of(WindowKind.Total) });
        for (var hour = 0; hour < 48; hour++)
        {
            Settle(_ledger.TryHold(Wanted(1)).Hold!, 1);
            _time.Advance(TimeSpan.FromHours(1));
        }

        _ledger.Status().Single().BurnPerDay.ShouldBe(24);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1.01, 1)]
    public void Cost_AboveItsHold_IsBookedAndTold(double cost, int told)
    {
        Apply(Month(10));
        var exceeded = new List<HoldRecord>();
        _ledger.Exceeded += (hold, _) => exceeded.Add(hold);

        Settle(_ledger.TryHold(Wanted(1)).Hold!, (decimal)cost);

        exceeded.Count.ShouldBe(told);
        _ledger.Status().Single().Spent.Number.ShouldBe((decimal)cost);
    }

    [Fact]
    public void Reload_OfWhatIsCounted_CountsAnewFromTheEntries()
    {
        Apply(Month(10));
        Settle(_ledger.TryHold(Wanted(3)).Hold!, 3);
        Settle(_ledger.TryHold(Wanted(4) with { Tenant = "t2" }).Hold!, 4);
        _ledger.TryHold(Wanted(1) with { Tenant = "t2" }).Hold.ShouldNotBeNull();

        Apply(Month(10) with { Match = Matching(("Tenant", ["t2"])).Match });

        var status = _ledger.Status().Single();
        (status.Spent.Number, status.Held.Number).ShouldBe((4m, 1m));
    }

    private static HoldTerms Waiting { get; } = new() { Wait = TimeSpan.FromSeconds(5) };

    private void Apply(params ImmutableArray<Budget> budgets) => _ledger.Apply(budgets);

    private List<string> Listen()
    {
        var told = new List<string>();
        _ledger.Teller.Told += e => told.Add($"{e.Kind} {e.Number:0.##}".Replace("UsedUp 1", "UsedUp", StringComparison.Ordinal));
        return told;
    }

    private static Budget Month(decimal dollars, string name = "month") =>
        new()
        {
            Name = name,
            Limit = BudgetAmount.Of(Credits.FromDollars(dollars)),
            Window = BudgetWindow.Of(WindowKind.Month),
        };

    private static Budget Matching(params (string Dimension, string[] Values)[] values) =>
        Month(1) with
        {
            Match = new BudgetSelector([
                .. values.Select(v => KeyValuePair.Create(Enum.Parse<BudgetDimension>(v.Dimension), v.Values.ToImmutableArray())),
            ]),
        };

    private HoldRecord Wanted(decimal dollars) =>
        new()
        {
            At = _time.GetUtcNow(),
            Call = "call_1",
            Attempt = 1,
            Key = "key_1",
            Account = "acme/search",
            Tenant = "t1",
            User = "u1",
            Tags = "nightly,eu",
            Role = "architect",
            RouteAsked = "claude",
            Route = "gpt_oss",
            Provider = "groq",
            Model = "openai/gpt-oss-120b",
            Credential = "groq",
            Amount = Credits.FromDollars(dollars),
        };

    private void Settle(HoldRecord hold, decimal dollars, Usage? usage = null) =>
        _ledger.Settle(
            new SettlementRecord
            {
                HoldId = hold.Id,
                At = _time.GetUtcNow(),
                Outcome = EntryOutcome.Completed,
                Status = 200,
                Usage = usage ?? Usage.None,
                Cost = Credits.FromDollars(dollars),
            }
        );
}
