using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Prices;

/// <summary>The prices that a bill has shown to be too low and nobody has compared with the vendor's since.</summary>
internal sealed class DoubtfulPrices
{
    private readonly ILookup<ModelCard, PriceDoubt> _doubts;

    private DoubtfulPrices(IEnumerable<PriceDoubt> doubts, CatalogInForce catalog) =>
        _doubts = doubts
            .Select(doubt => (Card: catalog.Find(doubt.Provider, doubt.Model), Doubt: doubt))
            .Where(pair => pair.Card is not null)
            .ToLookup(pair => pair.Card!, pair => pair.Doubt);

    /// <summary>Those that the ledger of a data directory knows; none where there is no ledger yet.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static DoubtfulPrices Read(string data, CatalogInForce catalog) =>
        new(DataDirectory.DatabaseIn(data) is var path && File.Exists(path) ? SqlitePriceDoubts.Read(path) : [], catalog);

    /// <summary>What stands against a price; a price checked on a later day is believed again.</summary>
    public PriceDoubt? Of(ModelCard card) =>
        _doubts[card]
            .Where(doubt => card.PriceChecked is not { } day || day <= DateOnly.FromDateTime(doubt.Last.UtcDateTime))
            .MaxBy(doubt => doubt.Last);

    public static string Text(PriceDoubt doubt) =>
        $"doubtful since {Day(doubt.Since)}: {doubt.Provider} billed {doubt.Excess} USD more than could be in {doubt.Attempts} of its answers";

    public static JsonObject Json(PriceDoubt doubt) =>
        new()
        {
            ["provider"] = doubt.Provider,
            ["model"] = doubt.Model,
            ["since"] = doubt.Since.ToString("O", CultureInfo.InvariantCulture),
            ["last"] = doubt.Last.ToString("O", CultureInfo.InvariantCulture),
            ["attempts"] = doubt.Attempts,
            ["excess"] = JsonNode.Parse(doubt.Excess.ToString()),
        };

    private static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
