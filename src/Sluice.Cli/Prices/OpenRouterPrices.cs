using System.Text.Json;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>Reads OpenRouter's list of models (<c>/api/v1/models</c>): per token, as texts, with limits and abilities.</summary>
internal static class OpenRouterPrices
{
    public const string Name = "openrouter";

    private const decimal PerMillion = 1_000_000m;

    public static PriceList Read(JsonElement root)
    {
        var models = PriceFields
            .Items(PriceFields.Member(root, "data", "(root)"), "data")
            .Select(m => Model(m.Value, m.Path))
            .OfType<ListedModel>();
        return new PriceList(
            Name,
            new Dictionary<string, ListedVendor> { [Name] = new(Name, [.. models], []) },
            (read, known) =>
                read with
                {
                    CacheWrite1h = known.CacheWrite1h,
                    OutputAudio = known.OutputAudio,
                    CacheReadAudio = known.CacheReadAudio,
                    InputImage = known.InputImage,
                    CacheReadImage = known.CacheReadImage,
                    OutputImage = known.OutputImage,
                    Tiers = known.Tiers,
                }
        );
    }

    private static ListedModel? Model(JsonElement row, string path)
    {
        var id = PriceFields.Text(PriceFields.Member(row, "id", path), $"{path}.id");
        var pricing = PriceFields.Member(row, "pricing", path);
        if (IsOpen(pricing))
        {
            return null;
        }

        path = $"{path}.pricing";
        var asked = PriceFields.Optional(row, "supported_parameters") is { ValueKind: JsonValueKind.Array } parameters
            ? parameters.EnumerateArray().Select(p => p.ToString()).ToList()
            : null;
        return new ListedModel
        {
            Ids = [id],
            Match = MatchClause.Equal(id),
            Price = new Price
            {
                Input = PriceFields.Dollars(PriceFields.Member(pricing, "prompt", path), $"{path}.prompt", PerMillion),
                Output = PriceFields.Dollars(PriceFields.Member(pricing, "completion", path), $"{path}.completion", PerMillion),
                CacheRead = Rate(pricing, "input_cache_read", PerMillion, path),
                CacheWrite = Rate(pricing, "input_cache_write", PerMillion, path),
                InputAudio = Rate(pricing, "audio", PerMillion, path),
                WebSearchPerThousand = Rate(pricing, "web_search", 1000, path),
                PerRequest = Rate(pricing, "request", 1, path) is > 0 and var fee ? fee : null,
            },
            ContextWindow = PriceFields.Tokens(row, "context_length", path),
            MaxOutput = PriceFields.Optional(row, "top_provider") is { } top
                ? PriceFields.Tokens(top, "max_completion_tokens", path)
                : null,
            Tools = asked?.Contains("tools"),
            Reasoning = asked?.Contains("reasoning"),
            Vision = PriceFields.Optional(row, "architecture") is { } shape
                ? PriceFields.Optional(shape, "input_modalities") is { ValueKind: JsonValueKind.Array } inputs
                    && inputs.EnumerateArray().Any(i => i.ToString() == "image")
                : null,
        };
    }

    /// <summary>Routers of their own have no price until they have chosen: -1.</summary>
    private static bool IsOpen(JsonElement pricing) =>
        PriceFields.Optional(pricing, "prompt")?.ToString().StartsWith('-') == true
        || PriceFields.Optional(pricing, "completion")?.ToString().StartsWith('-') == true;

    private static decimal? Rate(JsonElement pricing, string name, decimal times, string path) =>
        PriceFields.Optional(pricing, name) is { } rate ? PriceFields.Dollars(rate, $"{path}.{name}", times) : null;
}
