using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Writes the settings of a chat request for Ollama: form of the answer, thinking, options.</summary>
internal static class OllamaSettingsWriter
{
    private const int LittleThinking = 4_096;
    private const int MuchThinking = 16_384;

    /// <summary>Members of a single prompt that a chat does not know.</summary>
    private static readonly string[] OfPromptsOnly = ["raw", "template", "context"];

    public static void Write(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        // It streams by default.
        json.WriteBoolean("stream", request.Stream);
        WriteFormat(json, request.Format);
        WriteThink(json, request, losses);
        if (request.Logprobs is { } logprobs)
        {
            json.WriteBoolean("logprobs", logprobs);
        }

        WriteNumber(json, "top_logprobs", request.TopLogprobs);
        if (request.Origin == WireKind.Ollama)
        {
            WriteOwn(json, request, losses);
        }
        else
        {
            losses.Extensions(request);
        }

        WriteOptions(json, request);
        losses.SettingsBut(
            request,
            "temperature",
            "top_p",
            "top_k",
            "stop",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "logprobs",
            "response_format",
            "reasoning_effort",
            request.ToolChoice?.Kind is ToolChoiceKind.Auto or ToolChoiceKind.None ? "tool_choice" : "",
            request.ParallelTools == true ? "parallel_tool_calls" : ""
        );
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format)
    {
        switch (format)
        {
            case { Schema: { } schema }:
                json.WritePropertyName("format");
                schema.WriteTo(json);
                break;
            case { Schema: null }:
                json.WriteString("format", "json");
                break;
        }
    }

    /// <summary>Three levels; models that know none take any of them as a yes.</summary>
    private static void WriteThink(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        switch (request.Thinks == false ? "none" : request.ReasoningEffort ?? EffortOf(request.ThinkingBudget, losses))
        {
            case null:
                break;
            case "none":
                json.WriteBoolean("think", false);
                break;
            case var level and ("low" or "medium" or "high"):
                json.WriteString("think", level);
                break;
            case var other:
                var near = other == "minimal" ? "low" : "high";
                json.WriteString("think", near);
                losses.Add("reasoning_effort", $"'{other}' was said as '{near}', the nearest Ollama knows");
                break;
        }
    }

    private static string? EffortOf(long? budget, Losses losses)
    {
        if (budget is null)
        {
            return null;
        }

        losses.Add("thinking.budget_tokens", "said as a level, which is coarser");
        return budget switch
        {
            < LittleThinking => "low",
            < MuchThinking => "medium",
            _ => "high",
        };
    }

    private static void WriteOwn(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        foreach (var (name, value) in request.Extensions.Where(e => !IsOption(e)))
        {
            if (OfPromptsOnly.Contains(name))
            {
                losses.Add(name, "left out: the prompt is asked as a chat");
                continue;
            }

            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartObject("options");
        WriteNumber(json, "num_predict", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "top_k", request.TopK);
        WriteNumber(json, "seed", request.Seed);
        WriteNumber(json, "frequency_penalty", request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.PresencePenalty);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Origin == WireKind.Ollama)
        {
            foreach (var (name, value) in request.Extensions.Where(IsOption))
            {
                json.WritePropertyName(name[OllamaSettingsReader.OptionPrefix.Length..]);
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsOption(KeyValuePair<string, JsonElement> extension) =>
        extension.Key.StartsWith(OllamaSettingsReader.OptionPrefix, StringComparison.Ordinal);

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
