using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>A model as a public file of prices has it.</summary>
internal sealed record ListedModel
{
    /// <summary>The ids it is listed under, the main one first.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>Which ids are its.</summary>
    public required MatchClause Match { get; init; }

    public required Price Price { get; init; }

    /// <summary>What replaces <see cref="Price"/> at some times; of several that hold the last.</summary>
    public IReadOnlyList<ScheduledPrice> Schedule { get; init; } = [];

    /// <summary>Input and output together, in tokens; <see langword="null"/> where the file does not say.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>The longest output, in tokens; <see langword="null"/> where the file does not say.</summary>
    public int? MaxOutput { get; init; }

    public bool? Tools { get; init; }

    public bool? Vision { get; init; }

    public bool? Reasoning { get; init; }

    public Price PriceAt(DateTimeOffset moment) => ScheduledPrice.Of(Price, Schedule, moment)!;
}

/// <summary>A vendor with its models, in the order in which they are asked whether an id is theirs.</summary>
/// <param name="Name">As the file calls it.</param>
/// <param name="Models">Its models.</param>
/// <param name="Fallbacks">Vendors whose models it serves too, at their prices.</param>
internal sealed record ListedVendor(string Name, IReadOnlyList<ListedModel> Models, IReadOnlyList<string> Fallbacks);

/// <summary>A public file of prices.</summary>
/// <param name="Format">What it is called on the command line.</param>
/// <param name="Vendors">By the file's own names.</param>
/// <param name="Silent">Takes over the rates that the format has no words for from a price that is known.</param>
internal sealed record PriceList(string Format, IReadOnlyDictionary<string, ListedVendor> Vendors, Func<Price, Price, Price> Silent)
{
    /// <summary>The model of this id as one of these names serves it.</summary>
    public ListedModel? Find(IEnumerable<string> vendors, string id) =>
        vendors
            .Select(v => Vendors.GetValueOrDefault(v))
            .OfType<ListedVendor>()
            .Select(v => Find(v, id))
            .FirstOrDefault(m => m is not null);

    private ListedModel? Find(ListedVendor vendor, string id) =>
        Own(vendor, id) ?? vendor.Fallbacks.Select(f => Own(Vendors.GetValueOrDefault(f), id)).FirstOrDefault(m => m is not null);

    private static ListedModel? Own(ListedVendor? vendor, string id) => vendor?.Models.FirstOrDefault(m => m.Match.Fits(id));
}
