using System.Globalization;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Lenient reading of members that may have either of two names; whole numbers may come as text.</summary>
internal static class ProtoRead
{
    public static JsonElement? Field(this JsonElement element, string name) => element.Get(name) ?? element.Get(ProtoName.Snake(name));

    public static string? FieldText(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static long? FieldInteger(this JsonElement element, string name) =>
        element.Field(name) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var value) && decimal.IsInteger(value) => (long)value,
            { ValueKind: JsonValueKind.String } text
                when long.TryParse(text.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
            _ => null,
        };

    public static decimal? FieldDecimal(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    public static bool? FieldFlag(this JsonElement element, string name) =>
        element.Field(name)?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    public static IEnumerable<JsonElement> FieldItems(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
