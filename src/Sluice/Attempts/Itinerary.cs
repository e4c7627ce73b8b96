using System.Collections.Immutable;
using Sluice.Admission;
using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>The way of one call through its route and the fallbacks after it; where it leads on depends on what failed.</summary>
/// <param name="taken">The route it begins with.</param>
/// <param name="order">Orders the targets of each route it comes to; <see langword="null"/> leaves them as they are listed.</param>
internal sealed class Itinerary(Route taken, RouteTable table, CallOrder? order = null) : IWayOn
{
    private Route? _fallback;
    private ImmutableArray<Target> _targets = order?.Of(taken) ?? taken.Targets;
    private int _next;

    /// <summary>The route it begins with.</summary>
    public Route Taken => taken;

    /// <summary>The route whose targets are tried at the moment; fallbacks form no cycle, so that none comes twice.</summary>
    private Route Current => _fallback ?? taken;

    /// <summary>Whether the next call of the same conversation might go elsewhere than this one by itself.</summary>
    public bool Scatters => order is not null || _fallback is not null || _next > 1;

    /// <summary>The next target and the route it belongs to, or <see langword="null"/> at the end.</summary>
    /// <param name="failure">What happened at the target before it; decides which fallback follows.</param>
    public (Route Route, Target Target)? Advance(FailureClass failure)
    {
        while (_next >= _targets.Length)
        {
            if (Fallback(Current, failure) is not { } fallback)
            {
                return null;
            }

            (_fallback, _targets, _next) = (fallback, order?.Of(fallback) ?? fallback.Targets, 0);
        }

        return (Current, _targets[_next++]);
    }

    /// <summary>Whether another target would follow such a failure.</summary>
    public bool Follows(FailureClass failure) => _next < _targets.Length || Fallback(Current, failure) is not null;

    /// <inheritdoc/>
    public IEnumerable<Target> Following(FailureClass failure)
    {
        for (var i = _next; i < _targets.Length; i++)
        {
            yield return _targets[i];
        }

        for (var route = Fallback(Current, failure); route is not null; route = Fallback(route, failure))
        {
            foreach (var target in route.Targets)
            {
                yield return target;
            }
        }
    }

    private Route? Fallback(Route route, FailureClass failure) => taken.Pinned ? null : table.FallbackOf(route, failure);
}
