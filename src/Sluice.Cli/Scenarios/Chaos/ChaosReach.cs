using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Chaos;

/// <summary>Whom a call may be answered by, read off the configuration's text and not off what the product made of it.</summary>
internal sealed class ChaosReach(JsonObject configuration)
{
    private const string Blind = "zeta/llama-3.1-8b-instant";

    private static readonly string[] Tiers = ["free", "standard", "premium"];

    /// <summary>The targets of a route and of everything that stands in for it; of a pin itself alone.</summary>
    public IReadOnlySet<string> Of(string asked, bool trivial, bool image)
    {
        var reach = new HashSet<string>();
        if (asked.Contains('/', StringComparison.Ordinal))
        {
            return new HashSet<string> { asked };
        }

        // What the rules say of it: a trivial task goes to cheap, best may become good.
        for (var route = trivial ? "cheap" : asked; route is not null; route = (string?)Route(route)["fallback"])
        {
            reach.UnionWith(Targets(route));
        }

        if (image)
        {
            reach.Remove(Blind);
        }

        return reach;
    }

    /// <summary>Whether an attempt for one route is of a higher tier than the route the call was for.</summary>
    public bool IsAbove(string tried, string asked) => Tier(tried) > Tier(asked);

    public IEnumerable<string> Targets(string route) => ((JsonArray)Route(route)["targets"]!).Select(Name);

    private int Tier(string route) => Array.IndexOf(Tiers, (string?)Route(route)["tier"]);

    private JsonObject Route(string name) => (JsonObject)configuration["routes"]![name]!;

    private static string Name(JsonNode? target) =>
        target is JsonObject map ? $"{map["provider"]}/{map["model"]}" : target!.GetValue<string>();
}
