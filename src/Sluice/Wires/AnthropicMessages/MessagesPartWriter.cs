using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Writes the pieces of a turn as content blocks.</summary>
internal sealed class MessagesPartWriter(Target target, ICollection<Degradation> degradations)
{
    /// <summary>Whether the protocol has a block for it; what is lost is reported.</summary>
    public bool CanSay(Part part, Role role)
    {
        switch (part)
        {
            case ImagePart or DocumentPart or FilePart when role == Role.Assistant:
                degradations.Lose(part is ImagePart ? "image" : "document", "left out of an earlier turn: only users show something here");
                return false;
            case TextPart { Text.Length: 0 }:
                return false;
            case ReasoningPart { IsSigned: false }:
                degradations.Lose("reasoning", "reasoning of an earlier turn was left out: this model did not sign it");
                return false;
            case OpaquePart { Origin: not WireKind.AnthropicMessages } opaque:
                degradations.Lose(opaque.Type, "left out: Messages has no such content");
                return false;
            case ImagePart when !target.Can(Feature.Images):
                degradations.Lose("image", $"left out: {target.Name} does not take it");
                return false;
            case DocumentPart { Text: null } when !target.Can(Feature.Documents):
                degradations.Lose("document", $"left out: {target.Name} does not take it");
                return false;
            case AudioPart:
                degradations.Lose("input_audio", "left out: Messages has no such content");
                return false;
            default:
                return true;
        }
    }

    /// <summary>Writes a part that can be said.</summary>
    public void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                Block(
                    json,
                    part,
                    "text",
                    () =>
                    {
                        json.WriteString("text", text.Text);
                        MessagesCitations.GiveBack(json, text.Citations, degradations);
                    }
                );
                break;
            case RefusalPart refusal:
                Block(json, part, "text", () => json.WriteString("text", refusal.Text));
                break;
            case ReasoningPart { Redacted: { } data }:
                Block(json, part, "redacted_thinking", () => json.WriteString("data", data));
                break;
            case ReasoningPart reasoning:
                Block(
                    json,
                    part,
                    "thinking",
                    () =>
                    {
                        json.WriteString("thinking", reasoning.Text);
                        json.WriteString("signature", reasoning.Signature);
                    }
                );
                break;
            case ToolCallPart call:
                Block(
                    json,
                    part,
                    "tool_use",
                    () =>
                    {
                        json.WriteString("id", IdOf(call.Id));
                        json.WriteString("name", call.Name);
                        WriteArguments(json, call.Arguments);
                    }
                );
                break;
            case ToolResultPart result:
                Block(json, part, "tool_result", () => WriteResult(json, result));
                break;
            case ImagePart image:
                Block(json, part, "image", () => WriteSource(json, image.MediaType, image.Data, image.Url, null));
                break;
            case DocumentPart document:
                Block(
                    json,
                    part,
                    "document",
                    () =>
                    {
                        WriteSource(json, document.MediaType, document.Data, document.Url, document.Text);
                        if (document.Name is { } name)
                        {
                            json.WriteString("title", name);
                        }

                        if (document.IsCited)
                        {
                            json.WriteStartObject("citations");
                            json.WriteBoolean("enabled", true);
                            json.WriteEndObject();
                        }
                    }
                );
                break;
            case FilePart file:
                Block(
                    json,
                    part,
                    file.MediaType?.StartsWith("image/", StringComparison.Ordinal) == true ? "image" : "document",
                    () => WriteFile(json, file)
                );
                break;
            case OpaquePart opaque:
                WriteOpaque(json, opaque);
                break;
        }
    }

    /// <summary>As it came; a mark may have been set behind it since.</summary>
    private static void WriteOpaque(Utf8JsonWriter json, OpaquePart opaque)
    {
        json.WriteStartObject();
        foreach (var member in opaque.Json.Members())
        {
            member.WriteTo(json);
        }

        CacheMark.Write(json, opaque.Json.Get("cache_control") is null ? opaque.Cache : null);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        json.WriteStartObject("source");
        json.WriteString("type", "file");
        json.WriteString("file_id", file.Id);
        json.WriteEndObject();
        if (file.Name is { } name && file.MediaType?.StartsWith("image/", StringComparison.Ordinal) != true)
        {
            json.WriteString("title", name);
        }
    }

    /// <summary>Ids may hold letters, digits, <c>_</c> and <c>-</c> here; other vendors mint them as they like.</summary>
    private static string IdOf(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));

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
        json.WriteString("tool_use_id", IdOf(result.CallId));
        json.WriteStartArray("content");
        foreach (var part in result.Content.Where(p => CanSay(p, Role.User)))
        {
            Write(json, part);
        }

        json.WriteEndArray();
        if (result.IsError)
        {
            json.WriteBoolean("is_error", true);
        }
    }

    private static void WriteSource(Utf8JsonWriter json, string? mediaType, string? data, string? url, string? text)
    {
        json.WriteStartObject("source");
        if (url is not null)
        {
            json.WriteString("type", "url");
            json.WriteString("url", url);
        }
        else
        {
            json.WriteString("type", text is null ? "base64" : "text");
            json.WriteString("media_type", mediaType);
            json.WriteString("data", text ?? data);
        }

        json.WriteEndObject();
    }

    private static void Block(Utf8JsonWriter json, Part part, string type, Action fields)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        fields();
        CacheMark.Write(json, part.Cache);
        json.WriteEndObject();
    }
}
