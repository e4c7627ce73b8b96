using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Routing;

/// <summary>Finds the route a caller means: an exact route, a model id, a pin, a wildcard route, in this order.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, Route> _routes;
    private readonly FrozenDictionary<string, string> _reserved;
    private readonly FrozenDictionary<string, Provider> _providers;
    private readonly ModelCatalog _models;
    private readonly bool _pins;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<(string Prefix, Route Route)> _wildcards;

    public RouteTable(
        FrozenDictionary<string, Route> routes,
        FrozenDictionary<string, string> reserved,
        FrozenDictionary<string, Provider> providers,
        ModelCatalog models,
        bool pins,
        TimeProvider time
    )
    {
        _time = time;
        _routes = routes;
        _reserved = reserved;
        _providers = providers;
        _models = models;
        _pins = pins;
        _wildcards =
        [
            .. routes.Values.Where(r => r.Name.EndsWith('*')).Select(r => (r.Name[..^1], r)).OrderByDescending(r => r.Item1.Length),
        ];
        Default = routes.Values.FirstOrDefault(r => r.Default);
        HasOrders = routes.Values.Any(r => r.Order != TargetOrder.Listed);
    }

    /// <summary>Whether any route orders its targets otherwise than they are listed.</summary>
    public bool HasOrders { get; }

    /// <summary>The route of calls that name no model.</summary>
    public Route? Default { get; }

    /// <summary>The route that stands in for another after such a failure.</summary>
    public Route? FallbackOf(Route route, FailureClass failure) =>
        route.Fallback.After(failure) is { } name ? _routes.GetValueOrDefault(name) : null;

    /// <exception cref="RouteNotFoundException">Nothing has this name, or what has it cannot be called.</exception>
    public Route Resolve(string name)
    {
        if (name.Length == 0)
        {
            return Default ?? throw NotFound(name);
        }

        if (_routes.TryGetValue(name, out var route))
        {
            return route.Placeholder
                ? throw new RouteNotFoundException(name, $"route '{name}' is a placeholder: no deployment has given it a target yet", [])
                : route;
        }

        if (_reserved.TryGetValue(name, out var reason))
        {
            throw new RouteNotFoundException(name, $"'{name}' has no route: {reason}", []);
        }

        return ByModel(name) ?? ByPin(name) ?? ByWildcard(name) ?? throw NotFound(name);
    }

    /// <summary>The route a caller means, with only the provider in it that keeps what he goes on from: no other can stand in for it.</summary>
    /// <exception cref="RouteNotFoundException">Nothing has this name, or it does not lead to the keeper.</exception>
    public Route Resolve(string name, Keeper? keeper)
    {
        var route = Resolve(name);
        if (keeper is null)
        {
            return route;
        }

        var own = Reachable(route)
            .Where(t => t.Provider.Name == keeper.Provider)
            .OrderByDescending(t => t.Model == keeper.Model)
            .ToImmutableArray();
        if (own.IsEmpty)
        {
            throw new RouteNotFoundException(
                name,
                $"{keeper.Provider} keeps what the request goes on from, and '{name}' does not lead there",
                []
            );
        }

        var credentials = own[0].Provider.Credentials.RemoveAll(c => c.Id != keeper.Credential);
        var provider = credentials.IsEmpty ? own[0].Provider : own[0].Provider with { Credentials = credentials };
        return route with { Targets = [.. own.Select(t => t with { Provider = provider })], Pinned = true };
    }

    /// <summary>The route a caller means, if his key lets him call it.</summary>
    /// <exception cref="RouteNotFoundException">Nothing has this name, or it does not lead to the keeper.</exception>
    /// <exception cref="RouteForbiddenException">His key may not call it.</exception>
    public Route Resolve(string name, Caller caller, Keeper? keeper = null)
    {
        var route = Resolve(name, keeper);
        RouteForbiddenException.ThrowUnless(caller, name, route, pinned: route.Pinned && keeper is null);
        return route;
    }

    /// <summary>Every target a route may lead to, by itself and by its fallbacks.</summary>
    public IEnumerable<Target> Reachable(Route route) =>
        route.Pinned
            ? route.Targets
            : route.Targets.Concat(route.Fallback.All.Select(_routes.GetValueOrDefault).OfType<Route>().SelectMany(Reachable));

    /// <remarks>Of several providers that serve it, the one that the configuration names first comes first.</remarks>
    private Route? ByModel(string model)
    {
        var targets = _providers
            .Values.Where(p => p.Missing is null)
            .Select(p => TargetOf(p, model))
            .OfType<Target>()
            .OrderBy(t => t.Provider.Place)
            .ToImmutableArray();
        if (targets.IsEmpty)
        {
            return null;
        }

        var now = _time.GetUtcNow();
        var choosable = targets.RemoveAll(t => Choosable.Refuse(t, now) is not null);
        return choosable.IsEmpty
            ? throw new RouteNotFoundException(
                model,
                $"{Choosable.Refuse(targets[0], now)}, and so is not chosen by itself; name it as '{targets[0].Name}'",
                [targets[0].Name]
            )
            : new Route
            {
                Name = model,
                Tier = Tier.Premium,
                Targets = choosable,
            };
    }

    private Route? ByPin(string name)
    {
        if (name.Split('/', 2) is not [var provider, var model] || !_providers.TryGetValue(provider, out var configured))
        {
            return null;
        }

        var target = configured.Local ? LocalTarget(configured, model) : TargetOf(configured, model);
        return target is null ? null
            : _pins ? Pin(name, target)
            : throw new RouteNotFoundException(
                name,
                $"'{name}' names a provider, which this configuration does not allow (\"pins\": false)",
                []
            );
    }

    private static Route Pin(string name, Target target) =>
        new()
        {
            Name = name,
            Tier = Tier.Premium,
            Targets = [target],
            Pinned = true,
        };

    private Target? TargetOf(Provider provider, string model) =>
        _models.Find(provider.Dialect.Models, model) is { } card
            ? new Target
            {
                Provider = provider,
                Model = model,
                Card = card,
            }
            : null;

    private static Target LocalTarget(Provider provider, string model) =>
        new()
        {
            Provider = provider,
            Model = model,
            Card = ModelCard.OfLocal(provider.Dialect.Name, model),
        };

    private Route? ByWildcard(string name)
    {
        foreach (var (prefix, route) in _wildcards)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return route;
            }
        }

        return null;
    }

    private RouteNotFoundException NotFound(string name)
    {
        var near = NearNames.Of(name, _routes.Values.Where(r => !r.Placeholder).Select(r => r.Name));
        var hint = near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
        return new RouteNotFoundException(name, $"route '{name}' not found{hint}", near);
    }
}

/// <summary>Nothing can be called by this name; the message may reach the caller.</summary>
internal sealed class RouteNotFoundException(string name, string message, IReadOnlyList<string> nearest) : Exception(message)
{
    public string Name { get; } = name;

    /// <summary>Names that look like it, nearest first.</summary>
    public IReadOnlyList<string> Nearest { get; } = nearest;
}
