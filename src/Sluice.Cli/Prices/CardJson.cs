using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Ledger;

namespace Sluice.Cli.Prices;

/// <summary>Model cards with all their rates as JSON.</summary>
internal static class CardJson
{
    public static JsonArray Write(IEnumerable<ModelCard> cards, DoubtfulPrices? doubts = null) =>
        new([.. cards.Select(c => (JsonNode)Write(c, doubts?.Of(c)))]);

    /// <summary>When the shipped price was compared with the vendor's page; <see langword="null"/> where a configuration says it.</summary>
    public static string? Checked(ModelCard card) => card.PriceChecked?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonObject Write(ModelCard card, PriceDoubt? doubt) =>
        new()
        {
            ["provider"] = card.Provider,
            ["id"] = card.Id,
            ["price"] = card.Price is { } price ? PriceWords.Price(price) : null,
            ["schedule"] = PriceWords.Schedule(card.Schedule),
            ["checked"] = Checked(card),
            ["doubtful"] = doubt is null ? null : DoubtfulPrices.Json(doubt),
            ["contextWindow"] = card.ContextWindow,
            ["maxOutput"] = card.MaxOutput,
        };
}
