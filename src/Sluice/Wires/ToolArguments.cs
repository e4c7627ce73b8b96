using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires;

/// <summary>The arguments of a tool call where a protocol has them as an object, and our records as text.</summary>
/// <remarks>What a model was cut in the middle of is no object: it travels inside of one, and is taken out of it again.</remarks>
internal static class ToolArguments
{
    private const string Invalid = "invalid_arguments";

    /// <summary>Writes the object; an empty one for none.</summary>
    public static void Write(Utf8JsonWriter json, string arguments)
    {
        if (arguments.Length > 0 && !TryWriteObject(json, arguments))
        {
            json.WriteStartObject();
            json.WriteString(Invalid, arguments);
            json.WriteEndObject();
        }
        else if (arguments.Length == 0)
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
    }

    /// <summary>An object as text; text as it is, for those who send that.</summary>
    public static string Read(JsonElement? arguments) =>
        arguments switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => LooseText.Of(text),
            { ValueKind: JsonValueKind.Object } value
                when value.TryGetProperty(Invalid, out var cut) && cut.ValueKind == JsonValueKind.String => LooseText.Of(cut),
            { } value => value.GetRawText(),
        };

    private static bool TryWriteObject(Utf8JsonWriter json, string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            parsed.RootElement.WriteTo(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
