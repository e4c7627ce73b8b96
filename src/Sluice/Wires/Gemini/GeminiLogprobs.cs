using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.Gemini;

/// <summary>Probabilities of tokens, between Gemini's words and those of Chat Completions, which our records use.</summary>
internal static class GeminiLogprobs
{
    public static JsonElement Read(JsonElement result)
    {
        var tops = result.Items("topCandidates").ToList();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            json.WriteStartArray("content");
            var position = 0;
            foreach (var chosen in result.Items("chosenCandidates"))
            {
                json.WriteStartObject();
                WriteToken(json, chosen);
                json.WriteStartArray("top_logprobs");
                foreach (var top in position < tops.Count ? tops[position].Items("candidates") : [])
                {
                    json.WriteStartObject();
                    WriteToken(json, top);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                position++;
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<JsonElement> reported)
    {
        var tokens = reported.SelectMany(r => r.Items("content")).ToList();
        if (tokens.Count == 0)
        {
            return;
        }

        json.WriteStartObject("logprobsResult");
        json.WriteStartArray("topCandidates");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteCandidates(json, "candidates", token.Items("top_logprobs"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCandidates(json, "chosenCandidates", tokens);
        json.WriteEndObject();
    }

    private static void WriteCandidates(Utf8JsonWriter json, string name, IEnumerable<JsonElement> tokens)
    {
        json.WriteStartArray(name);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteString("token", token.Text("token") ?? "");
            json.WriteNumber("logProbability", token.Decimal("logprob") ?? 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteToken(Utf8JsonWriter json, JsonElement candidate)
    {
        var token = candidate.Text("token") ?? "";
        json.WriteString("token", token);
        json.WriteNumber("logprob", candidate.Decimal("logProbability") ?? 0);
        json.WriteStartArray("bytes");
        foreach (var value in Encoding.UTF8.GetBytes(token))
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
