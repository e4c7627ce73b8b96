using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires;

namespace Sluice.Cli.Decoding;

/// <summary>Says what recorded answers used and cost.</summary>
/// <param name="prices">The price of a model as a vendor serves it; <see langword="null"/> where none is known.</param>
/// <param name="reportedWins">Whether a cost that the provider reports wins over the price, as it does in the ledger.</param>
internal sealed class UsageReader(Func<string, string, Price?> prices, bool reportedWins)
{
    private readonly VendorRows _vendors = new();
    private readonly WireTable _wires = KnownWires.Create();

    /// <param name="provider">The vendor; one that no row knows is read as its wire says.</param>
    /// <param name="wireName">The protocol; <see langword="null"/> takes the vendor's own.</param>
    /// <param name="model">The model; <see langword="null"/> takes the one that the body names.</param>
    /// <param name="body">A whole answer or a stream, an envelope with usage in it, or a usage object alone.</param>
    /// <exception cref="UserException">There is no such wire.</exception>
    /// <exception cref="ProviderException">The body cannot be read.</exception>
    public JsonObject Read(string provider, string? wireName, string? model, ReadOnlySpan<byte> body)
    {
        var vendor = _vendors.Find(provider);
        var wire = wireName is null ? (vendor ?? _vendors.Named(provider)).Wire : Wire(wireName);
        var dialect = vendor is null ? _vendors.AnyOf(wire) : _vendors.Of(vendor, wire);
        var read = RecordedUsage.Read(_wires[wire], dialect, body);
        model ??= read.Model ?? ModelOf(body);
        var price = model is null ? null : prices(provider, model);
        return Write(read.Usage, model, CostOf(read.Usage, price), vendor is null ? $"'{provider}' has no row of its own" : null);
    }

    private static WireKind Wire(string name) => WireName.Parse(name) ?? throw VendorRows.Unknown("wire", name, WireName.All);

    /// <summary>What an envelope names beside the places of its wire.</summary>
    private static string? ModelOf(ReadOnlySpan<byte> body)
    {
        if (!RecordedBody.IsJson(body))
        {
            return null;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        using var document = JsonDocument.ParseValue(ref reader);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("model", out var model)
            && model.ValueKind == JsonValueKind.String
            ? model.GetString()
            : null;
    }

    private decimal? CostOf(Usage usage, Price? price) =>
        usage.Evidence == UsageEvidence.Unknown ? null
        : reportedWins && usage.ReportedCost is { } reported ? reported.Dollars
        : price is null ? null
        : Pricing.Dollars(price, usage);

    private static JsonObject Write(Usage usage, string? model, decimal? cost, string? note)
    {
        var written = new JsonObject
        {
            ["model"] = model,
            ["inputTokens"] = usage.InputTokens,
            ["cacheReadTokens"] = usage.CacheReadTokens,
            ["cacheWriteTokens"] = usage.CacheWriteTokens,
            ["cacheWrite1hTokens"] = usage.CacheWrite1hTokens,
            ["outputTokens"] = usage.OutputTokens,
            ["reasoningTokens"] = usage.ReasoningTokens,
            ["inputAudioTokens"] = usage.InputAudioTokens,
            ["outputAudioTokens"] = usage.OutputAudioTokens,
            ["cost"] = cost is { } dollars ? Number(dollars) : null,
            ["evidence"] = usage.Evidence.ToString().ToLowerInvariant(),
            ["cacheReadAudioTokens"] = usage.CacheReadAudioTokens,
            ["inputImageTokens"] = usage.InputImageTokens,
            ["cacheReadImageTokens"] = usage.CacheReadImageTokens,
            ["outputImageTokens"] = usage.OutputImageTokens,
            ["webSearches"] = usage.WebSearchRequests,
            ["besideInputTokens"] = usage.Beside?.InputTokens ?? 0,
            ["besideOutputTokens"] = usage.Beside?.OutputTokens ?? 0,
            ["reportedCost"] = usage.ReportedCost is { } reported ? Number(reported.Dollars) : null,
        };
        if (note is not null)
        {
            written["note"] = note;
        }

        return written;
    }

    /// <summary>Every digit and none too many: 0.00006, not 6E-05 or 0.0000600.</summary>
    private static JsonNode Number(decimal dollars) =>
        JsonNode.Parse(dollars.ToString("0.############################", CultureInfo.InvariantCulture))!;
}
