using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Writes a request for a model of Workers AI, which the address names; what it cannot say is reported.</summary>
internal sealed class WorkersAiRequestWriter(Target target, ICollection<Degradation> degradations)
    : FlatMessagesWriter(new Losses("Workers AI", degradations))
{
    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        WriteMessages(json, request);
        WorkersAiSettingsWriter.Write(json, request, target, Losses);
        json.WriteEndObject();
    }

    protected override void WriteResult(Utf8JsonWriter json, ToolResultPart result, string text, string? tool)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        if (tool is not null)
        {
            json.WriteString("name", tool);
        }

        json.WriteString("content", text);
        json.WriteEndObject();
    }

    /// <summary>The content must be a text, also where there is none.</summary>
    protected override void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts)
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
                Remember(call);
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

    protected override void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
    {
        if (parts.Any(p => p.Cache is not null))
        {
            Losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        json.WriteStartObject();
        json.WriteString("role", role);
        if (!parts.Any(p => p is ImagePart))
        {
            json.WriteString("content", string.Join('\n', parts.Where(p => !string.IsNullOrEmpty(TextOf(p))).Select(TextOf)));
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts.Where(p => p is ImagePart || !string.IsNullOrEmpty(TextOf(p))))
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

    private void ReportLoss(Part part)
    {
        switch (part)
        {
            case ImagePart { Detail: not null }:
                Losses.NoPlace("detail");
                break;
            case TextPart:
                Losses.Add("citations", "left out of an earlier turn: Workers AI has no place for them");
                break;
            case ReasoningPart:
                Losses.Add("reasoning", "reasoning of an earlier turn was left out");
                break;
            case DocumentPart { Text: null }:
                Losses.NoPlace("document");
                break;
            case AudioPart:
                Losses.NoPlace("input_audio");
                break;
            case FilePart:
                Losses.NoPlace("file");
                break;
            case OpaquePart opaque:
                Losses.NoPlace(opaque.Type);
                break;
        }
    }
}
