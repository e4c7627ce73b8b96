using System.Text.Json;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Simulator;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Attempts;

/// <summary>A slow target and the next one beside it, on virtual time.</summary>
public sealed class HedgingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slow_NextIsAskedAfterTheDelay_AndWins(bool stream)
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-10s", "n"));

        var outcome = await DriveAsync(engine, first: 10, hedge: null, then: null, stream);

        outcome.Receipt.Target.ShouldBe("second/n");
        outcome.Receipt.Complete.ShouldBeTrue();
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(2));
        var (lost, won) = (outcome.Receipt.Attempts[0], outcome.Receipt.Attempts[1]);
        (lost.Number, lost.Outcome, lost.Hedged, lost.Reason).ShouldBe((1, AttemptOutcome.Aborted, true, "another target answered first"));
        (won.Number, won.Outcome, won.Hedged).ShouldBe((2, AttemptOutcome.Completed, true));
        lost.Cost.ShouldBe(lost.Hold);
        engine
            .Booked(outcome.Receipt)
            .Select(e => (e.Settlement.Outcome, e.Settlement.Cost))
            .ShouldBe([(EntryOutcome.Aborted, lost.Cost), (EntryOutcome.Completed, won.Cost)]);
        await engine.Provider.Requests.First().ClientGone;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slow_AnswersBeforeItsHedge_AndWins(bool stream)
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-3s", "sim-silence"));

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1, stream);

        outcome.Receipt.Target.ShouldBe("first/sim-slow-3s");
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(3));
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Completed, AttemptOutcome.Aborted]);
        outcome.Receipt.Attempts.Select(a => a.Hedged).ShouldBe([true, true]);
        outcome.Receipt.Cost.ShouldBe(outcome.Receipt.Attempts[0].Cost + outcome.Receipt.Attempts[1].Hold);
        engine.Booked(outcome.Receipt).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fast_NobodyElseIsAsked()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-1s", "n"));

        var outcome = await AloneAsync(engine, 1);

        outcome.Receipt.Attempts.Single().Hedged.ShouldBeFalse();
        engine.Provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WithoutTheOption_NobodyElseIsAsked()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-10s", "n", hedge: null));

        var outcome = await AloneAsync(engine, 10);

        outcome.Receipt.Target.ShouldBe("first/sim-slow-10s");
        engine.Provider.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("month")]
    [InlineData("call")]
    public async Task Hedge_BudgetHasRoomForOneHold_IsNotStarted(string per)
    {
        var quota = new Asked();
        await using var engine = new EngineFixture(Hedged("sim-slow-3s", "n"), rest: Budget(per), quota: quota);

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1, hedged: quota.AskedTwice);

        outcome.Receipt.Target.ShouldBe("first/sim-slow-3s");
        outcome.Gates.ShouldBe(["budget"]);
        outcome.Receipt.Attempts.Single().Hedged.ShouldBeFalse();
        engine.Provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Hedge_RefusedAndTheFirstFails_IsTriedAfterItAllTheSame()
    {
        var quota = new Asked();
        await using var engine = new EngineFixture(Hedged("sim-slow-3s+error-role", "n"), rest: Budget("month"), quota: quota);

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1, hedged: quota.AskedTwice);

        outcome.Gates.ShouldBe(["budget"]);
        outcome.Receipt.Target.ShouldBe("second/n");
        outcome
            .Receipt.Attempts.Select(a => (a.Outcome, a.Hedged))
            .ShouldBe([(AttemptOutcome.Failed, false), (AttemptOutcome.Completed, false)]);
    }

    [Fact]
    public async Task First_FailsWhileTheHedgeIsUnderWay_HedgeIsTheAttempt()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-3s+error-role", "sim-slow-4s"));

        var call = DriveAsync(engine, first: 3, hedge: 4, then: 1);
        await engine.BookedAsync(1);
        await engine.Time.PassAsync(TimeSpan.FromSeconds(3));
        var outcome = await call;

        outcome.Failures.ShouldBe([FailureClass.Transient, null]);
        outcome.Receipt.Target.ShouldBe("second/sim-slow-4s");
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(6));
        engine.Provider.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task First_FailsInAWayThatEndsTheCall_HedgeIsLeft()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-3s+filter", "sim-silence"));

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1);

        outcome.Failure.ShouldBeOfType<RouteExhaustedException>().Failure.ShouldBe(FailureClass.Refused);
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Aborted]);
        await engine.Provider.Requests.Last().ClientGone;
    }

    [Fact]
    public async Task Hedge_Fails_FirstGoesOn()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-5s", "sim-status-500"));

        var outcome = await DriveAsync(engine, first: 5, hedge: null, then: 3);

        outcome.Receipt.Target.ShouldBe("first/sim-slow-5s");
        outcome.Failures.ShouldBe([null, FailureClass.Transient]);
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(5));
        engine.Provider.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task BothFail_TheLoopGoesOnAfterThem()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-3s+error-role", "sim-status-404", "n"));

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1);

        outcome.Failures.ShouldBe([FailureClass.Transient, FailureClass.ModelUnavailable, null]);
        outcome.Receipt.Attempts.Select(a => a.Number).ShouldBe([1, 2, 3]);
        outcome.Receipt.Target.ShouldBe("second/n");
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task BothFail_HedgeInAWayThatIsTriedAgain_ComesNextAsAnAttemptOfItsOwn()
    {
        await using var engine = new EngineFixture(Hedged("sim-slow-3s+error-role", "n"));
        engine.Provider.Script("n", new Fault { Status = 500 });

        var outcome = await DriveAsync(engine, first: 3, hedge: null, then: 1);

        outcome.Failures.ShouldBe([FailureClass.Transient, FailureClass.Transient, null]);
        outcome.Receipt.Attempts.Select(a => a.Hedged).ShouldBe([true, true, false]);
        outcome.Receipt.Target.ShouldBe("second/n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Caller_Leaves_BothAreToldAndBooked(bool stream)
    {
        await using var engine = new EngineFixture(Hedged("sim-silence", "sim-silence"));
        using var caller = new CancellationTokenSource();
        var call = engine.CallAsync("a", stream, null, caller.Token);
        var first = await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);
        await engine.Time.PassAsync(TimeSpan.FromSeconds(2));
        var second = await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);

        await caller.CancelAsync();
        var outcome = await call;

        outcome.Failure.ShouldBeAssignableTo<OperationCanceledException>();
        await first.ClientGone;
        await second.ClientGone;
        outcome.Receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Aborted, AttemptOutcome.Aborted]);
        outcome.Receipt.Attempts.ShouldAllBe(a => a.Reason == "the caller went away");
        engine.Booked(outcome.Receipt).Select(e => e.Settlement.Cost).ShouldBe(outcome.Receipt.Attempts.Select(a => a.Hold));
        outcome.Took.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(false, false, false, true)]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    public void MayHedge_NotWhereOneTargetAloneMayAnswerOrOneMayActTwice(bool pinned, bool serverTools, bool stateful, bool may)
    {
        var snapshot = new ConfigurationCompiler(_ => "key").CompileText(
            $$"""{ "providers": { "first": { "preset": "openai" }, "second": { "preset": "openai" } }, "routes": { {{Hedged("m", "n")}} } }""",
            "/",
            1
        );
        var route = snapshot.Table.Resolve("a") with { Pinned = pinned };
        var features = new CallFeatures { ServerTools = serverTools, Stateful = stateful };
        var request = new ClientRequest(KnownWires.Create(), ChatRequest.OfPrompt("hello", stream: true), features);
        var call = new Calls.Call
        {
            Id = "call",
            RouteAsked = "a",
            Features = features,
            StartedAt = DateTimeOffset.UnixEpoch,
            Revision = 1,
        };

        LoopRun Run(bool exhausted) => new(call, route, request, new Itinerary(route, snapshot.Table), exhausted, snapshot.Ledger);

        Run(exhausted: false).MayHedge.ShouldBe(may);
        Run(exhausted: true).MayHedge.ShouldBeFalse();
    }

    /// <summary>Lets the two seconds before the hedge pass, and then more, each when those are asked whom it is about.</summary>
    /// <param name="first">How long the first takes, in seconds; its answer has begun when the clock moves.</param>
    /// <param name="hedge">How long the hedge takes, where it takes time.</param>
    /// <param name="then">How much passes after the hedge was asked.</param>
    /// <param name="hedged">When the hedge was asked for; by default when its request has arrived.</param>
    private static async Task<Outcome> DriveAsync(
        EngineFixture engine,
        int first,
        int? hedge,
        int? then,
        bool stream = true,
        Task? hedged = null
    )
    {
        var call = engine.CallAsync("a", stream, null, CancellationToken.None);
        await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);
        await engine.Time.ArmedAsync(TimeSpan.FromSeconds(first));
        await engine.Time.PassAsync(TimeSpan.FromSeconds(2));
        await (hedged ?? engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken).AsTask());
        if (hedge is { } length)
        {
            await engine.Time.ArmedAsync(TimeSpan.FromSeconds(length));
        }

        if (then is { } more)
        {
            await engine.Time.PassAsync(TimeSpan.FromSeconds(more));
        }

        return await call;
    }

    private static string Hedged(string first, string second, string? third = null, string? hedge = "2s")
    {
        var targets = new List<string> { EngineFixture.Target("first", first), EngineFixture.Target("second", second) };
        if (third is not null)
        {
            targets.Add(EngineFixture.Target("second", third));
        }

        var option = hedge is null ? "" : $", \"hedge\": {JsonSerializer.Serialize(hedge)}";
        return $$"""
            "a": { "targets": [{{string.Join(", ", targets)}}], "retry": { "attempts": 0 }{{option}} }
            """;
    }

    /// <summary>An attempt at the prices of the fixture holds 0.034 dollars.</summary>
    private static string Budget(string per) => $$""", "budgets": [{ "name": "small", "limit": "0.05 USD", "per": "{{per}}" }]""";

    /// <summary>Lets the time pass that the first takes, in seconds.</summary>
    private static async Task<Outcome> AloneAsync(EngineFixture engine, int first)
    {
        var call = engine.CallAsync("a", stream: true, null, CancellationToken.None);
        await engine.Time.PassAsync(TimeSpan.FromSeconds(first));
        return await call;
    }

    /// <summary>Allows everything and tells when it was asked a second time.</summary>
    private sealed class Asked : IQuotaProvider
    {
        private readonly TaskCompletionSource _twice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public Task AskedTwice => _twice.Task;

        public ValueTask<QuotaDecision> CheckAsync(QuotaRequest request, CancellationToken cancellationToken)
        {
            if (++_asked == 2)
            {
                _twice.SetResult();
            }

            return ValueTask.FromResult(QuotaDecision.Allow);
        }

        public ValueTask RecordAsync(QuotaRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
