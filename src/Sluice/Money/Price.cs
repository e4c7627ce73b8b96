namespace Sluice.Money;

/// <summary>What a model costs, in US dollars per million tokens.</summary>
/// <remarks>
/// A rate that is not given falls back to the nearest one that must not be undercut: cache reads and writes to <see cref="Input"/>,
/// one-hour cache writes to <see cref="CacheWrite"/>, audio to <see cref="Input"/> and <see cref="Output"/>.
/// </remarks>
public sealed record Price
{
    /// <summary>The price of a local model: nothing.</summary>
    public static Price Free { get; } = new() { Input = 0, Output = 0 };

    /// <summary>Input tokens.</summary>
    public required decimal Input { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required decimal Output { get; init; }

    /// <summary>Input tokens read from a cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input tokens written to a cache for five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input tokens written to a cache for one hour.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Audio input tokens.</summary>
    public decimal? InputAudio { get; init; }

    /// <summary>Audio output tokens.</summary>
    public decimal? OutputAudio { get; init; }

    /// <summary>One server-side web search, in dollars per thousand.</summary>
    public decimal? WebSearchPerThousand { get; init; }

    /// <summary>Each request, in dollars and beside its tokens.</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>Rates for prompts longer than a threshold, in ascending order of the threshold.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];
}

/// <summary>Rates that replace those of a <see cref="Price"/> for the whole call when its input is longer than the threshold.</summary>
/// <param name="AboveInputTokens">The threshold, in input tokens with cached ones included.</param>
/// <param name="Price">The rates above it; its own tiers are not looked at.</param>
public sealed record PriceTier(long AboveInputTokens, Price Price);
