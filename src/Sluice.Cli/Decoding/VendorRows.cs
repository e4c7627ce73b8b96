using Sluice.Catalog;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>The rows of vendors, by name, alias and wire.</summary>
internal sealed class VendorRows
{
    private readonly IReadOnlyDictionary<string, Dialect> _rows = CatalogData.Dialects();

    public IEnumerable<Dialect> All => _rows.Values;

    public Dialect? Find(string provider) => _rows.Named(provider);

    /// <exception cref="UserException">There is no such vendor.</exception>
    public Dialect Named(string provider) => Find(provider) ?? throw Unknown("provider", provider, _rows.Keys);

    /// <summary>Everything a vendor is called: as asked, its row, the row of its models, and what others say for either.</summary>
    public IReadOnlyList<string> NamesOf(string provider) => Find(provider) is { } row ? [provider, .. NamesOf(row)] : [provider];

    public IReadOnlyList<string> NamesOf(Dialect row) => [row.Name, .. row.Aliases, row.Models, .. _rows[row.Models].Aliases];

    /// <summary>How this vendor speaks a wire: its own row or one of the same models, else as anybody does.</summary>
    public Dialect Of(Dialect vendor, WireKind wire) =>
        Speaks(vendor, wire) ? vendor : All.FirstOrDefault(d => d.Models == vendor.Models && Speaks(d, wire)) ?? AnyOf(wire);

    /// <summary>A vendor nobody named: whatever any vendor of the wire says is understood.</summary>
    public Dialect AnyOf(WireKind wire)
    {
        var vendors = All.Where(d => Speaks(d, wire)).ToList();
        return vendors[0] with
        {
            Usage = UsageMembers.Any(vendors.Select(v => v.Usage)),
            ReasoningText = [.. vendors.SelectMany(v => v.ReasoningText).Distinct()],
            FinishReasons = vendors.SelectMany(v => v.FinishReasons).DistinctBy(r => r.Key).ToDictionary(),
        };
    }

    public static UserException Unknown(string what, string name, IEnumerable<string> known)
    {
        var all = known.ToList();
        var near = NearNames.Of(name, all);
        return new UserException(
            $"there is no {what} '{name}'; {(near.Count > 0 ? $"did you mean '{near[0]}'?" : $"known are {string.Join(", ", all)}")}"
        );
    }

    private static bool Speaks(Dialect row, WireKind wire) =>
        row.Wire == wire || (wire == WireKind.OpenAiEmbeddings && row.EmbeddingsPath is not null);
}
