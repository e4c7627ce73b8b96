using System.Collections.Immutable;
using Sluice.Admission;
using Sluice.Admission.Health;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Attempts;

/// <summary>Walks the way of a call as the loop would, to its very end, and asks nobody.</summary>
internal sealed class Explaining(Selection selection, LedgerBook ledger, TargetHealth health, BudgetGate budgetGate, TimeProvider time)
{
    private readonly WholeOnly _wholeOnly = new(time);

    /// <exception cref="RouteNotFoundException">The override names nothing that can be called.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key does not allow what he says of the call.</exception>
    public Explanation Of(RouteTable table, ImmutableArray<PolicyRule> policy, Call call, Route asked, ClientRequest request)
    {
        var itinerary = selection.Foreseen().Of(table, policy, call, asked, request);
        var run = new LoopRun(call, asked, request, itinerary, exhaustedBefore: false, new LedgerSettings());
        var targets = new List<ExplainedTarget>();
        IReadOnlyList<BudgetStatus>? budgets = null;
        while (itinerary.Advance(FailureClass.Transient) is var (route, target))
        {
            var place = new ExplainedTarget(route.Name, target, Because(call, itinerary, route, target) + HealthOf(target));
            targets.Add(Explained(run, (route, target), place, ref budgets));
        }

        return new Explanation
        {
            Asked = asked,
            Taken = itinerary.Taken,
            Redirection = call.Redirection,
            InputTokens = request.InputTokens,
            Targets = targets,
            Budgets = budgets ?? [],
        };
    }

    private ExplainedTarget Explained(
        LoopRun run,
        (Route Route, Target Target) stop,
        ExplainedTarget place,
        ref IReadOnlyList<BudgetStatus>? budgets
    )
    {
        Prepared? ready;
        try
        {
            ready = Preparing.Of(run, stop, _wholeOnly, time.GetUtcNow());
        }
        catch (RequestException exception)
        {
            return place with { Refused = exception.Message };
        }

        if (ready is not var (route, target, prepared))
        {
            var rejection = run.Call.Rejections[^1];
            return place with { Refused = $"{rejection.Gate}: {rejection.Reason}", WorstCase = Roughly(run.Request, stop) };
        }

        var bounds = HoldBounds.Of(prepared.Features, target.Card, prepared.Body.Length, prepared.OutputLimit, route.ServerToolRounds);
        var worst = target.Card.PriceAt(time.GetUtcNow()) is { } price ? bounds.At(price) : (Credits?)null;
        var candidate = new Candidate(route, target, target.Provider.Credentials[0], 1, worst)
        {
            Tokens = (long)Math.Min(bounds.InputTokens + bounds.OutputTokens, long.MaxValue),
            CheaperFollows = run.CheaperFollows(target, time.GetUtcNow()),
        };
        budgets ??= ledger.StatusOf(BudgetGate.Wanted(run.Call, candidate, time.GetUtcNow()));
        return place with
        {
            WorstCase = worst,
            OutputLimit = prepared.OutputLimit,
            Degradations = prepared.Degradations,
            Refused = RefusalOf(run.Call, candidate),
        };
    }

    /// <summary>The worst case of a request that was not made ready.</summary>
    private Credits? Roughly(ClientRequest request, (Route Route, Target Target) stop)
    {
        var (route, card) = (stop.Route, stop.Target.Card);
        var bytes = request.Head?.Body.Length ?? request.InputTokens * InputEstimate.BytesPerToken;
        var limit = request.Features.OutputLimit ?? Math.Min(route.MaxOutput, card.MaxOutput);
        return card.PriceAt(time.GetUtcNow()) is { } price
            ? HoldBounds.Of(request.Features, card, bytes, limit, route.ServerToolRounds).At(price)
            : null;
    }

    private string? RefusalOf(Call call, Candidate candidate) =>
        health.Peek(candidate.Target) is { Admits: false } view ? $"health: {view.Reason}"
        : budgetGate.Peek(call, candidate) is { } refusal ? $"{refusal.Gate}: {refusal.Reason}"
        : null;

    /// <summary>What is known against a target that is asked all the same.</summary>
    private string HealthOf(Target target) =>
        target.Provider.Missing is null && health.Peek(target) is { Admits: true, Reason: { } reason } ? $"; {reason}" : "";

    private static string Because(Call call, Itinerary itinerary, Route route, Target target)
    {
        foreach (var place in call.Places)
        {
            if (place.Route == route.Name && place.Target == target.Name)
            {
                return place.Reason;
            }
        }

        return itinerary.Taken.Pinned ? "pinned: never substituted"
            : route == itinerary.Taken ? "listed"
            : $"fallback ({route.Tier.ToString().ToLowerInvariant()})";
    }
}
