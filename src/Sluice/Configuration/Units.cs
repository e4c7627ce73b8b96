using System.Globalization;

namespace Sluice.Configuration;

/// <summary>Numbers with units, as they are written in a configuration.</summary>
internal static class Units
{
    /// <summary><c>250ms</c>, <c>5s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c>.</summary>
    public static TimeSpan? Duration(string text) =>
        Split(text) is not var (number, unit) ? null
        : unit switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => (double?)null,
        }
            is { } seconds
        && number * seconds < 1e8
            ? TimeSpan.FromSeconds(number * seconds)
        : null;

    /// <summary><c>512B</c>, <c>64KB</c>, <c>32MB</c>, <c>1GB</c>; a kilobyte has 1,024 bytes.</summary>
    public static long? Bytes(string text) =>
        Split(text) is not var (number, unit) ? null
        : unit switch
        {
            "B" => 1L,
            "KB" => 1L << 10,
            "MB" => 1L << 20,
            "GB" => 1L << 30,
            _ => (long?)null,
        }
            is { } bytes
        && number * bytes < 1e15
            ? (long)(number * bytes)
        : null;

    private static (double Number, string Unit)? Split(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (number, text[digits..].Trim())
            : null;
    }
}
