using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>Decodes recorded answers by the names of wire and vendor.</summary>
internal sealed class RecordedAnswers
{
    private const long LongestFile = 256 * 1024 * 1024;

    /// <summary>The wires of conversations: vectors have no reading.</summary>
    private readonly List<IWire> _wires = [.. KnownWires.Create().All.Where(w => w.Kind != WireKind.OpenAiEmbeddings)];
    private readonly VendorRows _vendors = new();

    /// <exception cref="UserException">There is no such wire, vendor or file.</exception>
    public JsonObject Decode(string wireName, string? provider, bool stream, string file)
    {
        var wire =
            _wires.FirstOrDefault(w => WireName.Of(w.Kind) == wireName)
            ?? throw VendorRows.Unknown("wire", wireName, _wires.Select(w => WireName.Of(w.Kind)));
        var dialect = provider is null ? _vendors.AnyOf(wire.Kind) : _vendors.Of(_vendors.Named(provider), wire.Kind);
        return DecodedJson.Write(new AnswerDecoder(wire, dialect).Decode(ReadFile(file), stream));
    }

    /// <exception cref="UserException">It cannot be read.</exception>
    public static byte[] ReadFile(string file)
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
}
