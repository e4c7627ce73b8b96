using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes a Chat Completions request; what it cannot say is reported.</summary>
internal sealed class ChatRequestWriter(ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Chat Completions", degradations);

    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteMessages(json, request);
        WriteTools(json, request);
        ChatSettingsWriter.Write(json, request, _losses);
        WriteServerTools(json, request);
        if (request.Origin == WireKind.OpenAiChat)
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

    /// <summary>A search is the one tool of the provider's own that this protocol knows.</summary>
    private void WriteServerTools(Utf8JsonWriter json, ChatRequest request)
    {
        foreach (var tool in request.ServerTools)
        {
            if (tool.Kind != ServerToolKind.WebSearch)
            {
                _losses.NoPlace(tool.Type);
                continue;
            }

            json.WritePropertyName("web_search_options");
            if (tool.Origin == WireKind.OpenAiChat)
            {
                tool.Json.WriteTo(json);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        }
    }

    private void WriteMessages(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("messages");
        if (request.System.Count > 0)
        {
            WriteMessage(json, "system", request.System);
        }

        foreach (var message in request.Messages)
        {
            switch (message.Role)
            {
                case Role.System:
                    WriteMessage(json, "system", message.Parts);
                    break;
                case Role.Assistant:
                    WriteAssistant(json, message.Parts);
                    break;
                default:
                    WriteUser(json, message.Parts);
                    break;
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Results of tools are messages of their own and stand first; no empty user message follows them.</summary>
    private void WriteUser(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", result.CallId);
            var text = string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text));
            json.WriteString(
                "content",
                result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? $"error: {text}" : text
            );
            json.WriteEndObject();
            if (result.Content.Any(p => p is not TextPart))
            {
                _losses.Add("tool_result", "content other than text was left out of a tool's result");
            }
        }

        var rest = parts.Where(p => p is not ToolResultPart).ToList();
        if (rest.Count > 0 || parts.Count == 0)
        {
            WriteMessage(json, "user", rest);
        }
    }

    private void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        if (parts.Any(p => p is ReasoningPart))
        {
            _losses.Add("thinking", "reasoning of an earlier turn was left out: its signature is worth nothing here");
        }

        json.WriteStartObject();
        json.WriteString("role", "assistant");
        var text = string.Concat(parts.OfType<TextPart>().Select(t => t.Text));
        var calls = parts.OfType<ToolCallPart>().ToList();
        if (text.Length > 0 || calls.Count == 0)
        {
            json.WriteString("content", text);
        }
        else
        {
            json.WriteNull("content");
        }

        if (parts.OfType<RefusalPart>().FirstOrDefault() is { } refusal)
        {
            json.WriteString("refusal", refusal.Text);
        }

        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("id", call.Id);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments.Length == 0 ? "{}" : call.Arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        foreach (var opaque in parts.OfType<OpaquePart>())
        {
            _losses.Add(opaque.Type, "left out of an earlier turn: only its own provider understands it");
        }
    }

    private void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
    {
        if (parts.Any(p => p.Cached))
        {
            _losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        json.WriteStartObject();
        json.WriteString("role", role);
        if (parts.All(p => p is TextPart))
        {
            json.WriteString("content", string.Join('\n', parts.OfType<TextPart>().Select(t => t.Text)));
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts)
            {
                WritePart(json, part);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WritePart(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                json.WriteEndObject();
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", image.Url ?? DataUrl.Write(image.MediaType, image.Data ?? ""));
                if (image.Detail is { } detail)
                {
                    json.WriteString("detail", detail);
                }

                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case DocumentPart { Data: { } data } document:
                json.WriteStartObject();
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", document.Name ?? "document");
                json.WriteString("file_data", DataUrl.Write(document.MediaType, data));
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case AudioPart { Data: { } sound } audio:
                json.WriteStartObject();
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteString("data", sound);
                json.WriteString("format", AudioFormat.Of(audio.MediaType));
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case OpaquePart { Origin: WireKind.OpenAiChat } opaque:
                opaque.Json.WriteTo(json);
                break;
            default:
                _losses.NoPlace(part is OpaquePart other ? other.Type : "document");
                break;
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Tools.Count > 0)
        {
            json.WriteStartArray("tools");
            foreach (var tool in request.Tools)
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

                if (tool.Strict is { } strict)
                {
                    json.WriteBoolean("strict", strict);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        switch (request.ToolChoice)
        {
            case { Kind: ToolChoiceKind.Named, Name: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case { } choice:
                json.WriteString("tool_choice", choice.Kind.ToString().ToLowerInvariant());
                break;
        }

        if (request.ParallelTools is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls", parallel);
        }
    }
}
