using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>Prices in the words of a configuration.</summary>
internal static class PriceWords
{
    /// <summary>Every rate by its name there, in the order in which they are listed.</summary>
    public static readonly (string Name, Func<Price, decimal?> Of)[] Rates =
    [
        ("input", p => p.Input),
        ("output", p => p.Output),
        ("cacheRead", p => p.CacheRead),
        ("cacheWrite", p => p.CacheWrite),
        ("cacheWrite1h", p => p.CacheWrite1h),
        ("inputAudio", p => p.InputAudio),
        ("outputAudio", p => p.OutputAudio),
        ("cacheReadAudio", p => p.CacheReadAudio),
        ("inputImage", p => p.InputImage),
        ("outputImage", p => p.OutputImage),
        ("cacheReadImage", p => p.CacheReadImage),
        ("webSearchPerThousand", p => p.WebSearchPerThousand),
        ("perRequest", p => p.PerRequest),
    ];

    public static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    public static JsonObject Price(Price price)
    {
        var written = Of(price);
        if (price.Tiers.Count > 0)
        {
            written["tiers"] = new JsonArray([.. price.Tiers.Select(t => (JsonNode)Tier(t))]);
        }

        return written;
    }

    public static JsonArray Schedule(IEnumerable<ScheduledPrice> schedule) => new([.. schedule.Select(s => (JsonNode)Scheduled(s))]);

    public static string Hours(DailyHours hours) => string.Create(CultureInfo.InvariantCulture, $"{hours.Begin:HH:mm}-{hours.End:HH:mm}");

    /// <summary>A price as a line of text: <c>input 3, output 15, above 200000: input 6, output 22.5</c>.</summary>
    public static string Line(Price price) =>
        string.Join(", ", Names(price).Concat(price.Tiers.Select(t => $"above {t.AboveInputTokens}: {string.Join(", ", Names(t.Price))}")));

    public static string When(ScheduledPrice scheduled) =>
        string.Join(
            ' ',
            new[]
            {
                scheduled.From is { } day ? string.Create(CultureInfo.InvariantCulture, $"from {day:yyyy-MM-dd}") : null,
                scheduled.Hours is { } hours ? $"at {Hours(hours)}" : null,
            }.OfType<string>()
        );

    private static IEnumerable<string> Names(Price price) =>
        Rates.Select(r => (r.Name, Value: r.Of(price))).Where(r => r.Value is not null).Select(r => $"{r.Name} {Number(r.Value!.Value)}");

    private static JsonObject Of(Price price)
    {
        var written = new JsonObject();
        foreach (var (name, of) in Rates)
        {
            if (of(price) is { } rate)
            {
                written[name] = Number(rate);
            }
        }

        return written;
    }

    private static JsonObject Tier(PriceTier tier)
    {
        var written = Of(tier.Price);
        written.Insert(0, "above", tier.AboveInputTokens);
        written.Remove("perRequest");
        return written;
    }

    private static JsonObject Scheduled(ScheduledPrice scheduled)
    {
        var written = new JsonObject();
        if (scheduled.From is { } day)
        {
            written["from"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        if (scheduled.Hours is { } hours)
        {
            written["hours"] = Hours(hours);
        }

        written["price"] = Price(scheduled.Price);
        return written;
    }
}
