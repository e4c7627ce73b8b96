using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>What must hold of routes together, whoever wrote them.</summary>
internal static class RouteInvariants
{
    public static void Check(IReadOnlyDictionary<string, Route> routes, ReadContext context)
    {
        foreach (var route in routes.Values)
        {
            CheckTargets(route, context);
            CheckOrder(route, context);
            CheckFallbacks(route, routes, context);
        }

        var defaults = routes.Values.Where(r => r.Default).Select(r => r.Name).Order(StringComparer.Ordinal).ToList();
        if (routes.Count > 0 && defaults.Count != 1)
        {
            context.Error(
                "routes",
                defaults.Count == 0 ? "no route is the default" : $"{string.Join(" and ", defaults)} are all the default",
                "set \"default\": true on exactly one"
            );
        }
    }

    private static void CheckTargets(Route route, ReadContext context)
    {
        var path = $"routes.{route.Name}";
        if (route.Placeholder && (!route.Targets.IsEmpty || route.Fallback.All.Any()))
        {
            context.Error(path, "a placeholder has a target or a fallback", "remove them, or write \"placeholder\": false");
        }
        else if (!route.Placeholder && route.Targets.IsEmpty && !context.Errors.Any(e => e.Path.StartsWith(path, StringComparison.Ordinal)))
        {
            context.Error($"{path}.targets", "a route needs a target", "write [\"provider/model\"], or \"placeholder\": true");
        }
    }

    private static void CheckOrder(Route route, ReadContext context)
    {
        var path = $"routes.{route.Name}";
        if (route.Order == TargetOrder.Weighted)
        {
            if (!route.Targets.IsEmpty && route.Targets.All(t => t.Weight == 0))
            {
                context.Error($"{path}.targets", "every weight is 0, so that none could come first", "give one a weight");
            }
        }
        else if (route.Targets.Any(t => t.Weight != 1) || route.StickyBy != StickyBy.None)
        {
            context.Error($"{path}.order", "weights and \"stickyBy\" mean nothing in this order", "write \"order\": \"weighted\"");
        }
    }

    /// <summary>What a configuration may hold and somebody should know of: models that are going or gone.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<Route> routes, DateTimeOffset now)
    {
        foreach (var route in routes)
        {
            foreach (var target in route.Targets)
            {
                var lifecycle = target.Card.LifecycleAt(now);
                if (lifecycle != ModelLifecycle.Current)
                {
                    var day = target.Card.Retires is { } retires ? $", on {retires:yyyy-MM-dd}" : "";
                    yield return lifecycle == ModelLifecycle.Retired
                        ? $"routes.{route.Name}: {target.Name} is retired{day}; choose another model"
                        : $"routes.{route.Name}: {target.Name} is deprecated and will be retired{day}; choose another model";
                }
            }
        }
    }

    private static void CheckFallbacks(Route route, IReadOnlyDictionary<string, Route> routes, ReadContext context)
    {
        var path = $"routes.{route.Name}.fallback";
        if (route.Tier == Tier.Free && route.Fallback.All.Any())
        {
            context.Error(path, "a free route is terminal and has no fallback", "remove it, or raise the route's tier");
        }

        foreach (var name in route.Fallback.All)
        {
            if (!routes.TryGetValue(name, out var fallback))
            {
                var near = NearNames.Of(name, routes.Keys);
                context.Error(path, $"route '{name}' does not exist", near.Count > 0 ? $"did you mean '{near[0]}'?" : "name a route");
            }
            else if (fallback.Tier > route.Tier)
            {
                context.Error(
                    path,
                    $"'{name}' is {Name(fallback.Tier)}, above {Name(route.Tier)}",
                    "fall back to a route of the same or a lower tier"
                );
            }
            else if (fallback.Placeholder)
            {
                context.Error(path, $"'{name}' is a placeholder", "fall back to a route with targets");
            }

            if (Circle(route.Name, name, routes, []) is { } circle)
            {
                context.Error(path, $"the fallbacks form a circle: {string.Join(" → ", circle)}", "break it");
            }
        }
    }

    private static string Name(Tier tier) => tier.ToString().ToLowerInvariant();

    private static IReadOnlyList<string>? Circle(
        string start,
        string at,
        IReadOnlyDictionary<string, Route> routes,
        IReadOnlyList<string> way
    )
    {
        if (at == start)
        {
            return [start, .. way, at];
        }

        return way.Contains(at) || !routes.TryGetValue(at, out var route)
            ? null
            : route.Fallback.All.Select(next => Circle(start, next, routes, [.. way, at])).FirstOrDefault(c => c is not null);
    }
}
