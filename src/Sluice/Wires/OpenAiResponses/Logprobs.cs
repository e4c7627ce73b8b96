using System.Buffers;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Probabilities of tokens: a list here, the same list inside an object in Chat Completions and in our records.</summary>
internal static class Logprobs
{
    public static JsonElement InWordsOfChat(JsonElement list)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WritePropertyName("content");
            list.WriteTo(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>Writes all of them as one list.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<JsonElement> logprobs)
    {
        json.WriteStartArray("logprobs");
        foreach (var token in logprobs.SelectMany(l => l.Items("content")))
        {
            token.WriteTo(json);
        }

        json.WriteEndArray();
    }
}
