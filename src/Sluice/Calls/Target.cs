using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Calls;

/// <summary>A provider, a model and the parameters fixed for it; with a credential, the unit that is tried.</summary>
internal sealed record Target
{
    public required Provider Provider { get; init; }

    /// <summary>The model id the provider is asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Limits and prices; made from the configuration for unlisted and local models.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Request members that policy fixes for this target, such as <c>temperature</c>.</summary>
    public ImmutableDictionary<string, JsonElement> Parameters { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>How often it comes first in a weighted order, against the others of its route; 0 for never.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Whether provider and model can both be asked for it.</summary>
    public bool Can(Feature feature)
    {
        var lacking = Card.Lacks | (Card.Vision ? Feature.None : Feature.Images) | (Card.Tools ? Feature.None : Feature.Tools);
        return (Provider.Dialect.Features & ~lacking & feature) == feature;
    }

    /// <summary>Request members that the provider rejects, with every model or with this one.</summary>
    public IReadOnlyList<string> Drops =>
        Card is { Lacks: Feature.None, Drops: [] }
            ? Provider.Dialect.Drops
            :
            [
                .. Provider
                    .Dialect.Drops.Union(Card.Drops)
                    .Union(Wire == WireKind.OpenAiChat ? FeatureTable.MembersWithout(~Card.Lacks) : []),
            ];

    public WireKind Wire => Provider.Dialect.Wire;

    /// <summary><c>provider/model</c>, as it is written in configuration.</summary>
    public string Name => $"{Provider.Name}/{Model}";

    public override string ToString() => Name;
}
