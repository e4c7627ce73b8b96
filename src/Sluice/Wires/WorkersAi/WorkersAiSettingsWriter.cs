using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Writes tools and settings of a request for Workers AI.</summary>
internal static class WorkersAiSettingsWriter
{
    private const int LittleThinking = 4_096;
    private const int MuchThinking = 16_384;

    public static void Write(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        losses.Thinking(request, target);
        WriteTools(json, request, losses);
        WriteNumber(json, "max_tokens", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "top_k", request.TopK);
        WriteNumber(json, "seed", request.Seed);
        WriteNumber(json, "frequency_penalty", request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.PresencePenalty);
        WriteFormat(json, request.Format);
        if ((request.ReasoningEffort ?? EffortOf(request.ThinkingBudget, losses)) is { } effort)
        {
            json.WriteString("reasoning_effort", effort);
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }

        if (request.Origin == WireKind.WorkersAi)
        {
            foreach (var (name, value) in request.Extensions)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
        else
        {
            losses.Extensions(request);
        }

        losses.SettingsBut(
            request,
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "response_format",
            "reasoning_effort",
            "tool_choice",
            // Said in a header.
            "prompt_cache_key",
            request.ParallelTools == true ? "parallel_tool_calls" : ""
        );
    }

    /// <summary>One tool cannot be named; it is offered alone, and some tool must be called.</summary>
    private static void WriteTools(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        foreach (var tool in request.ServerTools)
        {
            losses.NoPlace(tool.Type);
        }

        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools.Where(t => request.ToolChoice?.Name is not { } named || t.Name == named))
        {
            Write(json, tool);
            if (tool.Strict == true)
            {
                losses.NoPlace("strict");
            }
        }

        json.WriteEndArray();
        if (request.ToolChoice is { } choice)
        {
            json.WriteString(
                "tool_choice",
                choice.Kind switch
                {
                    ToolChoiceKind.None => "none",
                    ToolChoiceKind.Auto => "auto",
                    _ => "required",
                }
            );
        }
    }

    private static void Write(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", tool.Name);
        if (tool.Description is { } description)
        {
            json.WriteString("description", description);
        }

        if (tool.Schema is { } schema)
        {
            json.WritePropertyName("parameters");
            schema.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The schema stands bare, without the name and strictness that Chat Completions wraps it in.</summary>
    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format)
    {
        if (format is null)
        {
            return;
        }

        json.WriteStartObject("response_format");
        json.WriteString("type", format.Schema is null ? "json_object" : "json_schema");
        if (format.Schema is { } schema)
        {
            json.WritePropertyName("json_schema");
            schema.WriteTo(json);
        }

        json.WriteEndObject();
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
            < LittleThinking => "low",
            < MuchThinking => "medium",
            _ => "high",
        };
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
