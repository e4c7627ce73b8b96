using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes the settings of a Responses request: sampling, form of the answer, reasoning, what is kept.</summary>
internal static class ResponsesSettingsWriter
{
    public static void Write(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        WriteNumber(json, "max_output_tokens", request.MaxOutput);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "top_logprobs", request.TopLogprobs);
        WriteText(json, request);
        WriteReasoning(json, request, target, losses);
        WriteString(json, "service_tier", request.ServiceTier);
        WriteString(json, "prompt_cache_key", request.PromptCacheKey);
        WriteString(json, "user", request.User);
        WriteKept(json, request, target);
        losses.SettingsBut(
            request,
            "temperature",
            "top_p",
            "logprobs",
            "response_format",
            "reasoning_effort",
            "parallel_tool_calls",
            "tool_choice",
            "service_tier",
            "prompt_cache_key",
            "user",
            "store"
        );
    }

    /// <summary>
    /// A conversation that comes from another wire comes whole with every turn: the provider need not keep it, and hands out its
    /// reasoning in encrypted form instead.
    /// </summary>
    private static void WriteKept(Utf8JsonWriter json, ChatRequest request, Target target)
    {
        var store = request.Origin == WireKind.OpenAiResponses ? request.Store : request.Store ?? false;
        if (store is { } keep)
        {
            json.WriteBoolean("store", keep);
        }

        var include = Extension(request, "include") is { ValueKind: JsonValueKind.Array } asked
            ? asked.EnumerateArray().Select(i => i.GetString()!).ToList()
            : [];
        if (store == false && Reasons(request, target) && !include.Contains("reasoning.encrypted_content"))
        {
            include.Add("reasoning.encrypted_content");
        }

        if (request.Logprobs == true && !include.Contains("message.output_text.logprobs"))
        {
            include.Add("message.output_text.logprobs");
        }

        if (include.Count == 0)
        {
            return;
        }

        json.WriteStartArray("include");
        foreach (var name in include)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static bool Reasons(ChatRequest request, Target target) =>
        target.Card.Reasoning
        || request.ReasoningEffort is not (null or "none")
        || request.ThinkingBudget is not null
        || request.Messages.Any(m => m.Parts.Any(p => p is ReasoningPart { Signature: not null }));

    private static void WriteText(Utf8JsonWriter json, ChatRequest request)
    {
        var own = Inside(request, "text.");
        if (request.Origin == WireKind.OpenAiChat && Extension(request, "verbosity") is { } verbosity)
        {
            own.Add(("verbosity", verbosity));
        }

        if (request.Format is null && own.Count == 0)
        {
            return;
        }

        json.WriteStartObject("text");
        if (request.Format is { } format)
        {
            WriteFormat(json, format);
        }

        WriteMembers(json, own);
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("format");
        if (format.Schema is not { } schema)
        {
            json.WriteString("type", "json_object");
        }
        else
        {
            json.WriteString("type", "json_schema");
            json.WriteString("name", format.Name ?? "answer");
            if (format.Strict is { } strict)
            {
                json.WriteBoolean("strict", strict);
            }

            json.WritePropertyName("schema");
            schema.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>A wire that asks for thinking by tokens shows what is thought: here that has to be asked for.</summary>
    private static void WriteReasoning(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        var effort = EffortOf(request, target, losses);
        losses.Thinking(request, target);
        var shows = request.ShowReasoning ?? (request.ThinkingBudget is not null || request.Thinks == true);
        var summary = shows && (request.Origin == WireKind.OpenAiResponses || target.Card.Reasoning);
        var own = Inside(request, "reasoning.");
        if (effort is null && !summary && own.Count == 0)
        {
            return;
        }

        json.WriteStartObject("reasoning");
        if (effort is not null)
        {
            json.WriteString("effort", effort);
        }

        if (summary && !own.Exists(m => m.Name == "summary"))
        {
            json.WriteString("summary", "auto");
        }

        WriteMembers(json, own);
        json.WriteEndObject();
    }

    /// <summary>What the caller said inside an object of this wire that no record holds.</summary>
    private static List<(string Name, JsonElement Value)> Inside(ChatRequest request, string path) =>
        request.Origin == WireKind.OpenAiResponses
            ?
            [
                .. request
                    .Extensions.Where(e => e.Key.StartsWith(path, StringComparison.Ordinal))
                    .Select(e => (e.Key[path.Length..], e.Value)),
            ]
            : [];

    private static void WriteMembers(Utf8JsonWriter json, List<(string Name, JsonElement Value)> members)
    {
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    /// <summary>The vendor's own callers know what its models take; what others ask of one that does not reason is left out.</summary>
    private static string? EffortOf(ChatRequest request, Target target, Losses losses)
    {
        if (request.Origin is WireKind.OpenAiResponses or WireKind.OpenAiChat)
        {
            return request.ReasoningEffort;
        }

        var (feature, effort) = request switch
        {
            { ReasoningEffort: { } said } => ("reasoning_effort", said == "max" ? "xhigh" : said),
            { ThinkingBudget: < 4_096 } => ("thinking.budget_tokens", "low"),
            { ThinkingBudget: < 16_384 } => ("thinking.budget_tokens", "medium"),
            { ThinkingBudget: not null } => ("thinking.budget_tokens", "high"),
            _ => ("", null),
        };
        if (effort is null || (effort == request.ReasoningEffort && target.Card.Reasoning))
        {
            return effort;
        }

        losses.Add(
            feature,
            target.Card.Reasoning ? $"said as reasoning.effort '{effort}', which is coarser" : "left out: the model does not reason"
        );
        return target.Card.Reasoning ? effort : null;
    }

    private static JsonElement? Extension(ChatRequest request, string name)
    {
        foreach (var (key, value) in request.Extensions)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteString(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}
