using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sluice.Wires.Json;

/// <summary>Small readers over JSON in its bytes; a member of another type counts as absent, because wires are read leniently.</summary>
internal static class JsonText
{
    /// <summary>What a JSON string cannot hold as it is.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u007f" + string.Concat(Enumerable.Range(0, 32).Select(c => (char)c))
    );

    public static long? Int64(ReadOnlySpan<byte> value) =>
        System.Buffers.Text.Utf8Parser.TryParse(value, out long number, out var consumed) && consumed == value.Length ? number : null;

    public static bool IsTrue(ReadOnlySpan<byte> value) => value.SequenceEqual("true"u8);

    public static string? String(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 || value[0] != '"')
        {
            return null;
        }

        var reader = new Utf8JsonReader(value);
        reader.Read();
        return reader.GetString();
    }

    /// <summary>A text as a JSON string, quotes included.</summary>
    public static byte[] Quote(string text)
    {
        if (!text.AsSpan().ContainsAny(Escaped) && Ascii.IsValid(text))
        {
            var quoted = new byte[text.Length + 2];
            quoted[0] = quoted[^1] = (byte)'"';
            Encoding.ASCII.GetBytes(text, quoted.AsSpan(1));
            return quoted;
        }

        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        using (var writer = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            writer.WriteStringValue(text);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An object of these members.</summary>
    public static byte[] Object(IEnumerable<(string Name, byte[] Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonValues.Default.JsonElement);

    public static byte[] Bytes(long number) => Encoding.UTF8.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>How Sluice writes JSON: only what must be escaped is.</summary>
internal static class JsonStyle
{
    public static JsonWriterOptions Compact { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
