using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes a Messages request; what it cannot say is reported.</summary>
internal sealed class MessagesRequestWriter(ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Messages", degradations);

    /// <summary>The output limit where nobody gave one: the protocol demands it.</summary>
    private const int DefaultOutput = 16_384;

    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        json.WriteNumber("max_tokens", request.MaxOutput ?? Math.Min(DefaultOutput, target.Card.MaxOutput));
        WriteSystem(json, request);
        WriteMessages(json, request);
        MessagesToolsWriter.Write(json, request, _losses);
        WriteSettings(json, request);
        if (request.Origin == WireKind.AnthropicMessages)
        {
            foreach (var (name, value) in request.Extensions)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
        else
        {
            _losses.Extensions(request);
        }

        json.WriteEndObject();
    }

    /// <summary>The protocol has no place for system words inside a conversation; they join those before it.</summary>
    private void WriteSystem(Utf8JsonWriter json, ChatRequest request)
    {
        var late = request.Messages.Where(m => m.Role == Role.System).SelectMany(m => m.Parts).ToList();
        if (late.Count > 0)
        {
            _losses.Add("system", "a system message within the conversation was moved before it");
        }

        var parts = request.System.Concat(late).OfType<TextPart>().ToList();
        if (request.Format is { Schema: null })
        {
            parts.Add(new TextPart("Respond with one valid JSON object and nothing else."));
            _losses.Add("response_format", "asked for in words: Messages has no mode for any JSON object");
        }

        if (parts.Count == 0)
        {
            return;
        }

        if (parts.All(p => !p.Cached))
        {
            json.WriteString("system", string.Join('\n', parts.Select(p => p.Text)));
            return;
        }

        json.WriteStartArray("system");
        foreach (var part in parts)
        {
            WritePart(json, part);
        }

        json.WriteEndArray();
    }

    private void WriteMessages(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("messages");
        foreach (var turn in Turns(request.Messages))
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role == Role.Assistant ? "assistant" : "user");
            json.WriteStartArray("content");
            // Results of tools stand first in a turn.
            foreach (var part in turn.Parts.OrderBy(p => p is ToolResultPart ? 0 : 1))
            {
                WritePart(json, part);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Turns alternate: what one side says in a row is one turn, and an empty one is none.</summary>
    private static List<Message> Turns(IReadOnlyList<Message> messages)
    {
        var turns = new List<Message>();
        foreach (var message in messages.Where(m => m.Role != Role.System && m.Parts.Count > 0))
        {
            if (turns.Count > 0 && turns[^1].Role == message.Role)
            {
                turns[^1] = new Message(message.Role, [.. turns[^1].Parts, .. message.Parts]);
            }
            else
            {
                turns.Add(message);
            }
        }

        return turns;
    }

    private void WritePart(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text:
                Block(json, part, "text", () => json.WriteString("text", text.Text));
                break;
            case RefusalPart refusal:
                Block(json, part, "text", () => json.WriteString("text", refusal.Text));
                break;
            case ReasoningPart { Redacted: { } data }:
                Block(json, part, "redacted_thinking", () => json.WriteString("data", data));
                break;
            case ReasoningPart { Signature: { } signature } reasoning:
                Block(
                    json,
                    part,
                    "thinking",
                    () =>
                    {
                        json.WriteString("thinking", reasoning.Text);
                        json.WriteString("signature", signature);
                    }
                );
                break;
            case ReasoningPart:
                _losses.Add("reasoning", "reasoning of an earlier turn was left out: it has no signature");
                break;
            case ToolCallPart call:
                Block(
                    json,
                    part,
                    "tool_use",
                    () =>
                    {
                        json.WriteString("id", call.Id);
                        json.WriteString("name", call.Name);
                        WriteArguments(json, call.Arguments);
                    }
                );
                break;
            case ToolResultPart result:
                Block(json, part, "tool_result", () => WriteResult(json, result));
                break;
            case ImagePart image:
                Block(json, part, "image", () => WriteSource(json, image.MediaType, image.Data, image.Url));
                break;
            case DocumentPart document:
                Block(
                    json,
                    part,
                    "document",
                    () =>
                    {
                        WriteSource(json, document.MediaType, document.Data, document.Url);
                        if (document.Name is { } name)
                        {
                            json.WriteString("title", name);
                        }
                    }
                );
                break;
            case OpaquePart { Origin: WireKind.AnthropicMessages } opaque:
                opaque.Json.WriteTo(json);
                break;
            case OpaquePart opaque:
                _losses.NoPlace(opaque.Type);
                break;
            case AudioPart:
                _losses.NoPlace("input_audio");
                break;
        }
    }

    /// <summary>Arguments are an object here; what is no object is kept for the model to see.</summary>
    private static void WriteArguments(Utf8JsonWriter json, string arguments)
    {
        json.WritePropertyName("input");
        try
        {
            using var parsed = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
            {
                parsed.RootElement.WriteTo(json);
                return;
            }
        }
        catch (JsonException)
        {
            // A model was cut in the middle of its arguments.
        }

        json.WriteStartObject();
        json.WriteString("invalid_arguments", arguments);
        json.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteString("tool_use_id", result.CallId);
        json.WriteStartArray("content");
        foreach (var part in result.Content)
        {
            WritePart(json, part);
        }

        json.WriteEndArray();
        if (result.IsError)
        {
            json.WriteBoolean("is_error", true);
        }
    }

    private static void WriteSource(Utf8JsonWriter json, string? mediaType, string? data, string? url)
    {
        json.WriteStartObject("source");
        json.WriteString("type", url is null ? "base64" : "url");
        if (url is not null)
        {
            json.WriteString("url", url);
        }
        else
        {
            json.WriteString("media_type", mediaType);
            json.WriteString("data", data);
        }

        json.WriteEndObject();
    }

    private void WriteSettings(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Temperature is { } temperature)
        {
            if (temperature > 1)
            {
                _losses.Add("temperature", $"lowered from {temperature} to 1, the most Messages takes");
            }

            json.WriteNumber("temperature", Math.Min(1, temperature));
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p", topP);
        }

        if (request.TopK is { } topK)
        {
            json.WriteNumber("top_k", topK);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop_sequences");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Format is { Schema: { } schema })
        {
            json.WriteStartObject("output_config");
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        _losses.SettingsBut(
            request,
            "temperature",
            "top_p",
            "top_k",
            "stop",
            "response_format",
            "reasoning_effort",
            "parallel_tool_calls",
            "tool_choice",
            "service_tier",
            "user"
        );
        WriteThinking(json, request);
        if (request.ServiceTier is { } tier)
        {
            // The other names are vendors' own; these two mean the same everywhere.
            if (tier is "auto" or "standard_only" or "default")
            {
                json.WriteString("service_tier", tier == "default" ? "standard_only" : tier);
            }
            else
            {
                _losses.NoPlace("service_tier");
            }
        }

        if (request.User is { } user)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", user);
            json.WriteEndObject();
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }
    }

    private void WriteThinking(Utf8JsonWriter json, ChatRequest request)
    {
        var budget = request.ThinkingBudget;
        if (budget is null && request.ReasoningEffort is { } effort)
        {
            // The least that thinks at all, a quarter and a half of a default answer.
            budget = effort switch
            {
                "low" or "minimal" => 1_024,
                "medium" => 4_096,
                "high" or "xhigh" => 8_192,
                _ => null,
            };
            _losses.Add(
                "reasoning_effort",
                budget is null ? $"'{effort}' was left out" : $"'{effort}' was said as a thinking budget of {budget} tokens"
            );
        }

        if (budget is null)
        {
            return;
        }

        if (request.MaxOutput is { } limit && budget >= limit)
        {
            _losses.Add("reasoning_effort", "left out: the output limit leaves no room for thinking");
            return;
        }

        json.WriteStartObject("thinking");
        json.WriteString("type", "enabled");
        json.WriteNumber("budget_tokens", budget.Value);
        json.WriteEndObject();
    }

    private static void Block(Utf8JsonWriter json, Part part, string type, Action fields)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        fields();
        CacheMark.Write(json, part.Cached);
        json.WriteEndObject();
    }
}
