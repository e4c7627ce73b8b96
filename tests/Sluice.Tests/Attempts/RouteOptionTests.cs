using Sluice.Calls;
using Sluice.Money;
using Sluice.Simulator;

namespace Sluice.Tests.Attempts;

/// <summary>What options of routes, targets and models change in how a call goes, asked once with and once without them.</summary>
public sealed class RouteOptionTests
{
    [Theory]
    [InlineData("", "second/n", 0)]
    [InlineData(", \"retry\": { \"maxWait\": \"8s\" }", "first/m", 7)]
    [ChangesBehaviour("retry.maxWait")]
    public async Task MaxWait_IsHowLongAProviderMayAskFor(string option, string target, int seconds)
    {
        await using var engine = new EngineFixture(Chain("m", option));
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 7 });

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(8));

        outcome.Receipt.Target.ShouldBe(target);
        outcome.Took.ShouldBeInRange(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.01));
    }

    [Theory]
    [InlineData("", 250)]
    [InlineData(", \"retry\": { \"backoff\": \"2s\" }", 2_000)]
    [ChangesBehaviour("retry.backoff")]
    public async Task Backoff_IsTheFirstPause(string option, int milliseconds)
    {
        await using var engine = new EngineFixture(Chain("m", option));
        engine.Provider.Script("m", new Fault { Status = 500 });

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(5));

        outcome.Receipt.Target.ShouldBe("first/m");
        outcome.Took.TotalMilliseconds.ShouldBeInRange(milliseconds * 0.75, (milliseconds * 1.25) + 2);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"alsoFailOver\": [\"Refused\"]", "second/n")]
    [ChangesBehaviour("route.alsoFailOver")]
    public async Task AlsoFailOver_TriesTheNextAfterARefusal(string option, string? target)
    {
        await using var engine = new EngineFixture(Chain("sim-filter", option));

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Receipt.Attempts[0].Failure.ShouldBe(FailureClass.Refused);
        outcome.Receipt.Complete.ShouldBe(target is not null);
        outcome.Receipt.Attempts.Count.ShouldBe(target is null ? 1 : 2);
    }

    /// <summary>An attempt that was sent and of which nothing came back: its hold, or what can be guessed.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData(", \"ledger\": { \"onUnknown\": \"hold\" }", true)]
    [InlineData(", \"ledger\": { \"onUnknown\": \"estimate\" }", false)]
    [ChangesBehaviour("ledger.onUnknown")]
    public async Task OnUnknown_IsWhatAnAttemptWithoutAnAnswerCosts(string rest, bool hold)
    {
        await using var engine = new EngineFixture(Chain("sim-silence", ""), rest: rest);

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(20));

        var lost = outcome.Receipt.Attempts[0];
        lost.Failure.ShouldBe(FailureClass.Timeout);
        lost.Cost.ShouldBeGreaterThan(Credits.Zero);
        (lost.Cost == lost.Hold).ShouldBe(hold);
    }

    [Fact]
    [ChangesBehaviour("target.provider", "target.model", "target.unlisted", "target.price")]
    public async Task Target_ThatNoCatalogueKnows_IsAskedAndPaidForAsItSays()
    {
        await using var engine = new EngineFixture(
            $$"""
            "a": { "targets": [{ "provider": "second", "model": "new", "unlisted": true, "price": { "input": "0", "output": "3000000" } }] },
            "b": { "targets": [{ "provider": "second", "model": "new", "unlisted": true, "price": { "input": "0", "output": "1000000" } }], "default": true }
            """
        );

        var dear = (await engine.CallAsync("a", TimeSpan.Zero)).Receipt;
        var cheap = (await engine.CallAsync("b", TimeSpan.Zero)).Receipt;

        dear.Target.ShouldBe("second/new");
        dear.Cost.ShouldBe(Credits.FromDollars(3 * dear.Attempts.Single().Usage.OutputTokens));
        dear.Cost.Nano.ShouldBe(3 * cheap.Cost.Nano);
        engine.Provider.Requests.Select(r => r.Model).Distinct().ShouldBe(["new"]);
    }

    /// <summary>The hold is a whole window of input and the longest output, at one and two dollars a million.</summary>
    [Theory]
    [InlineData("", 1_100 + (2 * 16_384))]
    [InlineData(", \"maxOutput\": 500", 1_100 + (2 * 500))]
    [ChangesBehaviour("target.maxOutput")]
    public async Task Target_OfShortOutput_IsHeldForLess(string option, int most)
    {
        await using var engine = new EngineFixture($$""" "a": { "targets": [{{Unlisted("first", "m", option)}}] } """);

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Receipt.Attempts.Single().Hold.Nano.ShouldBeInRange((most - 100) * 1_000L, (most + 100) * 1_000L);
    }

    [Theory]
    [InlineData("", "first/m")]
    [InlineData(", \"contextWindow\": 4000", "second/n")]
    [ChangesBehaviour("target.contextWindow")]
    public async Task Target_WithASmallWindow_IsPassedOver(string option, string target)
    {
        await using var engine = new EngineFixture(
            $$""" "a": { "maxOutput": 100, "targets": [{{Unlisted("first", "m", option)}}, {{EngineFixture.Target("second", "n")}}] } """
        )
        {
            Said = string.Concat(Enumerable.Repeat("word ", 8_000)),
        };

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Receipt.Target.ShouldBe(target);
    }

    /// <summary>What a model thinks in hiding takes its time, and is paid for where it cannot be seen.</summary>
    [Theory]
    [InlineData("false", 15)]
    [InlineData("true", 120)]
    [ChangesBehaviour("model.reasoning")]
    public async Task Reasoning_InHiding_IsGivenTime(string reasoning, int seconds)
    {
        await using var engine = new EngineFixture(
            $$""" "a": { "targets": ["first/sim-silence", {{EngineFixture.Target("second", "n")}}] } """,
            rest: $$""", "models": { "first/sim-silence": { "price": { "input": "1", "output": "2" }, "reasoning": {{reasoning}} } }"""
        );

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(seconds));

        outcome.Receipt.Attempts[0].Duration.ShouldBe(TimeSpan.FromSeconds(seconds));
        outcome.Receipt.Target.ShouldBe("second/n");
    }

    /// <summary>It is noon on the fifteenth of January when the clock begins.</summary>
    [Theory]
    [InlineData("\"from\": \"2026-01-15\"", 0, true)]
    [InlineData("\"from\": \"2026-01-16\"", 0, false)]
    [InlineData("\"from\": \"2026-01-16\"", 13, true)]
    [InlineData("\"hours\": \"11:30-12:30\"", 0, true)]
    [InlineData("\"hours\": \"11:30-12:30\"", 1, false)]
    [InlineData("\"hours\": \"23:00-01:00\"", 12, true)]
    [InlineData("\"from\": \"2026-01-16\", \"hours\": \"11:30-12:30\"", 0, false)]
    [ChangesBehaviour("root.models", "model.schedule", "scheduledPrice.from", "scheduledPrice.hours", "scheduledPrice.price")]
    public async Task Schedule_IsThePriceWhileItHolds(string when, int hours, bool holds)
    {
        await using var engine = new EngineFixture(
            """ "a": { "targets": ["first/m"] } """,
            rest: $$"""
            , "models": { "first/m": {
              "price": { "input": "0", "output": "1000" }, "schedule": [{ {{when}}, "price": { "output": "3000" } }]
            } }
            """
        );
        engine.Time.Advance(TimeSpan.FromHours(hours));

        var receipt = (await engine.CallAsync("a", TimeSpan.Zero)).Receipt;

        receipt.Cost.ShouldBe(Credits.FromDollars((holds ? 0.003m : 0.001m) * receipt.Usage.OutputTokens));
        receipt.Cost.ShouldBeGreaterThan(Credits.Zero);
    }

    private static string Chain(string first, string option) =>
        $"\"a\": {{ \"targets\": [{EngineFixture.Target("first", first)}, {EngineFixture.Target("second", "n")}]{option} }}";

    private static string Unlisted(string provider, string model, string option) =>
        $$"""{ "provider": "{{provider}}", "model": "{{model}}", "unlisted": true, "price": { "input": "1", "output": "2" }{{option}} }""";
}
