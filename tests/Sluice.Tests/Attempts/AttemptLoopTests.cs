using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Simulator;

namespace Sluice.Tests.Attempts;

/// <summary>Retries, waits, deadlines and what is remembered, on virtual time: hours pass at once and never too late.</summary>
public sealed class AttemptLoopTests
{
    private static readonly TimeSpan NoTime = TimeSpan.Zero;
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(10);

    private static readonly string Alone = $"\"a\": {{ \"targets\": [{EngineFixture.Target("first")}] }}";

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(0.9)]
    public async Task RateLimited_ShortWait_IsAskedAgainWhenTheWaitIsOver(double early)
    {
        await using var engine = new EngineFixture(Alone, TimeSpan.FromMilliseconds(early));
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 1 });

        var outcome = await engine.CallAsync("a", Pauses);

        outcome.Failures.ShouldBe([FailureClass.RateLimited, null]);
        outcome.Gates.ShouldBeEmpty();
        outcome.Took.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1002));
    }

    /// <summary>What a proxy in between has to say is no answer, and asking again brings the same page.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PageInPlaceOfAnAnswer_IsDriftAndCostsNoMoreThanOnce(bool stream)
    {
        await using var engine = new EngineFixture(Alone);
        engine.Provider.Script("m", new Fault { Html = true });

        var outcome = await engine.CallAsync("a", Pauses, stream);

        outcome.Failures.ShouldBe([FailureClass.Drift]);
    }

    [Fact]
    public async Task RateLimited_LongWaitAndAnotherTarget_GoesOnAtOnce()
    {
        await using var engine = new EngineFixture(Chain("m", "n"));
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 30 });

        var outcome = await engine.CallAsync("a", NoTime);

        outcome.Receipt.Target.ShouldBe("second/n");
        outcome.Took.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task RateLimited_LongWaitAndNothingElse_IsWaitedFor()
    {
        await using var engine = new EngineFixture(Alone);
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 30 });

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(31));

        outcome.Receipt.Complete.ShouldBeTrue();
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task RateLimited_WaitBeyondTheDeadline_FailsAtOnceAndSaysWhen()
    {
        await using var engine = new EngineFixture(Alone);
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 3600 });

        var outcome = await engine.CallAsync("a", NoTime);

        var exhausted = outcome.Failure.ShouldBeOfType<RouteExhaustedException>();
        exhausted.Failure.ShouldBe(FailureClass.RateLimited);
        exhausted.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Transient_PausesDoubleWithJitter()
    {
        await using var engine = new EngineFixture(Alone);
        engine.Provider.Script("m", new Fault { Status = 500 }, new Fault { Status = 500 });

        var outcome = await engine.CallAsync("a", Pauses);

        outcome.Failures.ShouldBe([FailureClass.Transient, FailureClass.Transient, null]);
        outcome.Took.ShouldBeInRange(TimeSpan.FromMilliseconds(750 * 0.75), TimeSpan.FromMilliseconds((750 * 1.25) + 2));
        var first = outcome.Receipt.Attempts[1].StartedAt - outcome.Receipt.Attempts[0].StartedAt;
        first.ShouldBeInRange(TimeSpan.FromMilliseconds(187), TimeSpan.FromMilliseconds(314));
    }

    [Theory]
    [InlineData(true, 15)]
    [InlineData(false, 120)]
    public async Task Silence_FirstContentDeadline_DependsOnWhetherAnotherTargetFollows(bool follows, int seconds)
    {
        await using var engine = new EngineFixture(
            follows ? Chain("sim-silence", "n") : $"\"a\": {{ \"targets\": [{EngineFixture.Target("first", "sim-silence")}] }}"
        );

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(seconds));

        outcome.Receipt.Attempts[0].Failure.ShouldBe(FailureClass.Timeout);
        outcome.Receipt.Attempts[0].Duration.ShouldBe(TimeSpan.FromSeconds(seconds));
        outcome.Receipt.Complete.ShouldBe(follows);
    }

    [Fact]
    public async Task Silence_WholeAnswer_LeavesTheNextTargetHalfOfTheTime()
    {
        await using var engine = new EngineFixture(Chain("sim-silence", "n"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(20), stream: false, deadline: TimeSpan.FromSeconds(40));

        outcome.Receipt.Attempts[0].Duration.ShouldBe(TimeSpan.FromSeconds(20));
        outcome.Receipt.Target.ShouldBe("second/n");
    }

    [Fact]
    public async Task Stall_AfterContent_IsCutAfterTheLongestSilence()
    {
        await using var engine = new EngineFixture(Chain("sim-tokens-9+stall-3", "n"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(30));

        outcome.Failure.ShouldBeOfType<ProviderException>().Failure.ShouldBe(FailureClass.Timeout);
        outcome.Receipt.Attempts.Count.ShouldBe(1);
        outcome.Receipt.Attempts[0].Outcome.ShouldBe(AttemptOutcome.Cut);
        outcome.Receipt.Attempts[0].Duration.ShouldBe(TimeSpan.FromSeconds(30));
        outcome.Receipt.Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task CoolDown_IsRememberedUntilItPassesAndNoLonger()
    {
        await using var engine = new EngineFixture(Chain("m", "n"));
        engine.Provider.Script("m", new Fault { Status = 429, RetryAfter = 30 });
        await engine.CallAsync("a", NoTime);

        var during = await engine.CallAsync("a", NoTime);
        engine.Time.Advance(TimeSpan.FromSeconds(30));
        var after = await engine.CallAsync("a", NoTime);

        during.Gates.ShouldBe(["cooldown"]);
        during.Receipt.Target.ShouldBe("second/n");
        after.Gates.ShouldBeEmpty();
        after.Receipt.Target.ShouldBe("first/m");
    }

    [Theory]
    [InlineData("quota", "exhaustion", 10)]
    [InlineData("key", "credential", 1)]
    [InlineData("status-404", "availability", 1)]
    public async Task Refusal_IsRememberedForMinutes(string fault, string gate, int minutes)
    {
        await using var engine = new EngineFixture(Chain("m", "n"));
        engine.Provider.Script("m", Fault.OfModel($"sim-{fault}"));
        await engine.CallAsync("a", NoTime);

        engine.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1));
        var during = await engine.CallAsync("a", NoTime);
        engine.Time.Advance(TimeSpan.FromTicks(1));
        var after = await engine.CallAsync("a", NoTime);

        during.Gates.ShouldBe([gate]);
        after.Receipt.Target.ShouldBe("first/m");
    }

    [Fact]
    public async Task Exhausted_TheSameRequestSoonAfter_IsTriedOnceWithoutPauses()
    {
        await using var engine = new EngineFixture(Alone, rest: ", \"breaker\": { \"enabled\": false }");
        engine.Provider.Script("m", [.. Enumerable.Repeat(new Fault { Status = 500 }, 7)]);

        var first = await engine.CallAsync("a", Pauses);
        var second = await engine.CallAsync("a", NoTime);
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        var third = await engine.CallAsync("a", Pauses);

        (first.Receipt.Attempts.Count, second.Receipt.Attempts.Count, third.Receipt.Attempts.Count).ShouldBe((3, 1, 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exhausted_WhereAnOverrideLed_SaysNothingOfTheRouteAndViceVersa(bool overriddenFirst)
    {
        await using var engine = new EngineFixture(
            $"{Alone}, \"b\": {{ \"default\": true, \"targets\": [{EngineFixture.Target("second", "n")}] }}",
            rest: ", \"breaker\": { \"enabled\": false }"
        );
        engine.Provider.Script("m", [.. Enumerable.Repeat(new Fault { Status = 500 }, 3)]);
        engine.Provider.Script("n", [.. Enumerable.Repeat(new Fault { Status = 500 }, 3)]);
        CallWishes[] wishes = [CallWishes.None, new() { Override = new CallOverride("b", "m is down") }];

        engine.Wishes = wishes[overriddenFirst ? 1 : 0];
        var first = await engine.CallAsync("a", Pauses);
        engine.Wishes = wishes[overriddenFirst ? 0 : 1];
        var second = await engine.CallAsync("a", Pauses);

        (first.Receipt.Attempts.Count, second.Receipt.Attempts.Count).ShouldBe((3, 3));
    }

    [Fact]
    public async Task Caller_GoesAway_IsNoTimeoutAndNobodyElseIsAsked()
    {
        await using var engine = new EngineFixture(Chain("sim-silence", "n"));
        using var caller = new CancellationTokenSource();

        var call = engine.CallAsync("a", stream: true, null, caller.Token);
        var request = await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);
        await caller.CancelAsync();
        var outcome = await call;

        outcome.Failure.ShouldBeAssignableTo<OperationCanceledException>();
        outcome.Receipt.Attempts.Single().Outcome.ShouldBe(AttemptOutcome.Aborted);
        await request.ClientGone;
        outcome.Took.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("sim-silence", UsageEvidence.Unknown)]
    [InlineData("sim-slow-20s", UsageEvidence.Estimated)]
    [InlineData("sim-error-role", UsageEvidence.Estimated)]
    public async Task FailedBeforeContent_CostsItsHoldOnlyWhereNoAnswerHadBegun(string model, UsageEvidence evidence)
    {
        await using var engine = new EngineFixture(Chain(model, "n"));

        var outcome = await engine.CallAsync("a", TimeSpan.FromMinutes(1));

        var failed = outcome.Receipt.Attempts[0];
        failed.Usage.Evidence.ShouldBe(evidence);
        (failed.Cost < failed.Hold).ShouldBe(evidence == UsageEvidence.Estimated);
        failed.Cost.ShouldNotBe(Credits.Zero);
    }

    private static string Chain(string first, string second) =>
        $"\"a\": {{ \"targets\": [{EngineFixture.Target("first", first)}, {EngineFixture.Target("second", second)}] }}";
}
