using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Tests.Attempts;

public sealed class RetryBudgetTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(0, 10)]
    [InlineData(50, 20)]
    [InlineData(500, 110)]
    public void Retries_AreAShareOfTheCallsAndAFew(int calls, int retries)
    {
        var budget = new RetryBudget(_time);
        Begin(budget, calls);

        Retries(budget).ShouldBe(retries);
    }

    [Fact]
    public void Retries_ComeBackAsTheWindowMoves()
    {
        var budget = new RetryBudget(_time)
        {
            Settings = new RetryBudgetSettings { Least = 2, Share = 0.5 },
        };
        Begin(budget, 10);
        Retries(budget).ShouldBe(7);
        _time.Advance(TimeSpan.FromSeconds(5));
        Retries(budget).ShouldBe(0);
        Begin(budget, 4);
        Retries(budget).ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(5));

        Retries(budget).ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(10));
        Retries(budget).ShouldBe(2);
    }

    [Fact]
    public void Providers_HaveTheirOwn()
    {
        var budget = new RetryBudget(_time);
        Retries(budget).ShouldBe(10);

        budget.TryRetry("q").ShouldBeTrue();
    }

    [Fact]
    [ChangesBehaviour("root.retryBudget", "retryBudget.share", "retryBudget.least", "retryBudget.per")]
    public async Task UsedUp_TheNextTargetIsTaken_AndTheReceiptSaysSo()
    {
        await using var engine = new EngineFixture(
            $"\"a\": {{ \"targets\": [{EngineFixture.Target("first")}, {EngineFixture.Target("second", "n")}] }}",
            rest: ", \"breaker\": { \"enabled\": false }, \"retryBudget\": { \"share\": 0.01, \"least\": 3, \"per\": \"1m\" }"
        );
        engine.Provider.Script("m", [.. Enumerable.Repeat(new Fault { Status = 503 }, 100)]);
        var outcomes = new List<Outcome>();
        for (var i = 0; i < 10; i++)
        {
            outcomes.Add(await engine.CallAsync("a", TimeSpan.FromSeconds(10)));
        }

        engine.Provider.Requests.Count(r => r.Model == "m").ShouldBe(10 + 4);
        outcomes.ShouldAllBe(o => o.Receipt.Target == "second/n");
        outcomes[^1].Gates.ShouldBe(["retries"]);
        outcomes[^1].Took.ShouldBe(TimeSpan.Zero);
        engine.Time.Advance(TimeSpan.FromSeconds(20));
        (await engine.CallAsync("a", TimeSpan.FromSeconds(10))).Gates.ShouldBe(["retries"], "it is counted over a minute");
    }

    [Fact]
    public void Configuration_WhatCannotBe_IsSaid() =>
        Should
            .Throw<ConfigurationException>(() =>
                new ConfigurationCompiler(_ => null).CompileText("""{ "retryBudget": { "share": 2, "least": -1, "per": "1ms" } }""", "/", 1)
            )
            .Errors.Count(e => e.ToString().Contains("retryBudget.", StringComparison.Ordinal))
            .ShouldBe(3);

    private static void Begin(RetryBudget budget, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            budget.Begin("p");
        }
    }

    private static int Retries(RetryBudget budget)
    {
        var count = 0;
        while (budget.TryRetry("p"))
        {
            count++;
        }

        return count;
    }
}
