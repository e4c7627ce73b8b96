using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Writes a chat request for Ollama; what it cannot say is reported.</summary>
internal sealed class OllamaRequestWriter(ICollection<Degradation> degradations) : FlatMessagesWriter(new Losses("Ollama", degradations))
{
    public void Write(ChatRequest request, Target target, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteMessages(json, request);
        WriteTools(json, request);
        OllamaSettingsWriter.Write(json, request, Losses);
        json.WriteEndObject();
    }

    protected override void WriteAssistant(Utf8JsonWriter json, IReadOnlyList<Part> parts) => WriteMessage(json, "assistant", parts);

    protected override void WriteResult(Utf8JsonWriter json, ToolResultPart result, string text, string? tool)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("content", text);
        if (tool is not null)
        {
            json.WriteString("tool_name", tool);
        }

        if (result.CallId.Length > 0)
        {
            json.WriteString("tool_call_id", result.CallId);
        }

        json.WriteEndObject();
    }

    protected override void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
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
            Remember(calls[i]);
            OllamaCall.Write(json, i, calls[i].Id, calls[i].Name, calls[i].Arguments);
        }

        json.WriteEndArray();
    }

    private void ReportLoss(Part part)
    {
        if (part.Cache is not null)
        {
            Losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }

        switch (part)
        {
            case ImagePart { Data: null }:
                Losses.Add("image_url", "left out: Ollama takes images by their content only");
                break;
            case ImagePart { Detail: not null }:
                Losses.NoPlace("detail");
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
            case TextPart { Citations.Count: > 0 }:
                Losses.Add("citations", "left out of an earlier turn: Ollama has no place for them");
                break;
            case ReasoningPart { Redacted: not null }:
                Losses.NoPlace("redacted_thinking");
                break;
            case OpaquePart opaque:
                Losses.NoPlace(opaque.Type);
                break;
        }
    }

    /// <summary>A model that may call nothing is offered nothing; more cannot be said of the choice.</summary>
    private void WriteTools(Utf8JsonWriter json, ChatRequest request)
    {
        foreach (var tool in request.ServerTools)
        {
            Losses.NoPlace(tool.Type);
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
                Losses.NoPlace("strict");
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
