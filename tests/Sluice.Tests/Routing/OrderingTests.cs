using Sluice.Admission;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Testing;

namespace Sluice.Tests.Routing;

public sealed class OrderingTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [ChangesBehaviour("target.weight")]
    public void Weighted_ComesFirstAsOftenAsItsWeight()
    {
        var route = Route("\"order\": \"weighted\"", Target("a", 7), Target("b", 2), Target("c", 1), Target("never", 0));
        var ordering = Ordering();

        var firsts = Enumerable
            .Range(0, 10_000)
            .Select(_ => ordering.Of(route, new Facts(route))[0].Target.Model)
            .CountBy(m => m)
            .ToDictionary();

        firsts["a"].ShouldBeInRange(6_700, 7_300);
        firsts["b"].ShouldBeInRange(1_800, 2_200);
        firsts["c"].ShouldBeInRange(850, 1_150);
        firsts.ShouldNotContainKey("never");
        ordering.Of(route, new Facts(route))[^1].Target.Model.ShouldBe("never");
    }

    [Theory]
    [InlineData("key")]
    [InlineData("user")]
    [InlineData("tenant")]
    [ChangesBehaviour("route.stickyBy")]
    public void Weighted_StickyBy_IsAlwaysTheSameAndSpreads(string by)
    {
        var route = Route($"\"order\": \"weighted\", \"stickyBy\": \"{by}\"", Target("a", 1), Target("b", 1), Target("c", 1));

        var orders = Enumerable.Range(0, 300).Select(i => Names(Ordering(seed: i), route, CallerOf(by, $"id{i % 30}"))).ToList();

        for (var i = 30; i < orders.Count; i++)
        {
            orders[i].ShouldBe(orders[i % 30]);
        }

        orders.Select(o => o[0]).Distinct().Count().ShouldBe(3);
    }

    /// <summary>Whoever did not have the target that went keeps his own.</summary>
    [Fact]
    public void Weighted_StickyBy_WithoutATarget_MovesOnlyItsCallers()
    {
        const string Options = "\"order\": \"weighted\", \"stickyBy\": \"user\"";
        var all = Route(Options, Target("a", 1), Target("b", 2), Target("c", 3));
        var fewer = Route(Options, Target("a", 1), Target("b", 2));

        for (var i = 0; i < 200; i++)
        {
            var caller = CallerOf("user", $"u{i}");
            Names(Ordering(), all, caller).Where(n => n != "c").ShouldBe(Names(Ordering(), fewer, caller));
        }
    }

    [Fact]
    public void Cheapest_IsByThePriceOfThisSize()
    {
        var route = Route(
            "\"order\": \"cheapest\"",
            Target("dearIn", 1, "9", "1"),
            Target("dearOut", 1, "1", "9"),
            Target("middle", 1, "4", "4")
        );

        var long_ = Ordering().Of(route, new Facts(route) { Input = 100_000, Output = 10 });
        var wordy = Ordering().Of(route, new Facts(route) { Input = 10, Output = 10_000 });

        long_.Select(p => p.Target.Model).ShouldBe(["dearOut", "middle", "dearIn"]);
        wordy.Select(p => p.Target.Model).ShouldBe(["dearIn", "middle", "dearOut"]);
        long_[0].Reason.ShouldEndWith(" USD at most");
    }

    [Fact]
    public async Task LeastLatency_TriesTheUnknownNowAndThenAndTakesTheFastest()
    {
        var route = Route("\"order\": \"leastLatency\"", Target("slow", 1), Target("fast", 1));
        var loads = new LoadGate(_time) { Watches = true };
        var ordering = new Ordering(loads, new Dice(1), _time);

        Names(ordering, route).ShouldBe(["slow", "fast"]);
        await TakeAsync(loads, route, "slow", 900);
        Names(ordering, route).ShouldBe(["fast", "slow"], "fast is unknown and tried");
        Names(ordering, route).ShouldBe(["slow", "fast"], "fast is unknown, and was tried a moment ago");
        await TakeAsync(loads, route, "fast", 100);
        Names(ordering, route).ShouldBe(["fast", "slow"]);
        for (var i = 0; i < 20; i++)
        {
            await TakeAsync(loads, route, "fast", 2_000);
        }

        Names(ordering, route).ShouldBe(["slow", "fast"], "the average moves");
        ordering.Of(route, new Facts(route))[0].Reason.ShouldBe("first content in 900 ms");
        _time.Advance(TimeSpan.FromMinutes(6));
        ordering.Of(route, new Facts(route))[0].Reason.ShouldBe("not measured of late: tried now");
    }

    [Fact]
    public async Task Foreseen_SaysWhatTheNextCallDoesAndTakesNothingFromIt()
    {
        var measured = Route("\"order\": \"leastLatency\"", Target("known", 1), Target("unknown", 1));
        var weighted = Route("\"order\": \"weighted\"", Target("a", 1), Target("b", 1), Target("c", 1));
        var loads = new LoadGate(_time) { Watches = true };
        var (ordering, untouched) = (new Ordering(loads, new Dice(1), _time), Ordering());
        await TakeAsync(loads, measured, "known", 100);

        for (var i = 0; i < 30; i++)
        {
            var (first, again) = (Names(ordering.Foreseen(), weighted), Names(ordering.Foreseen(), weighted));
            Names(ordering.Foreseen(), measured).ShouldBe(["unknown", "known"]);

            again.ShouldBe(first);
            Names(ordering, weighted).ShouldBe(first);
            Names(untouched, weighted).ShouldBe(first);
        }

        Names(ordering, measured).ShouldBe(["unknown", "known"], "the turn to be tried was left to the call");
        Names(ordering.Foreseen(), measured).ShouldBe(["known", "unknown"], "and is taken then");
    }

    [Fact]
    public async Task LeastLatency_StreamsAndWholeAnswersAreKnownApart()
    {
        var route = Route("\"order\": \"leastLatency\"", Target("a", 1), Target("b", 1));
        var loads = new LoadGate(_time) { Watches = true };

        await TakeAsync(loads, route, "a", 100, stream: false);

        loads.Latency(route.Targets[0], stream: false).ShouldBe(TimeSpan.FromMilliseconds(100));
        loads.Latency(route.Targets[0], stream: true).ShouldBeNull();
    }

    [Fact]
    public async Task LeastLoaded_NeverTakesTheBusiestOfTwo()
    {
        var route = Route("\"order\": \"leastLoaded\"", Target("busy", 1), Target("idle", 1));
        var loads = new LoadGate(_time) { Watches = true };
        var ordering = new Ordering(loads, new Dice(1), _time);
        var (permit, _) = await loads.EnterAsync(new Facts(route).Call, CandidateOf(route, "busy"), CancellationToken.None);

        for (var i = 0; i < 50; i++)
        {
            Names(ordering, route).ShouldBe(["idle", "busy"]);
        }

        loads.InFlight(route.Targets[0]).ShouldBe(1);
        permit!.Return();
        loads.InFlight(route.Targets[0]).ShouldBe(0);
        Enumerable.Range(0, 50).Select(_ => Names(ordering, route)[0]).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Loads_WhereNoRouteOrders_AreNotWatched()
    {
        var route = Route("\"order\": \"listed\"", Target("a", 1), Target("b", 1));
        var loads = new LoadGate(_time);

        var (permit, _) = await loads.EnterAsync(new Facts(route).Call, CandidateOf(route, "a"), CancellationToken.None);

        permit.ShouldBeNull();
    }

    [Theory]
    [InlineData(
        "\"order\": \"cheapest\"",
        3,
        "routes.r.order: weights and \"stickyBy\" mean nothing in this order; write \"order\": \"weighted\""
    )]
    [InlineData(
        "\"stickyBy\": \"user\"",
        1,
        "routes.r.order: weights and \"stickyBy\" mean nothing in this order; write \"order\": \"weighted\""
    )]
    [InlineData("\"order\": \"weighted\"", 0, "routes.r.targets: every weight is 0, so that none could come first; give one a weight")]
    [InlineData("\"order\": \"fastest\"", 1, "routes.r.order: 'fastest' is not known")]
    public void Order_ThatIsNone_SaysSo(string options, int weight, string error) =>
        Should
            .Throw<ConfigurationException>(() => Route(options, Target("a", weight)))
            .Errors.ShouldContain(e => e.ToString().StartsWith(error));

    private Ordering Ordering(long seed = 1) => new(new LoadGate(_time), new Dice(seed), _time);

    private static string[] Names(Ordering ordering, Route route, Caller? caller = null) =>
        [.. ordering.Of(route, new Facts(route, caller)).Select(p => p.Target.Model)];

    private static Caller CallerOf(string by, string id) =>
        by switch
        {
            "key" => new Caller(id),
            "user" => Caller.Anonymous with { User = id },
            _ => Caller.Anonymous with { Tenant = id },
        };

    private async Task TakeAsync(LoadGate loads, Route route, string model, int milliseconds, bool stream = true)
    {
        var (permit, _) = await loads.EnterAsync(
            new Facts(route) { Stream = stream }.Call,
            CandidateOf(route, model),
            CancellationToken.None
        );
        permit!.Settle(
            new Attempt
            {
                Number = 1,
                Route = route.Name,
                Provider = "p",
                Model = model,
                Credential = "p#1",
                StartedAt = _time.GetUtcNow(),
                TimeToFirstContent = TimeSpan.FromMilliseconds(milliseconds),
                Outcome = AttemptOutcome.Completed,
            }
        );
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private static Candidate CandidateOf(Route route, string model)
    {
        var target = route.Targets.Single(t => t.Model == model);
        return new Candidate(route, target, target.Provider.Credentials[0], 1, Credits.Zero);
    }

    private static string Target(string model, int weight, string input = "1", string output = "2") =>
        $$"""{ "provider": "p", "model": "{{model}}", "weight": {{weight}}, "unlisted": true, "price": { "input": "{{input}}", "output": "{{output}}" } }""";

    private static Route Route(string options, params string[] targets) =>
        new ConfigurationCompiler(_ => "key")
            .CompileText(
                $$"""{ "providers": { "p": { "preset": "openai" } }, "routes": { "r": { {{options}}, "targets": [{{string.Join(',', targets)}}] } } }""",
                "/",
                1
            )
            .Routes["r"];

    private sealed class Facts(Route asked, Caller? caller = null) : ICallFacts
    {
        public long Input { get; init; } = 100;

        public long Output { get; init; } = 100;

        public bool Stream { get; init; } = true;

        public Call Call =>
            new()
            {
                Id = "call",
                RouteAsked = "r",
                StartedAt = DateTimeOffset.UnixEpoch,
                Revision = 1,
                Features = new CallFeatures { Stream = Stream, OutputLimit = Output },
                Caller = caller ?? Caller.Anonymous,
            };

        public Route Asked => asked;

        public long InputTokens => Input;

        public bool Structured => false;

        public decimal BudgetUsed(string? budget) => 0;
    }
}
