using System.Globalization;
using Sluice.Catalog;
using Sluice.Money;

namespace Sluice.Configuration;

/// <summary>Reads what a section says of the price of a model: <c>price</c> and <c>schedule</c>.</summary>
internal static class PriceReader
{
    /// <summary>
    /// The card with the price that a section gives. One with input and output stands by itself, and nothing that was scheduled
    /// for the old one holds; one without changes what it names, whenever it holds.
    /// </summary>
    public static ModelCard Apply(ModelCard card, Section section)
    {
        if (section.Child("price", "price") is { } given)
        {
            var whole = IsWhole(given);
            card = card with
            {
                Price = Read(given, card.Price),
                Schedule = whole ? [] : [.. card.Schedule.Select(s => s with { Price = Read(given, s.Price) })],
                PriceChecked = null,
            };
        }

        return section.Has("schedule")
            ? card with
            {
                Schedule = [.. section.Sections("schedule", "scheduledPrice").Select(s => Scheduled(s, card.Price))],
                PriceChecked = null,
            }
            : card;
    }

    private static bool IsWhole(Section section) => section.Has("input") && section.Has("output");

    private static Price Read(Section section, Price? known)
    {
        if (IsWhole(section))
        {
            known = null;
        }
        else if (known is null)
        {
            section.Error(section.Has("input") ? "output" : "input", "a price needs input and output", "in dollars per million tokens");
        }

        var rates = Rates(section, known ?? Price.Free);
        return section.Has("tiers") ? rates with { Tiers = Tiers(section, rates) } : rates;
    }

    private static Price Rates(Section section, Price known) =>
        known with
        {
            Input = section.Money("input") ?? known.Input,
            Output = section.Money("output") ?? known.Output,
            CacheRead = section.Money("cacheRead") ?? known.CacheRead,
            CacheWrite = section.Money("cacheWrite") ?? known.CacheWrite,
            CacheWrite1h = section.Money("cacheWrite1h") ?? known.CacheWrite1h,
            InputAudio = section.Money("inputAudio") ?? known.InputAudio,
            OutputAudio = section.Money("outputAudio") ?? known.OutputAudio,
            CacheReadAudio = section.Money("cacheReadAudio") ?? known.CacheReadAudio,
            InputImage = section.Money("inputImage") ?? known.InputImage,
            OutputImage = section.Money("outputImage") ?? known.OutputImage,
            CacheReadImage = section.Money("cacheReadImage") ?? known.CacheReadImage,
            WebSearchPerThousand = section.Money("webSearchPerThousand") ?? known.WebSearchPerThousand,
            PerRequest = section.Money("perRequest") ?? known.PerRequest,
        };

    /// <summary>Input and output go on as below; other rates that a tier does not say follow from its own input and output.</summary>
    private static List<PriceTier> Tiers(Section section, Price below)
    {
        var tiers = new List<PriceTier>();
        below = new Price { Input = below.Input, Output = below.Output };
        foreach (var tier in section.Sections("tiers", "priceTier"))
        {
            if (tier.Count("above", 1, int.MaxValue) is not { } above)
            {
                tier.Error("above", "a tier needs the input above which it holds", "in tokens, such as 200000");
            }
            else if (tiers.Count > 0 && tiers[^1].AboveInputTokens >= above)
            {
                tier.Error("above", $"{above} is not above {tiers[^1].AboveInputTokens}", "put the tiers in order");
            }
            else
            {
                tiers.Add(new PriceTier(above, Rates(tier, below)));
            }
        }

        return tiers;
    }

    private static ScheduledPrice Scheduled(Section section, Price? plain)
    {
        if (!section.Has("from") && !section.Has("hours"))
        {
            section.Error("from", "neither a day nor hours are given", "write \"from\": \"2026-09-01\" or \"hours\": \"16:30-00:30\"");
        }

        if (section.Child("price", "price") is not { } price)
        {
            section.Error("price", "a scheduled price needs a price", "give what changes, in dollars per million tokens");
            return new ScheduledPrice(null, null, Price.Free);
        }

        return new ScheduledPrice(Day(section), Hours(section), Read(price, plain));
    }

    private static DateOnly? Day(Section section)
    {
        if (section.Text("from") is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        section.Error("from", $"'{text}' is not a day", "write \"2026-09-01\"");
        return null;
    }

    private static DailyHours? Hours(Section section)
    {
        if (section.Text("hours") is not { } text)
        {
            return null;
        }

        if (text.Split('-') is [var begin, var end] && Time(begin) is { } from && Time(end) is { } until && from != until)
        {
            return new DailyHours(from, until);
        }

        section.Error("hours", $"'{text}' are no hours of a day", "write \"16:30-00:30\", in UTC");
        return null;
    }

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
