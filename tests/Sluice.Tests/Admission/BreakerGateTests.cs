using System.Net;
using Sluice.Admission.Health;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Simulator;
using Sluice.Tests.Attempts;

namespace Sluice.Tests.Admission;

/// <summary>What the breaker does to calls, through the whole engine on virtual time.</summary>
public sealed class BreakerGateTests
{
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(10);

    private const string NoRetries = "\"retry\": { \"attempts\": 0 }";

    /// <summary>One failure leaves a ten-thousandth of the traffic, two open.</summary>
    private const string Steep = ", \"breaker\": { \"curve\": [0.0001] }";

    [Fact]
    public async Task Open_IsPassedOver_AndTheProviderIsNotCalled()
    {
        await using var engine = new EngineFixture(Chain("m", "n"));
        engine.Provider.Script("m", Failing(5));
        await CallsAsync(engine, 5);

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Gates.ShouldBe(["breaker"]);
        outcome.Receipt.Rejections[0].RetryAfter.ShouldBe(TimeSpan.FromSeconds(15));
        outcome.Receipt.Rejections[0].Reason.ShouldBe("open after 5 failures; it is tried again in 15 s");
        outcome.Receipt.Target.ShouldBe("second/n");
        engine.Provider.Requests.Count(r => r.Model == "m").ShouldBe(5);
    }

    [Fact]
    public async Task Open_NothingElse_IsRefusedAndToldWhen()
    {
        await using var engine = new EngineFixture($"\"a\": {{ \"targets\": [{EngineFixture.Target("first")}], {NoRetries} }}");
        engine.Provider.Script("m", Failing(5));
        await CallsAsync(engine, 5);
        engine.Time.Advance(TimeSpan.FromSeconds(10));

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Failure.ShouldBeOfType<RouteExhaustedException>().RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        (await engine.CallAsync("a", TimeSpan.Zero)).Receipt.Complete.ShouldBeTrue();
    }

    [Fact]
    [ChangesBehaviour("breaker.enabled")]
    public async Task Disabled_NeverRefuses()
    {
        await using var engine = new EngineFixture(Chain("m", "n"), rest: ", \"breaker\": { \"enabled\": false }");
        engine.Provider.Script("m", Failing(20));

        var outcomes = await CallsAsync(engine, 20);

        outcomes.ShouldAllBe(o => !o.Gates.Any());
        engine.Provider.Requests.Count(r => r.Model == "m").ShouldBe(20);
    }

    [Theory]
    [InlineData("sim-status-400", false)]
    [InlineData("sim-context", false)]
    [InlineData("sim-filter", false)]
    [InlineData("sim-status-404", false)]
    [InlineData("sim-key", false)]
    [InlineData("sim-quota", false)]
    [InlineData("sim-status-429-retry-1", false)]
    [InlineData("sim-status-500", true)]
    [InlineData("sim-status-529", true)]
    [InlineData("sim-reset", true)]
    [InlineData("sim-html", true)]
    [InlineData("sim-silence", true)]
    [InlineData("sim-tokens-9+cut-3", true)]
    public async Task OnlyFailuresOfAvailability_Count(string model, bool opens)
    {
        await using var engine = new EngineFixture($"\"a\": {{ \"targets\": [{EngineFixture.Target("first", model)}], {NoRetries} }}");
        for (var i = 0; i < 6; i++)
        {
            await engine.CallAsync("a", TimeSpan.FromMinutes(2));
        }

        StateOf(engine, "first", model).ShouldBe(opens ? BreakerState.Open : BreakerState.Closed);
    }

    [Fact]
    public async Task CallerGoesAway_CountsNothing()
    {
        await using var engine = new EngineFixture(Chain("sim-silence", "n"));
        for (var i = 0; i < 6; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = engine.CallAsync("a", stream: true, null, caller.Token);
            await engine.Provider.NextRequestAsync(TestContext.Current.CancellationToken);
            await caller.CancelAsync();
            await call;
        }

        var view = engine.Engine.Health.Peek(Target(engine, "sim-silence"));
        (view.Breaker.State, view.InFlight).ShouldBe((BreakerState.Closed, 0));
    }

    [Fact]
    public async Task CallerInAHurry_CountsNothing()
    {
        await using var engine = new EngineFixture(Chain("sim-silence", "n"));
        for (var i = 0; i < 6; i++)
        {
            var outcome = await engine.CallAsync("a", TimeSpan.FromSeconds(2), stream: false, deadline: TimeSpan.FromSeconds(2));
            outcome.Receipt.Attempts[0].Failure.ShouldBe(FailureClass.Timeout);
        }

        StateOf(engine, "first", "sim-silence").ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task Degraded_ARetryOfTheSameCall_IsNotLeftToChance()
    {
        await using var engine = new EngineFixture(Chain("m", "n", "\"retry\": { \"attempts\": 1 }"), rest: Steep);
        engine.Provider.Script("m", Failing(1));

        var outcome = await engine.CallAsync("a", Pauses);

        outcome.Receipt.Attempts.Select(a => a.Model).ShouldBe(["m", "m"]);
        outcome.Receipt.Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Degraded_SkippedByChance_IsStillAskedWhenEverythingElseFails()
    {
        await using var engine = new EngineFixture(Chain("m", "n"), rest: Steep);
        engine.Provider.Script("m", Failing(1));
        await engine.CallAsync("a", TimeSpan.Zero);
        engine.Provider.Script("n", Failing(1));

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Gates.ShouldBe(["breaker"]);
        outcome.Receipt.Attempts.Select(a => a.Model).ShouldBe(["n", "m"]);
        outcome.Receipt.Target.ShouldBe("first/m");
    }

    [Fact]
    public async Task Degraded_NothingAdmissibleFollows_IsNotSkipped()
    {
        await using var engine = new EngineFixture(Chain("m", "n"), rest: Steep);
        engine.Provider.Script("m", Failing(1));
        engine.Provider.Script("n", new Fault { Status = 429, Code = "insufficient_quota" });
        await engine.CallAsync("a", TimeSpan.Zero);

        var outcome = await engine.CallAsync("a", TimeSpan.Zero);

        outcome.Gates.ShouldBeEmpty();
        outcome.Receipt.Target.ShouldBe("first/m");
    }

    [Fact]
    [ChangesBehaviour("root.breaker", "breaker.curve")]
    public async Task Reload_KeepsWhatIsKnown_UnderTheNewCurve()
    {
        await using var engine = new EngineFixture(Chain("m", "n"));
        engine.Provider.Script("m", Failing(3));
        await CallsAsync(engine, 3);
        StateOf(engine, "first", "m").ShouldBe(BreakerState.Degraded);

        engine.Rest = ", \"breaker\": { \"curve\": [1, 0.5, 0.2] }";
        engine.Engine.Configuration.Reload();

        StateOf(engine, "first", "m").ShouldBe(BreakerState.Open);
    }

    [Fact]
    [ChangesBehaviour("breaker.coolDown", "breaker.probes", "breaker.probeAfter")]
    public async Task CoolDownAndProbes_AreThoseOfTheConfiguration()
    {
        await using var engine = new EngineFixture(
            Chain("m", "n"),
            rest: ", \"breaker\": { \"curve\": [0.5], \"coolDown\": \"10s\", \"probeAfter\": \"2s\", \"probes\": 2 }"
        );
        engine.Provider.Script("m", Failing(2));
        await CallsAsync(engine, 2);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        engine.Provider.Script("m", new Fault { Silence = true }, new Fault { Silence = true });
        using var caller = new CancellationTokenSource();
        Task<Outcome>[] probes = [.. Enumerable.Range(0, 2).Select(_ => engine.CallAsync("a", true, null, caller.Token))];

        var third = await engine.CallAsync("a", TimeSpan.Zero);

        third.Gates.ShouldBe(["breaker"]);
        engine.Engine.Health.Peek(Target(engine, "m")).Breaker.Probing.ShouldBe(2);
        await caller.CancelAsync();
        await Task.WhenAll(probes);
        engine.Time.Advance(TimeSpan.FromSeconds(8));
        StateOf(engine, "first", "m").ShouldBe(BreakerState.Degraded);
    }

    /// <summary>Scenario S15 of the public failover benchmark.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OutageOfAMinute_IsServedByTheFallback_AndThePrimaryIsBackSoonAfter(bool stream)
    {
        await using var engine = new EngineFixture(Chain("m", "n", "\"retry\": { \"attempts\": 2 }"));
        var start = engine.Time.GetUtcNow();
        engine.Intercept = request =>
            request.RequestUri!.Port == 1 && engine.Time.GetUtcNow() - start < TimeSpan.FromSeconds(60)
                ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{}") }
                : null;
        for (var i = 0; i < 20; i++)
        {
            MoveTo(engine, start + TimeSpan.FromSeconds(3 * i));
            var outcome = await engine.CallAsync("a", Pauses, stream);
            outcome.Receipt.Target.ShouldBe("second/n");
            outcome.Receipt.Complete.ShouldBeTrue();
        }

        for (var i = 20; i < 50; i++)
        {
            MoveTo(engine, start + TimeSpan.FromSeconds(3 * i));
            var outcome = await engine.CallAsync("a", Pauses, stream);
            if (i >= 25)
            {
                outcome.Receipt.Target.ShouldBe("first/m", $"{3 * i - 60} s after recovery");
            }
        }

        StateOf(engine, "first", "m").ShouldBe(BreakerState.Closed);
    }

    private static void MoveTo(EngineFixture engine, DateTimeOffset at) =>
        engine.Time.Advance(at > engine.Time.GetUtcNow() ? at - engine.Time.GetUtcNow() : TimeSpan.Zero);

    /// <summary>Calls until so many were not skipped by chance.</summary>
    private static async Task<List<Outcome>> CallsAsync(EngineFixture engine, int count)
    {
        var outcomes = new List<Outcome>();
        while (outcomes.Count(o => o.Receipt.Attempts.Any(a => a.Model == "m")) < count)
        {
            outcomes.Add(await engine.CallAsync("a", TimeSpan.Zero));
        }

        return outcomes;
    }

    private static BreakerState StateOf(EngineFixture engine, string provider, string model) =>
        engine.Engine.Health.Peek(Target(engine, model, provider)).Breaker.State;

    private static Target Target(EngineFixture engine, string model, string provider = "first") =>
        engine.Engine.Configuration.Current.Routes["a"].Targets.Single(t => t.Model == model && t.Provider.Name == provider);

    private static Fault[] Failing(int times) => [.. Enumerable.Repeat(new Fault { Status = 503 }, times)];

    private static string Chain(string first, string second, string more = NoRetries) =>
        $"\"a\": {{ \"targets\": [{EngineFixture.Target("first", first)}, {EngineFixture.Target("second", second)}], {more} }}";
}
