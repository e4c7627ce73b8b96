using System.Collections.Frozen;
using Sluice.Catalog;
using Sluice.Cli.Decoding;
using Sluice.Routing;

namespace Sluice.Cli.Prices;

/// <summary>The models and prices that hold here: those that ship, with what a configuration says otherwise.</summary>
/// <param name="Models">The cards.</param>
/// <param name="Providers">The vendors that are configured, by their names there; empty without a configuration.</param>
internal sealed record CatalogInForce(ModelCatalog Models, IReadOnlyDictionary<string, Dialect> Providers)
{
    private readonly VendorRows _vendors = new();

    /// <exception cref="Configuration.ConfigurationException">The configuration cannot be used.</exception>
    public static CatalogInForce Read(string? config)
    {
        if (SharedOptions.FileOf(config) is not { } file)
        {
            return new CatalogInForce(new ModelCatalog(CatalogData.Models()), FrozenDictionary<string, Dialect>.Empty);
        }

        var snapshot = SharedOptions.Compiler().CompileFile(file, 0);
        return new CatalogInForce(snapshot.Models, snapshot.Providers.ToDictionary(p => p.Key, p => p.Value.Dialect));
    }

    /// <summary>The vendor of this name: a configured one, a preset or an alias; <see langword="null"/> where there is none.</summary>
    public Dialect? Vendor(string provider) => Providers.GetValueOrDefault(provider) ?? _vendors.Find(provider);

    /// <exception cref="UserException">There is no vendor of this name.</exception>
    public Dialect Named(string provider) => Vendor(provider) ?? _vendors.Named(provider);

    public ModelCard? Find(string provider, string model) => Vendor(provider) is { } vendor ? Models.Find(vendor.Models, model) : null;
}
