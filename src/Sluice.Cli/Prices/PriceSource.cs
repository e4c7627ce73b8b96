using Sluice.Catalog;
using Sluice.Cli.Decoding;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>The price of a model as a vendor serves it, at one moment; <see langword="null"/> where none is known.</summary>
internal static class PriceSource
{
    /// <summary>By a public file, in which a vendor may have any of its names.</summary>
    public static Func<string, string, Price?> Of(PriceList list, DateTimeOffset moment)
    {
        var vendors = new VendorRows();
        return (provider, model) => list.Find(vendors.NamesOf(provider), model)?.PriceAt(moment);
    }

    public static Func<string, string, Price?> Of(CatalogInForce catalog, DateTimeOffset moment) =>
        (provider, model) => catalog.Find(provider, model)?.PriceAt(moment);
}
