using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>The way of one call, in three steps: rules say to which route, an override says otherwise, and within a route its order says who comes first.</summary>
internal sealed class Selection(Ordering ordering, LedgerBook ledger, TimeProvider time)
{
    private readonly Destinations _destinations = new(ledger, time);

    /// <summary>Who answered a conversation before.</summary>
    public Affinity Affinity { get; private init; } = new(time);

    /// <summary>The same for a call that will not be made: nothing learns of it.</summary>
    public Selection Foreseen() => new(ordering.Foreseen(), ledger, time) { Affinity = Affinity };

    /// <exception cref="RouteNotFoundException">The override names nothing that can be called.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key does not allow what he says of the call.</exception>
    public Itinerary Of(RouteTable table, ImmutableArray<PolicyRule> policy, Call call, Route asked, ClientRequest request)
    {
        var taken = _destinations.Of(table, policy, call, asked, request);
        if (taken.Pinned)
        {
            return new Itinerary(taken, table);
        }

        var before = Affinity.Before(call, taken, request);
        return before is null && !table.HasOrders
            ? new Itinerary(taken, table)
            : new Itinerary(taken, table, new CallOrder(ordering, new CallFacts(call, asked, request, ledger, time), before));
    }
}
