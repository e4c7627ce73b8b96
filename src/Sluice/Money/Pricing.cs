namespace Sluice.Money;

/// <summary>Price × tokens: computed in <see cref="decimal"/>, rounded once, upwards.</summary>
internal static class Pricing
{
    private const decimal PerMillion = 1_000_000m;

    /// <summary>What a usage costs; the provider's own figure wins where there is one.</summary>
    public static Credits Cost(Price price, Usage usage) => usage.ReportedCost ?? Credits.FromDollars(Dollars(price, usage));

    /// <summary>What a usage costs by the card, in dollars and not yet rounded.</summary>
    /// <remarks>A part that is reported larger than its whole never makes another part negative.</remarks>
    public static decimal Dollars(Price price, Usage usage)
    {
        var rates = RatesFor(price, usage.InputTokens);
        var audio = Math.Max(0, usage.InputAudioTokens - usage.CacheReadAudioTokens);
        var images = Math.Max(0, usage.InputImageTokens - usage.CacheReadImageTokens);
        var read = Math.Max(0, usage.CacheReadTokens - usage.CacheReadAudioTokens - usage.CacheReadImageTokens);
        var plain = Math.Max(0, usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens - audio - images);
        var write1h = Math.Min(usage.CacheWrite1hTokens, usage.CacheWriteTokens);
        var write5m = usage.CacheWriteTokens - write1h;
        var text = Math.Max(0, usage.OutputTokens - usage.OutputAudioTokens - usage.OutputImageTokens);
        var tokens =
            plain * rates.Input
            + audio * (rates.InputAudio ?? rates.Input)
            + images * (rates.InputImage ?? rates.Input)
            + read * CacheRead(rates)
            + usage.CacheReadAudioTokens * (rates.CacheReadAudio ?? CacheRead(rates))
            + usage.CacheReadImageTokens * (rates.CacheReadImage ?? CacheRead(rates))
            + write5m * CacheWrite(rates)
            + write1h * CacheWrite1h(rates)
            + text * rates.Output
            + usage.OutputAudioTokens * (rates.OutputAudio ?? rates.Output)
            + usage.OutputImageTokens * (rates.OutputImage ?? rates.Output);
        var searches = usage.WebSearchRequests * (rates.WebSearchPerThousand ?? price.WebSearchPerThousand ?? 0) / 1000m;
        var beside = usage.Beside is { } steps ? Dollars(price with { PerRequest = null }, steps) : 0;
        return tokens / PerMillion + searches + (price.PerRequest ?? 0) + beside;
    }

    /// <summary>The most that so many tokens and searches can cost: every tier and kind of input at its highest rate.</summary>
    public static Credits WorstCase(Price price, decimal inputTokens, decimal outputTokens, int searches = 0)
    {
        var (input, output) = (HighestInput(price), HighestOutput(price));
        foreach (var tier in price.Tiers)
        {
            if (tier.AboveInputTokens < inputTokens)
            {
                input = Math.Max(input, HighestInput(tier.Price));
                output = Math.Max(output, HighestOutput(tier.Price));
            }
        }

        var fees = searches * (price.WebSearchPerThousand ?? 0) / 1000m + (price.PerRequest ?? 0);
        var dollars = (inputTokens * input + outputTokens * output) / PerMillion + fees;
        return dollars >= Credits.Max.Dollars ? Credits.Max : Credits.FromDollars(dollars);
    }

    private static decimal HighestInput(Price rates) =>
        Highest([
            rates.Input,
            rates.InputAudio,
            rates.InputImage,
            CacheRead(rates),
            rates.CacheReadAudio,
            rates.CacheReadImage,
            CacheWrite1h(rates),
        ]);

    private static decimal HighestOutput(Price rates) => Highest([rates.Output, rates.OutputAudio, rates.OutputImage]);

    private static decimal Highest(ReadOnlySpan<decimal?> rates)
    {
        var highest = 0m;
        foreach (var rate in rates)
        {
            highest = Math.Max(highest, rate ?? 0);
        }

        return highest;
    }

    private static decimal CacheRead(Price rates) => rates.CacheRead ?? rates.Input;

    private static decimal CacheWrite(Price rates) => rates.CacheWrite ?? rates.Input;

    private static decimal CacheWrite1h(Price rates) => Math.Max(rates.CacheWrite1h ?? CacheWrite(rates), CacheWrite(rates));

    private static Price RatesFor(Price price, long inputTokens)
    {
        var rates = price;
        foreach (var tier in price.Tiers)
        {
            if (inputTokens > tier.AboveInputTokens)
            {
                rates = tier.Price;
            }
        }

        return rates;
    }
}
