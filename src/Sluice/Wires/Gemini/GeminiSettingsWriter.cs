using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes the settings of a Gemini request: limits, sampling, form of the answer, thinking.</summary>
internal static class GeminiSettingsWriter
{
    private static readonly string[] Said =
    [
        "temperature",
        "top_p",
        "top_k",
        "stop",
        "seed",
        "frequency_penalty",
        "presence_penalty",
        "n",
        "logprobs",
        "response_format",
        "reasoning_effort",
        "parallel_tool_calls",
        "tool_choice",
        "service_tier",
    ];

    public static void Write(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        losses.SettingsBut(request, Said);
        json.WriteStartObject("generationConfig");
        WriteNumber(json, "maxOutputTokens", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "topP", request.TopP);
        WriteNumber(json, "topK", request.TopK);
        WriteNumber(json, "seed", request.Seed);
        WriteNumber(json, "frequencyPenalty", request.FrequencyPenalty);
        WriteNumber(json, "presencePenalty", request.PresencePenalty);
        WriteNumber(json, "candidateCount", request.Choices);
        if (request.Logprobs is { } logprobs)
        {
            json.WriteBoolean("responseLogprobs", logprobs);
        }

        WriteNumber(json, "logprobs", request.TopLogprobs);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stopSequences");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Format is { } format)
        {
            json.WriteString("responseMimeType", "application/json");
            if (format.Schema is { } schema)
            {
                GeminiSchema.Write(json, schema, "responseSchema", "responseJsonSchema", losses);
            }
        }

        GeminiThinking.Write(json, request, target, losses);
        foreach (var (name, value) in Extensions(request, "generationConfig."))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>Members of Gemini's own that no record holds, of one object.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Extensions(ChatRequest request, string parent) =>
        request.Origin == WireKind.Gemini
            ? request
                .Extensions.Where(e => e.Key.StartsWith(parent, StringComparison.Ordinal))
                .Select(e => KeyValuePair.Create(e.Key[parent.Length..], e.Value))
            : [];

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
