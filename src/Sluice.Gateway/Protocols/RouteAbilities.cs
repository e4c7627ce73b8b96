using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Gateway.Protocols;

/// <summary>What a caller can rely on with a route: what every one of its targets can do.</summary>
internal sealed record RouteAbilities
{
    public required Route Route { get; init; }

    /// <summary>Input and output together, in tokens.</summary>
    public required int ContextWindow { get; init; }

    public required int MaxOutput { get; init; }

    public required bool Tools { get; init; }

    public required bool Vision { get; init; }

    public required bool Reasoning { get; init; }

    /// <summary>Answers that follow a JSON schema.</summary>
    public required bool Structured { get; init; }

    /// <summary>Answers in words, which can be streamed; a model that only embeds has none.</summary>
    public required bool Streaming { get; init; }

    public EmbeddingSpace? Embedding { get; init; }

    public static RouteAbilities Of(Route route)
    {
        var cards = route.Targets.Select(t => t.Card).ToList();
        var speaks = cards.TrueForAll(c => c.MaxOutput > 0);
        return new RouteAbilities
        {
            Route = route,
            ContextWindow = cards.Min(c => c.ContextWindow),
            MaxOutput = cards.Min(c => c.MaxOutput),
            Tools = speaks && route.Targets.All(t => t.Can(Feature.Tools)),
            Vision = speaks && route.Targets.All(t => t.Can(Feature.Images)),
            Reasoning = speaks && cards.TrueForAll(c => c.Reasoning),
            Structured = speaks && route.Targets.All(t => t.Can(Feature.JsonSchema)),
            Streaming = speaks,
            Embedding = cards[0].Embedding,
        };
    }

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["tier"] = Route.Tier.ToString().ToLowerInvariant(),
            ["default"] = Route.Default,
            ["context_window"] = ContextWindow,
            ["max_output"] = MaxOutput,
            ["tools"] = Tools,
            ["vision"] = Vision,
            ["reasoning"] = Reasoning,
            ["structured"] = Structured,
            ["streaming"] = Streaming,
            ["targets"] = new JsonArray([.. Route.Targets.Select(t => (JsonNode)t.Name)]),
            ["fallbacks"] = new JsonArray([.. Route.Fallback.All.Select(f => (JsonNode)f)]),
        };
        if (Embedding is { } space)
        {
            json["embedding"] = new JsonObject { ["identity"] = space.Identity, ["dimensions"] = space.Dimensions };
        }

        return json;
    }
}
