using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Writes a request for a model of Workers AI, which the address names; what it cannot say is reported.</summary>
internal sealed class WorkersAiRequestWriter(Target target, ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Workers AI", degradations);

    /// <summary>A result names its tool beside its call.</summary>
    private readonly Dictionary<string, string> _tools = [];

    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        WriteMessages(json, request);
        WorkersAiSettingsWriter.Write(json, request, target, _losses);
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
        json.WriteString("tool_call_id", result.CallId);
        if ((result.Name ?? _tools.GetValueOrDefault(result.CallId)) is { } name)
        {
            json.WriteString("name", name);
        }

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

    /// <summary>The content must be a text, also where there is none.</summary>
    private void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        json.WriteString("content", string.Concat(parts.Select(TextOf)));
        var calls = parts.OfType<ToolCallPart>().ToList();
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                _tools[call.Id] = call.Name;
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
        foreach (var part in parts.Where(p => p is not (TextPart { Citations.Count: 0 } or RefusalPart or ToolCallPart)))
        {
            ReportLoss(part);
        }
    }

    private void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
    {
        if (parts.Any(p => p.Cache is not null))
        {
            _losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        json.WriteStartObject();
        json.WriteString("role", role);
        if (!parts.Any(p => p is ImagePart))
        {
            json.WriteString("content", string.Join('\n', parts.Where(p => TextOf(p).Length > 0).Select(TextOf)));
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts.Where(p => p is ImagePart || TextOf(p).Length > 0))
            {
                WritePart(json, part);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        foreach (var part in parts.Where(p => p is not (TextPart or RefusalPart)))
        {
            ReportLoss(part);
        }
    }

    private static void WritePart(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        if (part is ImagePart image)
        {
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", image.Url ?? DataUrl.Write(image.MediaType, image.Data ?? ""));
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type", "text");
            json.WriteString("text", TextOf(part));
        }

        json.WriteEndObject();
    }

    private static string TextOf(Part part) =>
        part switch
        {
            TextPart text => text.Text,
            RefusalPart refusal => refusal.Text,
            DocumentPart { Text: not null } document => PlainDocuments.AsText(document).Text,
            _ => "",
        };

    private void ReportLoss(Part part)
    {
        switch (part)
        {
            case ImagePart { Detail: not null }:
                _losses.NoPlace("detail");
                break;
            case TextPart:
                _losses.Add("citations", "left out of an earlier turn: Workers AI has no place for them");
                break;
            case ReasoningPart:
                _losses.Add("reasoning", "reasoning of an earlier turn was left out");
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
            case OpaquePart opaque:
                _losses.NoPlace(opaque.Type);
                break;
        }
    }
}
