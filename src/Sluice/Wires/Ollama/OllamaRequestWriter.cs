using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Writes a chat request for Ollama; what it cannot say is reported.</summary>
internal sealed class OllamaRequestWriter(ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Ollama", degradations);

    /// <summary>A result names its tool, not only its call.</summary>
    private readonly Dictionary<string, string> _tools = [];

    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteMessages(json, request);
        WriteTools(json, request);
        OllamaSettingsWriter.Write(json, request, _losses);
        json.WriteEndObject();
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
                    WriteMessage(json, "assistant", message.Parts);
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
            WriteResult(json, result);
        }

        var rest = parts.Where(p => p is not ToolResultPart).ToList();
        if (rest.Count > 0 || parts.Count == 0)
        {
            WriteMessage(json, "user", rest);
        }
    }

    private void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        var text = string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text));
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString(
            "content",
            result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? $"error: {text}" : text
        );
        if ((result.Name ?? _tools.GetValueOrDefault(result.CallId)) is { } name)
        {
            json.WriteString("tool_name", name);
        }

        if (result.CallId.Length > 0)
        {
            json.WriteString("tool_call_id", result.CallId);
        }

        json.WriteEndObject();
        if (result.Content.Any(p => p is not TextPart))
        {
            _losses.Add("tool_result", "content other than text was left out of a tool's result");
        }
    }

    private void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", string.Join('\n', parts.Select(TextOf).OfType<string>()));
        var thinking = string.Concat(parts.OfType<ReasoningPart>().Select(r => r.Text));
        if (thinking.Length > 0)
        {
            json.WriteString("thinking", thinking);
        }

        WriteImages(json, [.. parts.OfType<ImagePart>().Where(i => i.Data is not null)]);
        WriteCalls(json, [.. parts.OfType<ToolCallPart>()]);
        json.WriteEndObject();
        foreach (var part in parts)
        {
            ReportLoss(part);
        }
    }

    private static string? TextOf(Part part) =>
        part switch
        {
            TextPart text => text.Text,
            RefusalPart refusal => refusal.Text,
            DocumentPart { Text: not null } document => PlainDocuments.AsText(document).Text,
            _ => null,
        };

    private static void WriteImages(Utf8JsonWriter json, IReadOnlyList<ImagePart> images)
    {
        if (images.Count == 0)
        {
            return;
        }

        json.WriteStartArray("images");
        foreach (var image in images)
        {
            json.WriteStringValue(image.Data);
        }

        json.WriteEndArray();
    }

    private void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCallPart> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        for (var i = 0; i < calls.Count; i++)
        {
            _tools[calls[i].Id] = calls[i].Name;
            OllamaCall.Write(json, i, calls[i].Id, calls[i].Name, calls[i].Arguments);
        }

        json.WriteEndArray();
    }

    private void ReportLoss(Part part)
    {
        if (part.Cache is not null)
        {
            _losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        switch (part)
        {
            case ImagePart { Data: null }:
                _losses.Add("image_url", "left out: Ollama takes images by their content only");
                break;
            case ImagePart { Detail: not null }:
                _losses.NoPlace("detail");
                break;
            case DocumentPart { Text: null }:
                _losses.NoPlace("document");
                break;
            case AudioPart:
                _losses.NoPlace("input_audio");
                break;
            case FilePart:
                _losses.NoPlace("file");
                break;
            case TextPart { Citations.Count: > 0 }:
                _losses.Add("citations", "left out of an earlier turn: Ollama has no place for them");
                break;
            case ReasoningPart { Redacted: not null }:
                _losses.NoPlace("redacted_thinking");
                break;
            case OpaquePart opaque:
                _losses.NoPlace(opaque.Type);
                break;
        }
    }

    /// <summary>A model that may call nothing is offered nothing; more cannot be said of the choice.</summary>
    private void WriteTools(Utf8JsonWriter json, ChatRequest request)
    {
        foreach (var tool in request.ServerTools)
        {
            _losses.NoPlace(tool.Type);
        }

        if (request.Tools.Count == 0 || request.ToolChoice?.Kind == ToolChoiceKind.None)
        {
            return;
        }

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

            json.WritePropertyName("parameters");
            WriteSchema(json, tool.Schema);
            json.WriteEndObject();
            json.WriteEndObject();
            if (tool.Strict == true)
            {
                _losses.NoPlace("strict");
            }
        }

        json.WriteEndArray();
    }

    /// <summary>A tool without parameters still has a schema here.</summary>
    private static void WriteSchema(Utf8JsonWriter json, JsonElement? schema)
    {
        if (schema is { } given)
        {
            given.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
