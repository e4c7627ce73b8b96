using System.Globalization;

namespace Sluice.Wires.Failures;

/// <summary>How long a provider asks to be left alone, in the many ways it may be said.</summary>
/// <remarks>Only looked at for failures: Anthropic sends <c>retry-after</c> on successful answers too, where it means nothing.</remarks>
internal static class RetryAfter
{
    /// <summary>What is larger is no time anybody meant, in seconds.</summary>
    private const long MostSeconds = 100_000_000_000;

    /// <summary>Past the year 2200, in milliseconds since 1970.</summary>
    private const double MostMilliseconds = 8e12;

    private static readonly string[] Resets =
    [
        "x-ratelimit-reset-requests",
        "x-ratelimit-reset-tokens",
        "x-ratelimit-reset",
        "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-reset",
        "anthropic-ratelimit-input-tokens-reset",
        "anthropic-ratelimit-output-tokens-reset",
        "x-ratelimit-reset-requests-day",
        "x-ratelimit-reset-tokens-minute",
        "ratelimit-reset",
    ];

    /// <param name="headers">The answer's headers by name.</param>
    /// <param name="retryDelay">The body's own <c>retryDelay</c>, where it has one.</param>
    /// <param name="now">The present, for dates.</param>
    public static TimeSpan? Read(Func<string, string?> headers, string? retryDelay, DateTimeOffset now)
    {
        if (Number(headers("retry-after-ms")) is { } milliseconds and < MostSeconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        return Duration(headers("retry-after"), now) ?? Duration(retryDelay, now) ?? Longest(headers, now);
    }

    /// <summary>Seconds, a Go duration (<c>1m13.588s</c>), an HTTP date or RFC 3339; never negative.</summary>
    public static TimeSpan? Duration(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Number(text) is { } seconds)
        {
            if (seconds > 1e12)
            {
                // OpenRouter sends the instant as milliseconds since 1970.
                return Positive(DateTimeOffset.FromUnixTimeMilliseconds((long)seconds) - now);
            }

            // Others send it as seconds.
            return seconds > 1e9 ? Positive(DateTimeOffset.FromUnixTimeSeconds((long)seconds) - now) : TimeSpan.FromSeconds(seconds);
        }

        return GoDuration(text)
            ?? (
                DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
                    ? Positive(date - now)
                    : null
            );
    }

    private static TimeSpan? Longest(Func<string, string?> headers, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var name in Resets)
        {
            // A bucket that is not empty is not what we wait for.
            var remaining = Number(headers(name.Replace("reset", "remaining", StringComparison.Ordinal)));
            if (remaining is null or 0 && Duration(headers(name), now) is { } wait && (longest is null || wait > longest))
            {
                longest = wait;
            }
        }

        return longest;
    }

    private static TimeSpan? GoDuration(string text)
    {
        var (total, position) = (0m, 0);
        while (position < text.Length)
        {
            var start = position;
            while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] == '.'))
            {
                position++;
            }

            if (
                !decimal.TryParse(
                    text.AsSpan(start, position - start),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var amount
                )
                || amount > MostSeconds
            )
            {
                return null;
            }

            var unitStart = position;
            while (position < text.Length && char.IsAsciiLetter(text[position]))
            {
                position++;
            }

            decimal? unit = text[unitStart..position] switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3m,
                "us" => 1e-6m,
                "ns" => 1e-9m,
                _ => null,
            };
            if (unit is null)
            {
                return null;
            }

            total += amount * unit.Value;
        }

        return position > 0 && total < MostSeconds ? TimeSpan.FromTicks((long)(total * TimeSpan.TicksPerSecond)) : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number
        ) && (number < MostSeconds || number is > 1e12 and < MostMilliseconds)
            ? number
            : null;

    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
