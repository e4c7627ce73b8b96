using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Decoding;
using Sluice.Cli.Prices;
using Sluice.Money;

namespace Sluice.Cli.Tests;

/// <summary>Usage and price of every block of the public oracle of genai-prices, as `sluice usage` tells them.</summary>
/// <remarks>
/// The oracle runs every block through the extractors of all vendors, whose flavours stand for our wires. An extractor that is
/// coarser than a block leaves figures out, or looks for them where the block has nothing: the file of prices says where each
/// looks. What it finds is compared, a figure that nobody finds must be 0, and what only we find is set to 0 before the price is
/// reckoned; how often that happens is counted.
/// </remarks>
public sealed class UsageOracleTests
{
    private const string Moment = "2026-07-24T12:00:00Z";

    /// <summary>Steps that are billed beside an answer's own figures, which no extractor looks for.</summary>
    private const string BesideInput = "beside/input";

    private const string BesideOutput = "beside/output";

    /// <summary>What an extractor calls a figure, and what we do. Text and video are not counted apart: nobody has a rate for them alone.</summary>
    private static readonly Dictionary<string, string> Figures = new()
    {
        ["input_tokens"] = "inputTokens",
        ["cache_read_tokens"] = "cacheReadTokens",
        ["cache_write_tokens"] = "cacheWriteTokens",
        ["cache_write_1h_tokens"] = "cacheWrite1hTokens",
        ["output_tokens"] = "outputTokens",
        ["output_reasoning_tokens"] = "reasoningTokens",
        ["input_audio_tokens"] = "inputAudioTokens",
        ["output_audio_tokens"] = "outputAudioTokens",
        ["cache_audio_read_tokens"] = "cacheReadAudioTokens",
        ["input_image_tokens"] = "inputImageTokens",
        ["cache_image_read_tokens"] = "cacheReadImageTokens",
        ["output_image_tokens"] = "outputImageTokens",
        ["web_searches"] = "webSearches",
        [BesideInput] = "besideInputTokens",
        [BesideOutput] = "besideOutputTokens",
    };

    /// <summary>
    /// Two readings of what another flavour of the same vendor reads otherwise, of which only one can be booked: Cohere's tokens are
    /// what was processed, its default what is billed; xAI's default is the answer before reasoning moved into the details.
    /// </summary>
    private static readonly string[] SecondReadings = ["cohere/tokens", "x-ai/default"];

    private static string? Folder =>
        Environment.GetEnvironmentVariable("SLUICE_RECORDINGS") is { Length: > 0 } recordings
        && Path.Combine(recordings, "../pricing") is var folder
        && File.Exists(Path.Combine(folder, "usage-oracle.json"))
            ? folder
            : null;

    [Fact]
    public void EveryBlock_IsNormalisedAndPricedExactly()
    {
        Assert.SkipWhen(Folder is null, "SLUICE_RECORDINGS is not set, or has no pricing/usage-oracle.json beside it");
        using var prices = Open("genai-prices.v2.json");
        using var oracle = Open("usage-oracle.json");
        var list = PriceFiles.Read(prices.RootElement);
        var price = PriceSource.Of(list, DateTimeOffset.Parse(Moment, CultureInfo.InvariantCulture));
        var reader = new UsageReader(price, reportedWins: false);
        var extractors = Extractors(prices.RootElement);
        var (compared, coarser, priced, second, differences) = (0, 0, 0, 0, new List<string>());

        foreach (var block in oracle.RootElement.EnumerateArray())
        {
            var body = Encoding.UTF8.GetBytes(block.GetProperty("body").GetRawText());
            var model = block.TryGetProperty("model", out var named) ? named.GetString() : null;
            foreach (var (expected, source) in Readings(block))
            {
                var extractor = extractors[source.Name];
                if (SecondReadings.Contains(source.Name))
                {
                    second++;
                    continue;
                }

                var ours = reader.Read(source.Provider, extractor.Wire, model, body);
                var found = extractor.FindsIn(block.GetProperty("body"));
                var wrong = found.Where(f => Count(ours, f) != Expected(expected, f)).ToList();
                var beyond = Figures.Keys.Except(found).Where(f => Count(ours, f) != 0).ToList();
                compared++;
                coarser += beyond.Count > 0 ? 1 : 0;
                differences.AddRange(
                    wrong.Select(f =>
                        $"{source.Name} {f}: {Count(ours, f)} for {Expected(expected, f)} in {block.GetProperty("body").GetProperty("file")}"
                    )
                );

                if (source.Price is { } dollars)
                {
                    priced++;
                    var cost =
                        beyond.Count == 0
                            ? ours["cost"]?.GetValue<decimal>()
                            : Pricing.Dollars(price(source.Provider, model!)!, UsageOf(ours, found));
                    if (cost != dollars)
                    {
                        differences.Add($"{source.Name}: {cost} USD for {dollars} in {block.GetProperty("body").GetProperty("file")}");
                    }
                }
            }
        }

        differences.ShouldBeEmpty();
        (compared, priced, coarser, second).ShouldBe((11_576, 2_144, 329, 263));
    }

    /// <summary>The readings of one block, each by every extractor that comes to it.</summary>
    private static IEnumerable<(JsonElement Expected, (string Name, string Provider, decimal? Price) Source)> Readings(JsonElement block) =>
        from reading in block.GetProperty("extracted").EnumerateArray()
        from extractor in reading.GetProperty("extractors").EnumerateArray()
        let provider = extractor.GetProperty("provider_id").GetString()!
        select (
            reading.GetProperty("usage"),
            ($"{provider}/{extractor.GetProperty("api_flavor").GetString()}", provider, PriceOf(extractor))
        );

    private static decimal? PriceOf(JsonElement extractor) =>
        extractor.TryGetProperty("total_price", out var total) ? Dollars(total)
        : extractor.TryGetProperty("input_price", out var input) ? Dollars(input) + Dollars(extractor.GetProperty("output_price"))
        : null;

    private static decimal Dollars(JsonElement text) => decimal.Parse(text.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static Dictionary<string, Extractor> Extractors(JsonElement vendors) =>
        (
            from vendor in vendors.EnumerateArray()
            where vendor.TryGetProperty("extractors", out _)
            from extractor in vendor.GetProperty("extractors").EnumerateArray()
            let flavour = extractor.GetProperty("api_flavor").GetString()!
            let mappings = extractor.GetProperty("mappings").EnumerateArray().ToList()
            select (
                Name: $"{vendor.GetProperty("id").GetString()}/{flavour}",
                Extractor: new Extractor(WireOf(flavour, mappings), Steps(extractor.GetProperty("root")), mappings)
            )
        ).ToDictionary(e => e.Name, e => e.Extractor);

    /// <summary>A vendor's default flavour is the wire whose members it reads.</summary>
    private static string WireOf(string flavour, List<JsonElement> mappings) =>
        (flavour, mappings[0].GetProperty("path").ToString()) switch
        {
            ("chat", _) => "openai-chat",
            ("responses", _) => "openai-responses",
            ("embeddings", _) => "openai-embeddings",
            ("anthropic", _) => "anthropic-messages",
            (_, "promptTokenCount") => "gemini",
            (_, "inputTokens") => "bedrock-converse",
            _ when mappings.Exists(m => m.GetProperty("path").ToString() == "cache_creation_input_tokens") => "anthropic-messages",
            _ => "openai-chat",
        };

    private static long Expected(JsonElement usage, string figure) => usage.TryGetProperty(figure, out var count) ? count.GetInt64() : 0;

    private static long Count(JsonObject ours, string figure) => ours[Figures[figure]]!.GetValue<long>();

    private static Usage UsageOf(JsonObject ours, IReadOnlyList<string> reads)
    {
        long Of(string figure) => reads.Contains(figure) ? Count(ours, figure) : 0;
        return new Usage
        {
            InputTokens = Of("input_tokens"),
            CacheReadTokens = Of("cache_read_tokens"),
            CacheWriteTokens = Of("cache_write_tokens"),
            CacheWrite1hTokens = Of("cache_write_1h_tokens"),
            OutputTokens = Of("output_tokens"),
            InputAudioTokens = Of("input_audio_tokens"),
            OutputAudioTokens = Of("output_audio_tokens"),
            InputImageTokens = Of("input_image_tokens"),
            OutputImageTokens = Of("output_image_tokens"),
            WebSearchRequests = Of("web_searches"),
            Evidence = UsageEvidence.Reported,
        };
    }

    /// <summary>The members that lead to a figure; a step that chooses from a list leads no further.</summary>
    private static List<string> Steps(JsonElement path) =>
        path.ValueKind == JsonValueKind.String
            ? [path.GetString()!]
            : [.. path.EnumerateArray().TakeWhile(s => s.ValueKind == JsonValueKind.String).Select(s => s.GetString()!)];

    /// <summary>Where an extractor looks for what.</summary>
    private sealed record Extractor(string Wire, List<string> Root, List<JsonElement> Mappings)
    {
        public IReadOnlyList<string> FindsIn(JsonElement body) =>
            [
                .. Mappings
                    .Where(m => Root.Concat(Steps(m.GetProperty("path"))).Aggregate((JsonElement?)body, Step) is not null)
                    .Select(m => m.GetProperty("dest").GetString()!)
                    .Where(Figures.ContainsKey)
                    .Distinct(),
            ];

        private static JsonElement? Step(JsonElement? at, string name) =>
            at is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var next) ? next : null;
    }

    private static JsonDocument Open(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, file)));
}
