using System.Runtime.InteropServices;

namespace Sluice.Money;

/// <summary>What a model costs, in US dollars per million tokens.</summary>
/// <remarks>
/// A rate that is not given falls back to the nearest one that must not be undercut: cache reads and writes to <see cref="Input"/>,
/// one-hour cache writes to <see cref="CacheWrite"/>, cached audio and images to <see cref="CacheRead"/>, audio and images to
/// <see cref="Input"/> and <see cref="Output"/>.
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

    /// <summary>Audio input tokens read from a cache.</summary>
    public decimal? CacheReadAudio { get; init; }

    /// <summary>Input tokens of images.</summary>
    public decimal? InputImage { get; init; }

    /// <summary>Input tokens of images read from a cache.</summary>
    public decimal? CacheReadImage { get; init; }

    /// <summary>Output tokens of images.</summary>
    public decimal? OutputImage { get; init; }

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

/// <summary>A price that replaces another one from a day on, or within hours of every day.</summary>
/// <param name="From">The first day it holds, in UTC; <see langword="null"/> from ever.</param>
/// <param name="Hours">The hours of a day in UTC within which it holds; <see langword="null"/> for all.</param>
/// <param name="Price">The rates.</param>
internal sealed record ScheduledPrice(DateOnly? From, DailyHours? Hours, Price Price)
{
    /// <summary>The price at a moment: of those in the schedule that hold the last, else the plain one.</summary>
    public static Price? Of(Price? plain, IReadOnlyList<ScheduledPrice> schedule, DateTimeOffset moment)
    {
        foreach (var scheduled in schedule)
        {
            plain = scheduled.HoldsAt(moment) ? scheduled.Price : plain;
        }

        return plain;
    }

    public bool HoldsAt(DateTimeOffset moment) =>
        (From is not { } day || DateOnly.FromDateTime(moment.UtcDateTime) >= day) && Hours?.Contain(moment) != false;
}

/// <summary>Hours of every day in UTC, the second excluded; where it is the earlier one, they go over midnight.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DailyHours(TimeOnly Begin, TimeOnly End)
{
    public bool Contain(DateTimeOffset moment) => TimeOnly.FromDateTime(moment.UtcDateTime).IsBetween(Begin, End);
}
