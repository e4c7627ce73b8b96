using Sluice.Admission;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>The way of one call through its route and the fallbacks after it; where it leads on depends on what failed.</summary>
internal sealed class Itinerary(Route asked, RouteTable table) : IWayOn
{
    private Route? _fallback;
    private int _next;

    /// <summary>The route whose targets are tried at the moment; fallbacks form no cycle, so that none comes twice.</summary>
    private Route Current => _fallback ?? asked;

    /// <summary>The next target and the route it belongs to, or <see langword="null"/> at the end.</summary>
    /// <param name="failure">What happened at the target before it; decides which fallback follows.</param>
    public (Route Route, Target Target)? Advance(FailureClass failure)
    {
        while (_next >= Current.Targets.Length)
        {
            if (Fallback(failure) is not { } fallback)
            {
                return null;
            }

            (_fallback, _next) = (fallback, 0);
        }

        return (Current, Current.Targets[_next++]);
    }

    /// <summary>Whether another target would follow such a failure.</summary>
    public bool Follows(FailureClass failure) => _next < Current.Targets.Length || Fallback(failure) is not null;

    /// <inheritdoc/>
    public IEnumerable<Target> Following(FailureClass failure)
    {
        foreach (var target in Current.Targets.Skip(_next))
        {
            yield return target;
        }

        for (var route = Fallback(failure); route is not null; route = table.FallbackOf(route, failure))
        {
            foreach (var target in route.Targets)
            {
                yield return target;
            }
        }
    }

    private Route? Fallback(FailureClass failure) => asked.Pinned ? null : table.FallbackOf(Current, failure);
}
