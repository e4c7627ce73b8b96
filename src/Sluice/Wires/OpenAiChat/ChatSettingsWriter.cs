using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes the settings of a Chat Completions request: sampling, form of the answer, reasoning.</summary>
internal static class ChatSettingsWriter
{
    public static void Write(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        WriteNumber(json, "max_completion_tokens", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "seed", request.Seed);
        WriteNumber(json, "frequency_penalty", request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.PresencePenalty);
        WriteNumber(json, "n", request.Choices);
        WriteFlag(json, "logprobs", request.Logprobs);
        WriteNumber(json, "top_logprobs", request.TopLogprobs);
        if (request.TopK is not null)
        {
            losses.NoPlace("top_k");
        }

        if (request.Store == true)
        {
            losses.Add("store", "left out: what is kept here cannot be gone on from");
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Format is { } format)
        {
            WriteFormat(json, format);
        }

        if ((request.ReasoningEffort ?? EffortOf(request.ThinkingBudget, losses)) is { } effort)
        {
            json.WriteString("reasoning_effort", effort);
        }

        WriteText(json, "user", request.User);
        WriteText(json, "service_tier", request.ServiceTier);
        WriteText(json, "prompt_cache_key", request.PromptCacheKey);

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }
    }

    private static string? EffortOf(long? budget, Losses losses)
    {
        if (budget is null)
        {
            return null;
        }

        losses.Add("thinking.budget_tokens", "said as reasoning_effort, which is coarser");
        return budget switch
        {
            < 4_096 => "low",
            < 16_384 => "medium",
            _ => "high",
        };
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("response_format");
        if (format.Schema is not { } schema)
        {
            json.WriteString("type", "json_object");
        }
        else
        {
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.Name ?? "answer");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            if (format.Strict is { } strict)
            {
                json.WriteBoolean("strict", strict);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? flag)
    {
        if (flag is { } value)
        {
            json.WriteBoolean(name, value);
        }
    }
}
