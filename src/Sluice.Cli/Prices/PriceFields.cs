using System.Globalization;
using System.Text.Json;

namespace Sluice.Cli.Prices;

/// <summary>Something in a file of prices that cannot be read; says where, what and how to mend it.</summary>
internal sealed class PriceFileException(string path, string problem, string cure) : Exception($"{path}: {problem}; {cure}")
{
    /// <summary>The place in the file, <c>[3].models[7].prices</c>.</summary>
    public string Path => path;
}

/// <summary>Strict reading of a file of prices.</summary>
internal static class PriceFields
{
    /// <summary>No model costs more per million tokens; a file that says so has its units wrong.</summary>
    private const decimal Most = 100_000_000m;

    public static IEnumerable<(JsonElement Value, string Path)> Items(JsonElement list, string path) =>
        list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select((value, i) => (value, $"{path}[{i}]"))
            : throw new PriceFileException(path, $"{Short(list)} is not a list", "write [ … ]");

    public static string Text(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new PriceFileException(path, $"{Short(value)} is not a text", "put it in quotes");

    public static JsonElement Member(JsonElement value, string name, string path) =>
        value.ValueKind != JsonValueKind.Object ? throw new PriceFileException(path, $"{Short(value)} is not an object", "write { … }")
        : value.TryGetProperty(name, out var member) ? member
        : throw new PriceFileException(path, $"'{name}' is missing", "add it, or get the file anew");

    public static JsonElement? Optional(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>A whole number of tokens; <see langword="null"/> where there is none.</summary>
    public static int? Tokens(JsonElement value, string name, string path) =>
        Optional(value, name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetDecimal(out var tokens) && tokens is >= 1 and <= int.MaxValue
            ? (int)tokens
        : member.ValueKind is JsonValueKind.Number or JsonValueKind.String ? null
        : throw new PriceFileException($"{path}.{name}", $"{Short(member)} is not a number of tokens", "write it without quotes");

    /// <summary>An amount of dollars, as a number or a text; never negative.</summary>
    /// <param name="value">The number.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="times">What it is multiplied with to be per million tokens.</param>
    public static decimal Dollars(JsonElement value, string path, decimal times = 1)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        // Per token, files say 2.9999999999999997e-06: their arithmetic was binary.
        return
            value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && decimal.TryParse(
                text,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number <= Most / times
            ? Math.Round(number * times, 12) / 1.000000000000000000000000000m
            : throw new PriceFileException(path, $"{Short(value)} is not an amount of dollars", "write a number that is not negative");
    }

    public static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..57] + "…" : value.GetRawText();
}
