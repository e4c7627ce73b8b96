using System.Globalization;
using System.Text.Json;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>Reads the prices of pydantic/genai-prices, version 2: per million tokens, with tiers, days, hours and match clauses.</summary>
internal static class GenaiPrices
{
    public const string Name = "genai-prices";

    public static PriceList Read(JsonElement root) =>
        new(Name, PriceFields.Items(root, "").Select(p => Vendor(p.Value, p.Path)).ToDictionary(v => v.Name), (read, _) => read);

    private static ListedVendor Vendor(JsonElement vendor, string path) =>
        new(
            PriceFields.Text(PriceFields.Member(vendor, "id", path), $"{path}.id"),
            [.. PriceFields.Items(PriceFields.Member(vendor, "models", path), $"{path}.models").Select(m => Model(m.Value, m.Path))],
            PriceFields.Optional(vendor, "fallback_model_providers") is { } fallbacks
                ? [.. PriceFields.Items(fallbacks, $"{path}.fallback_model_providers").Select(f => PriceFields.Text(f.Value, f.Path))]
                : []
        );

    private static ListedModel Model(JsonElement model, string path)
    {
        var id = PriceFields.Text(PriceFields.Member(model, "id", path), $"{path}.id");
        var match = MatchClause.Read(PriceFields.Member(model, "match", path), $"{path}.match");
        var (plain, schedule) = Prices(PriceFields.Member(model, "prices", path), $"{path}.prices");
        return new ListedModel
        {
            Ids = [.. match.Ids.Prepend(id).Distinct(StringComparer.OrdinalIgnoreCase)],
            Match = match,
            Price = plain,
            Schedule = schedule,
            ContextWindow = PriceFields.Tokens(model, "context_window", path),
        };
    }

    /// <summary>One price, or a list of which the first holds where none of the others' conditions does.</summary>
    private static (Price Plain, List<ScheduledPrice> Schedule) Prices(JsonElement prices, string path)
    {
        if (prices.ValueKind == JsonValueKind.Object)
        {
            return (Rates(prices, path), []);
        }

        Price? plain = null;
        var schedule = new List<ScheduledPrice>();
        foreach (var (entry, at) in PriceFields.Items(prices, path))
        {
            var rates = Rates(PriceFields.Member(entry, "prices", at), $"{at}.prices");
            if (PriceFields.Optional(entry, "constraint") is { } constraint)
            {
                schedule.Add(Scheduled(constraint, rates, $"{at}.constraint"));
            }
            else if (plain is null)
            {
                plain = rates;
            }
        }

        return (plain ?? throw new PriceFileException(path, "every price has a condition", "one must hold without"), schedule);
    }

    private static ScheduledPrice Scheduled(JsonElement constraint, Price rates, string path)
    {
        if (PriceFields.Optional(constraint, "start_date") is { } from)
        {
            return DateOnly.TryParseExact(PriceFields.Text(from, path), "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day)
                ? new ScheduledPrice(day, null, rates)
                : throw new PriceFileException($"{path}.start_date", $"{PriceFields.Short(from)} is not a day", "write \"2026-09-01\"");
        }

        return new ScheduledPrice(null, new DailyHours(Time(constraint, "start_time", path), Time(constraint, "end_time", path)), rates);
    }

    private static TimeOnly Time(JsonElement constraint, string name, string path)
    {
        var value = PriceFields.Member(constraint, name, path);
        return TimeOnly.TryParseExact(
            PriceFields.Text(value, $"{path}.{name}"),
            "HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            default,
            out var time
        )
            ? time
            : throw new PriceFileException($"{path}.{name}", $"{PriceFields.Short(value)} is not a time", "write \"16:30:00Z\"");
    }

    private static Price Rates(JsonElement prices, string path)
    {
        if (prices.ValueKind != JsonValueKind.Object)
        {
            throw new PriceFileException(path, $"{PriceFields.Short(prices)} is not an object", "write { \"input_mtok\": 3, … }");
        }

        var above = prices
            .EnumerateObject()
            .SelectMany(p => Tiers(p.Value, $"{path}.{p.Name}"))
            .Select(t => t.Start)
            .Distinct()
            .Order()
            .Select(start => new PriceTier(start, At(prices, start, path)));
        return At(prices, 0, path) with { Tiers = [.. above] };
    }

    private static Price At(JsonElement prices, long threshold, string path) =>
        new()
        {
            Input = Rate(prices, "input_mtok", threshold, path) ?? 0,
            Output = Rate(prices, "output_mtok", threshold, path) ?? 0,
            CacheRead = Rate(prices, "cache_read_mtok", threshold, path),
            CacheWrite = Rate(prices, "cache_write_mtok", threshold, path),
            CacheWrite1h = Rate(prices, "cache_write_1h_mtok", threshold, path),
            InputAudio = Rate(prices, "input_audio_mtok", threshold, path),
            OutputAudio = Rate(prices, "output_audio_mtok", threshold, path),
            CacheReadAudio = Rate(prices, "cache_audio_read_mtok", threshold, path),
            InputImage = Rate(prices, "input_image_mtok", threshold, path),
            OutputImage = Rate(prices, "output_image_mtok", threshold, path),
            CacheReadImage = Rate(prices, "cache_image_read_mtok", threshold, path),
            WebSearchPerThousand = Rate(prices, "web_searches_kcount", threshold, path),
            PerRequest = Rate(prices, "requests_kcount", threshold, path) / 1000,
        };

    /// <summary>The rate that holds above a threshold.</summary>
    private static decimal? Rate(JsonElement prices, string name, long threshold, string path)
    {
        if (PriceFields.Optional(prices, name) is not { } rate)
        {
            return null;
        }

        path = $"{path}.{name}";
        if (rate.ValueKind != JsonValueKind.Object)
        {
            return PriceFields.Dollars(rate, path);
        }

        var price = PriceFields.Dollars(PriceFields.Member(rate, "base", path), $"{path}.base");
        foreach (var tier in Tiers(rate, path).Where(t => t.Start <= threshold).OrderBy(t => t.Start))
        {
            price = tier.Price;
        }

        return price;
    }

    private static IEnumerable<(long Start, decimal Price)> Tiers(JsonElement rate, string path) =>
        PriceFields.Optional(rate, "tiers") is not { } tiers
            ? []
            : PriceFields
                .Items(tiers, $"{path}.tiers")
                .Select(t =>
                    (
                        (long)(
                            PriceFields.Tokens(t.Value, "start", t.Path)
                            ?? throw new PriceFileException($"{t.Path}.start", "a tier needs a threshold", "in input tokens")
                        ),
                        PriceFields.Dollars(PriceFields.Member(t.Value, "price", t.Path), $"{t.Path}.price")
                    )
                );
}
