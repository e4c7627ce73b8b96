using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>Reads LiteLLM's model_prices_and_context_window.json: per token, by model, with limits and abilities.</summary>
internal static partial class LitellmPrices
{
    public const string Name = "litellm";

    private const decimal PerMillion = 1_000_000m;

    /// <summary>What is paid by tokens; images, sound and searches by themselves are not.</summary>
    private static readonly string[] Modes = ["chat", "completion", "responses", "embedding"];

    public static PriceList Read(JsonElement root)
    {
        var models = new List<(string Vendor, ListedModel Model)>();
        foreach (var member in root.EnumerateObject())
        {
            // One entry explains the members, one says when the file was made.
            if (member.Name != "sample_spec" && member.Value.ValueKind == JsonValueKind.Object)
            {
                if (Model(member.Name, member.Value, $"['{member.Name}']") is { } model)
                {
                    models.Add(model);
                }
            }
        }

        return new PriceList(
            Name,
            models.GroupBy(m => m.Vendor).ToDictionary(g => g.Key, g => new ListedVendor(g.Key, [.. g.Select(m => m.Model)], [])),
            (read, known) => read with { PerRequest = read.PerRequest ?? known.PerRequest, CacheReadImage = known.CacheReadImage }
        );
    }

    private static (string, ListedModel)? Model(string name, JsonElement row, string path)
    {
        if (
            PriceFields.Optional(row, "litellm_provider") is not { } provider
            || !Modes.Contains(PriceFields.Optional(row, "mode")?.ToString())
            || (PriceFields.Optional(row, "input_cost_per_token") is null && PriceFields.Optional(row, "output_cost_per_token") is null)
        )
        {
            return null;
        }

        var vendor = PriceFields.Text(provider, $"{path}.litellm_provider");
        var id = Unprefixed(name, vendor);
        return (
            vendor,
            new ListedModel
            {
                Ids = [id],
                Match = MatchClause.Equal(id),
                Price = Price(row, path),
                ContextWindow = PriceFields.Tokens(row, "max_input_tokens", path) ?? PriceFields.Tokens(row, "max_tokens", path),
                MaxOutput = PriceFields.Tokens(row, "max_output_tokens", path),
                Tools = Flag(row, "supports_function_calling"),
                Vision = Flag(row, "supports_vision"),
                Reasoning = Flag(row, "supports_reasoning"),
            }
        );
    }

    /// <summary>The id without the name of who serves it: <c>groq/llama-3.3-70b</c>, <c>bedrock/us-east-1/…</c> stays apart.</summary>
    private static string Unprefixed(string name, string vendor)
    {
        var prefix = vendor.StartsWith("vertex_ai", StringComparison.Ordinal) ? "vertex_ai/" : $"{vendor}/";
        return name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
    }

    private static Price Price(JsonElement row, string path)
    {
        var thresholds = row.EnumerateObject()
            .Select(m => Threshold().Match(m.Name))
            .Where(m => m.Success)
            .Select(m => long.Parse(m.Groups["k"].ValueSpan, CultureInfo.InvariantCulture))
            .Distinct()
            .Order();
        return Rates(row, "", path) with
        {
            WebSearchPerThousand = Searches(row, path),
            PerRequest = Rate(row, "input_cost_per_request", "", path) / PerMillion,
            Tiers = [.. thresholds.Select(k => new PriceTier(k * 1000, Rates(row, $"_above_{k}k_tokens", path)))],
        };
    }

    private static Price Rates(JsonElement row, string above, string path) =>
        new()
        {
            Input = Rate(row, "input_cost_per_token", above, path) ?? 0,
            Output = Rate(row, "output_cost_per_token", above, path) ?? 0,
            CacheRead = Rate(row, "cache_read_input_token_cost", above, path),
            CacheWrite = Rate(row, "cache_creation_input_token_cost", above, path),
            CacheWrite1h = Rate(row, "cache_creation_input_token_cost_above_1hr", above, path),
            InputAudio = Rate(row, "input_cost_per_audio_token", above, path),
            OutputAudio = Rate(row, "output_cost_per_audio_token", above, path),
            CacheReadAudio = Rate(row, "cache_read_input_audio_token_cost", above, path),
            InputImage = Rate(row, "input_cost_per_image_token", above, path),
            OutputImage = Rate(row, "output_cost_per_image_token", above, path),
        };

    /// <summary>The rate above a threshold; where there is none of its own, the plain one goes on.</summary>
    private static decimal? Rate(JsonElement row, string name, string above, string path) =>
        (above.Length > 0 ? PriceFields.Optional(row, name + above) : null) is { } higher
            ? PriceFields.Dollars(higher, $"{path}.{name}{above}", PerMillion)
        : PriceFields.Optional(row, name) is { } rate ? PriceFields.Dollars(rate, $"{path}.{name}", PerMillion)
        : null;

    /// <summary>The dearest of the sizes that a search may have.</summary>
    private static decimal? Searches(JsonElement row, string path) =>
        PriceFields.Optional(row, "search_context_cost_per_query") is { ValueKind: JsonValueKind.Object } sizes
            ? sizes
                .EnumerateObject()
                .Where(s => s.Name.StartsWith("search_context_size", StringComparison.Ordinal))
                .Select(s => (decimal?)PriceFields.Dollars(s.Value, $"{path}.search_context_cost_per_query.{s.Name}", 1000))
                .Max()
            : null;

    private static bool? Flag(JsonElement row, string name) =>
        PriceFields.Optional(row, name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    [GeneratedRegex(@"^input_cost_per_token_above_(?<k>\d{1,6})k_tokens$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Threshold();
}
