using System.Collections.Immutable;
using System.Globalization;
using Sluice.Calls;
using Sluice.Money;

namespace Sluice.Routing;

/// <summary>Orders the targets of a route for one call, each with the reason for its place. Order only: whether one may be asked is not decided here.</summary>
internal sealed class Ordering(ITargetFigures figures, Dice dice, TimeProvider time)
{
    /// <summary>An order as the next call would come to, of which nothing learns: for saying beforehand where one would go.</summary>
    public Ordering Foreseen() => new(new Watched(figures), dice.Copy(), time);

    public ImmutableArray<Placed> Of(Route route, ICallFacts facts) =>
        route.Order switch
        {
            TargetOrder.Weighted => Weighted(route, facts.Call),
            TargetOrder.Cheapest => Cheapest(route, facts),
            TargetOrder.LeastLatency => LeastLatency(route, facts.Call.Features.Stream),
            TargetOrder.LeastLoaded => LeastLoaded(route),
            _ => [.. route.Targets.Select(t => new Placed(t, "listed"))],
        };

    /// <remarks>
    /// Rendezvous hashing with weights: each target draws −ln(u)/weight and the least goes first, so that a weight changes the place
    /// of its own target alone, and who lost his target moves on to where chance would have put him without it.
    /// </remarks>
    private ImmutableArray<Placed> Weighted(Route route, Call call)
    {
        var sticky = route.StickyBy switch
        {
            StickyBy.Key => call.Caller.KeyPath,
            StickyBy.User => call.Caller.User,
            StickyBy.Tenant => call.Caller.Tenant,
            _ => "",
        };
        var start = sticky.Length == 0 ? dice.Next() : Dice.Of(route.Name, Dice.Of(sticky));
        var sum = route.Targets.Sum(t => t.Weight);
        var why = sticky.Length == 0 ? "" : $", always for this {route.StickyBy.ToString().ToLowerInvariant()}";
        return
        [
            .. route
                .Targets.OrderBy(t => t.Weight == 0 ? double.PositiveInfinity : -Math.Log(Dice.Part(Dice.Of(t.Name, start))) / t.Weight)
                .Select(t => new Placed(t, $"weight {t.Weight} of {sum}{why}")),
        ];
    }

    private ImmutableArray<Placed> Cheapest(Route route, ICallFacts facts)
    {
        var (now, features) = (time.GetUtcNow(), facts.Call.Features);
        return
        [
            .. route
                .Targets.Select(t => (Target: t, Cost: Cost(t)))
                .OrderBy(p => p.Cost?.Nano ?? long.MaxValue)
                .Select(p => new Placed(p.Target, p.Cost is { } cost ? $"{cost} USD at most" : "no price is known")),
        ];

        Credits? Cost(Target target)
        {
            var output = Math.Min(features.OutputLimit ?? route.MaxOutput, target.Card.MaxOutput) * features.Choices;
            return target.Card.PriceAt(now) is { } price ? Pricing.WorstCase(price, facts.InputTokens, output) : null;
        }
    }

    /// <remarks>What nothing is known of goes last, and once in a while first: without being tried it would stay unknown for ever.</remarks>
    private ImmutableArray<Placed> LeastLatency(Route route, bool stream)
    {
        var known = route.Targets.Select(t => (Target: t, Latency: figures.Latency(t, stream))).ToList();
        var tried = known.FindIndex(k => k.Latency is null && figures.TryExplore(k.Target));
        return
        [
            .. known
                .Select((k, i) => (k.Target, k.Latency, Tried: i == tried))
                .OrderBy(k => k.Tried ? TimeSpan.Zero : k.Latency ?? TimeSpan.MaxValue)
                .Select(k => new Placed(k.Target, Describe(k.Latency, k.Tried, stream))),
        ];
    }

    private static string Describe(TimeSpan? latency, bool tried, bool stream) =>
        latency is { } known
            ? $"{(stream ? "first content" : "answer")} in {known.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms"
        : tried ? "not measured of late: tried now"
        : "not measured of late";

    /// <remarks>Of two that chance picks the less busy one: as good as looking at all, and no herd runs to the one that is idle.</remarks>
    private ImmutableArray<Placed> LeastLoaded(Route route)
    {
        var (targets, count) = (route.Targets, route.Targets.Length);
        var first = targets[0];
        if (count > 1)
        {
            var (one, gap) = (dice.Next(count), 1 + dice.Next(count - 1));
            var (a, b) = (targets[one], targets[(one + gap) % count]);
            first = figures.InFlight(b) < figures.InFlight(a) ? b : a;
        }

        return
        [
            .. targets
                .OrderBy(t => t == first ? -1 : figures.InFlight(t))
                .Select(t => new Placed(t, $"{figures.InFlight(t)} under way{(t == first && count > 1 ? ", the less busy of two" : "")}")),
        ];
    }

    /// <summary>Figures whose turns nobody takes.</summary>
    private sealed class Watched(ITargetFigures figures) : ITargetFigures
    {
        public int InFlight(Target target) => figures.InFlight(target);

        public TimeSpan? Latency(Target target, bool stream) => figures.Latency(target, stream);

        public bool TryExplore(Target target) => figures.MayExplore(target);

        public bool MayExplore(Target target) => figures.MayExplore(target);
    }
}

/// <summary>A target at its place.</summary>
/// <param name="Reason">Why it stands there, in words that may reach the caller.</param>
internal readonly record struct Placed(Target Target, string Reason);
