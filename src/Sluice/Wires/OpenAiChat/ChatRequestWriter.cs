using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes a Chat Completions request; what it cannot say is reported.</summary>
internal sealed class ChatRequestWriter(Target target, ICollection<Degradation> degradations)
{
    private readonly Losses _losses = new("Chat Completions", degradations);

    public void Write(ChatRequest request, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonStyle.Compact);
        json.WriteStartObject();
        json.WriteString("model", target.Model);
        WriteMessages(json, request);
        ChatToolsWriter.Write(json, request);
        WriteServerTools(json, request);
        new ChatSettingsWriter(target, _losses).Write(json, request);
        WriteExtensions(json, request);
        json.WriteEndObject();
    }

    private void WriteExtensions(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Origin == WireKind.OpenAiChat)
        {
            foreach (var (name, value) in request.Extensions)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            return;
        }

        _losses.Extensions(request);
    }

    /// <summary>A search is the one tool of the provider's own that this protocol knows.</summary>
    private void WriteServerTools(Utf8JsonWriter json, ChatRequest request)
    {
        foreach (var tool in request.ServerTools)
        {
            if (tool.Kind != ServerToolKind.WebSearch)
            {
                _losses.NoPlace(tool);
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

    /// <summary>No vendor of this protocol is told what to cache.</summary>
    private void ReportCacheMarks(ChatRequest request)
    {
        var parts = request.System.Concat(request.Messages.SelectMany(m => m.Parts));
        var marked = parts.SelectMany(p => p is ToolResultPart result ? result.Content.Prepend(p) : [p]).Any(p => p.Cache is not null);
        if (marked || request.Tools.Any(t => t.Cache is not null))
        {
            _losses.Add("cache_control", "left out: this provider decides by itself what it caches");
        }
    }

    private void WriteMessages(Utf8JsonWriter json, ChatRequest request)
    {
        ReportCacheMarks(request);
        if (request.Messages is [.., { Role: Role.Assistant }])
        {
            _losses.Add("prefill", "the beginning of an answer became an earlier answer: this provider does not go on from it");
        }

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

    /// <summary>
    /// Results of tools are messages of their own and stand first; images in them follow in the user's message, the only place for
    /// them. No empty user message follows.
    /// </summary>
    private void WriteUser(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        var rest = new List<Part>();
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            WriteResult(json, result);
            rest.AddRange(result.Content.Where(p => p is not TextPart));
        }

        if (rest.Count > 0)
        {
            _losses.Add("tool_result", "content other than text was moved behind the tool's result");
        }

        rest.AddRange(parts.Where(p => p is not ToolResultPart));
        if (rest.Count > 0 || parts.Count == 0)
        {
            WriteMessage(json, "user", rest);
        }
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        var text = string.Concat(result.Content.OfType<TextPart>().Select(t => t.Text));
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString(
            "content",
            result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase) ? $"error: {text}" : text
        );
        json.WriteEndObject();
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

    private void WriteMessage(Utf8JsonWriter json, string role, IEnumerable<Part> said)
    {
        var parts = said.Where(CanSay).ToList();
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

    private static void WritePart(Utf8JsonWriter json, Part part)
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
            case DocumentPart { Text: { } text } document:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", document.Name is { } title ? $"{title}\n\n{text}" : text);
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
        }
    }

    /// <summary>Whether the protocol has a place for it; what is lost is reported.</summary>
    private bool CanSay(Part part)
    {
        if (
            part
            is TextPart
                or ImagePart
                or DocumentPart { Url: null }
                or AudioPart { Data: not null }
                or OpaquePart { Origin: WireKind.OpenAiChat }
        )
        {
            return true;
        }

        _losses.NoPlace(part is OpaquePart other ? other.Type : "document");
        return false;
    }
}
