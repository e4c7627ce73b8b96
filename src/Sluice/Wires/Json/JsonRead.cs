using System.Text.Json;
using Sluice.Money;

namespace Sluice.Wires.Json;

/// <summary>Lenient reading of members for the codecs: absent, null and another type are all absent.</summary>
internal static class JsonRead
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? LooseText.Of(value) : null;

    public static long? Integer(this JsonElement element, string name) =>
        element.Get(name) is not { ValueKind: JsonValueKind.Number } value ? null
        : value.TryGetInt64(out var number) ? number
        : value.TryGetDecimal(out var other) ? JsonCursor.Whole(other)
        : null;

    /// <summary>A number of tokens or requests, as <see cref="UsageFigures"/> believes it.</summary>
    public static long? Count(this JsonElement element, string name) => UsageFigures.Count(element.Decimal(name));

    public static decimal? Decimal(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    public static bool? Flag(this JsonElement element, string name) =>
        element.Get(name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement element, string name) =>
        element.Items(name).Where(i => i.ValueKind == JsonValueKind.String).Select(LooseText.Of);

    /// <summary>The members of an object; anything else has none.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    /// <summary>An object's text or its raw JSON: arguments come as either.</summary>
    public static string? TextOrRaw(this JsonElement element, string name) =>
        element.Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? LooseText.Of(value)
        : value.GetRawText();
}
