using Sluice.Catalog;
using Sluice.Cli.Decoding;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>One model of a file of prices beside what is known of it.</summary>
/// <param name="Name">As a configuration names it, <c>provider/model</c>.</param>
/// <param name="Listed">What the file says.</param>
/// <param name="Price">What it would cost: as the file says, and what the format has no words for as it was.</param>
/// <param name="Known">The card in force; <see langword="null"/> for a model that is new.</param>
internal sealed record RefreshedModel(string Name, ListedModel Listed, Price Price, ModelCard? Known);

/// <summary>Holds a file of prices against the catalogue in force, vendor by vendor.</summary>
internal sealed class PriceRefresh(PriceList list, CatalogInForce catalog)
{
    private readonly VendorRows _vendors = new();

    /// <summary>The vendors to look at, by the names that a configuration has for them.</summary>
    /// <param name="asked">Names from the command line; none takes those that are configured and in the file.</param>
    /// <exception cref="UserException">A name is not known or not in the file, or nobody is configured.</exception>
    public IReadOnlyList<(string Name, Dialect Row)> Vendors(IReadOnlyList<string> asked)
    {
        if (asked.Count == 0)
        {
            var configured = catalog
                .Providers.Where(p => !p.Value.Local && IsListed(p.Value))
                .DistinctBy(p => p.Value.Models)
                .Select(p => (p.Key, p.Value))
                .ToList();
            return configured.Count > 0
                ? configured
                : throw new UserException($"no configured provider is in this file; name vendors: --provider {Example()}");
        }

        return [.. asked.Select(Vendor).DistinctBy(v => v.Row.Models)];
    }

    /// <summary>What the file has of a vendor: under its own ids, and under those the catalogue has for the same models.</summary>
    public IEnumerable<RefreshedModel> Models(string name, Dialect row)
    {
        var names = _vendors.NamesOf(row);
        var listed = names.Distinct().Select(n => list.Vendors.GetValueOrDefault(n)).OfType<ListedVendor>().SelectMany(v => v.Models);
        return listed
            .SelectMany(m => m.Ids)
            .Concat(Cards(row).Select(c => c.Id))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(id => (Id: id, Model: list.Find(names, id)))
            .Where(m => m.Model is not null)
            .Select(m => Refreshed($"{name}/{m.Id}", m.Model!, catalog.Models.Find(row.Models, m.Id)));
    }

    /// <summary>The cards of a vendor that the file does not have.</summary>
    public IEnumerable<ModelCard> Gone(Dialect row) =>
        Cards(row).Where(c => list.Find(_vendors.NamesOf(row), c.Id) is null).OrderBy(c => c.Id, StringComparer.Ordinal);

    private IEnumerable<ModelCard> Cards(Dialect row) => catalog.Models.Cards.Where(c => c.Provider == row.Models);

    private RefreshedModel Refreshed(string name, ListedModel listed, ModelCard? known) =>
        new(name, listed, known?.Price is { } price ? list.Silent(listed.Price, price) : listed.Price, known);

    private (string Name, Dialect Row) Vendor(string asked)
    {
        var row = catalog.Vendor(asked) ?? _vendors.Named(asked);
        if (!IsListed(row))
        {
            throw new UserException($"'{asked}' is not in this file, which has {string.Join(", ", list.Vendors.Keys.Order().Take(40))}");
        }

        var configured =
            catalog.Providers.FirstOrDefault(p => p.Key == asked).Key
            ?? catalog.Providers.FirstOrDefault(p => p.Value.Models == row.Models).Key;
        return (configured ?? row.Name, row);
    }

    private bool IsListed(Dialect row) => _vendors.NamesOf(row).Any(list.Vendors.ContainsKey);

    private string Example() => string.Join(" --provider ", _vendors.All.Where(IsListed).Select(d => d.Name).Take(3));
}
