using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>Decodes recorded answers by the names of wire and vendor.</summary>
internal sealed class RecordedAnswers
{
    private const long LongestFile = 256 * 1024 * 1024;

    /// <summary>The wires of conversations: vectors have no reading.</summary>
    private readonly List<IWire> _wires = [.. KnownWires.Create().All.Where(w => w.Kind != WireKind.OpenAiEmbeddings)];
    private readonly IReadOnlyDictionary<string, Dialect> _dialects = CatalogData.Dialects();

    /// <exception cref="UserException">There is no such wire, vendor or file.</exception>
    public JsonObject Decode(string wireName, string? provider, bool stream, string file)
    {
        var wire =
            _wires.FirstOrDefault(w => WireName.Of(w.Kind) == wireName)
            ?? throw Unknown("wire", wireName, _wires.Select(w => WireName.Of(w.Kind)));
        var dialect = provider is null ? AnyOf(wire.Kind) : Named(provider);
        return DecodedJson.Write(new AnswerDecoder(wire, dialect).Decode(ReadFile(file), stream));
    }

    private Dialect Named(string provider) => _dialects.GetValueOrDefault(provider) ?? throw Unknown("provider", provider, _dialects.Keys);

    /// <summary>A vendor nobody named: whatever any vendor of the wire says is understood.</summary>
    private Dialect AnyOf(WireKind wire)
    {
        var vendors = _dialects.Values.Where(d => d.Wire == wire).ToList();
        return vendors[0] with
        {
            Usage = UsageMembers.Any(vendors.Select(v => v.Usage)),
            ReasoningText = [.. vendors.SelectMany(v => v.ReasoningText).Distinct()],
            FinishReasons = vendors.SelectMany(v => v.FinishReasons).DistinctBy(r => r.Key).ToDictionary(),
        };
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: > LongestFile }
                ? throw new UserException($"'{file}' is longer than {LongestFile} bytes")
                : File.ReadAllBytes(file);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"'{file}' cannot be read: {exception.Message}");
        }
    }

    private static UserException Unknown(string what, string name, IEnumerable<string> known)
    {
        var all = known.ToList();
        var near = NearNames.Of(name, all);
        return new UserException(
            $"there is no {what} '{name}'; {(near.Count > 0 ? $"did you mean '{near[0]}'?" : $"known are {string.Join(", ", all)}")}"
        );
    }
}
