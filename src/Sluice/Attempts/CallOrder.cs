using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Orders the targets of the routes that one call comes to, and notes the reason for each place.</summary>
/// <param name="before">The target that answered the conversation before, as <c>provider/model</c>; <see langword="null"/> for none.</param>
internal sealed class CallOrder(Ordering ordering, ICallFacts facts, string? before)
{
    public ImmutableArray<Target> Of(Route route)
    {
        if (route.Targets.Length < 2)
        {
            return route.Targets;
        }

        var placed = ordering.Of(route, facts);
        var stays = before is null || !route.Affinity ? -1 : IndexOf(placed, before);
        if (stays >= 0)
        {
            placed = placed.RemoveAt(stays).Insert(0, new Placed(placed[stays].Target, "answered this conversation before"));
        }
        else if (route.Order == TargetOrder.Listed)
        {
            return route.Targets;
        }

        foreach (var place in placed)
        {
            facts.Call.Place(new Place(place.Target.Name, route.Name, place.Reason));
        }

        return [.. placed.Select(p => p.Target)];
    }

    private static int IndexOf(ImmutableArray<Placed> placed, string target)
    {
        for (var i = 0; i < placed.Length; i++)
        {
            if (placed[i].Target.Name == target)
            {
                return i;
            }
        }

        return -1;
    }
}
