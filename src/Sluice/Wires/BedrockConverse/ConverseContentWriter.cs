using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Writes the blocks of a turn.</summary>
internal sealed partial class ConverseContentWriter(Losses losses)
{
    private const int LongestId = 64;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _documents;

    /// <summary>Whether nothing is left of a part: the service refuses blank texts.</summary>
    public static bool IsBlank(Part part) => part is TextPart text && string.IsNullOrWhiteSpace(text.Text);

    public void Write(Utf8JsonWriter json, IEnumerable<Part> parts)
    {
        foreach (var part in parts)
        {
            WritePart(json, part);
            WriteCachePoint(json, part.Cache);
        }
    }

    public static void WriteCachePoint(Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("cachePoint");
        json.WriteString("type", "default");
        if (mark.Ttl is { } ttl)
        {
            json.WriteString("ttl", ttl);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteReasoning(Utf8JsonWriter json, ReasoningPart reasoning) =>
        Block(
            json,
            "reasoningContent",
            () =>
            {
                if (reasoning.Redacted is { } redacted)
                {
                    json.WriteString("redactedContent", redacted);
                    return;
                }

                json.WriteStartObject("reasoningText");
                json.WriteString("text", reasoning.Text);
                if (reasoning.Signature is { } signature)
                {
                    json.WriteString("signature", signature);
                }

                json.WriteEndObject();
            }
        );

    /// <summary>The id of a call as Converse takes it; the call and its result keep the same.</summary>
    private static string IdOf(string id)
    {
        var plain = OddInIds().Replace(id, "_");
        return plain.Length > LongestId ? plain[..LongestId] : plain;
    }

    private void WritePart(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text when IsBlank(text):
                break;
            case TextPart text when text.Citations.Any(c => c.Origin == WireKind.BedrockConverse):
                Block(json, "citationsContent", () => WriteCited(json, text));
                break;
            case TextPart text:
                WriteText(json, text.Text);
                break;
            case RefusalPart refusal:
                WriteText(json, refusal.Text);
                break;
            case ReasoningPart { IsSigned: true } reasoning:
                WriteReasoning(json, reasoning);
                break;
            case ReasoningPart:
                losses.Add("reasoning", "reasoning of an earlier turn was left out: this model did not sign it");
                break;
            case ToolCallPart call:
                Block(json, "toolUse", () => WriteCall(json, call));
                break;
            case ToolResultPart result:
                Block(json, "toolResult", () => WriteResult(json, result));
                break;
            case ImagePart image:
                WriteImage(json, image);
                break;
            case DocumentPart document:
                WriteDocument(json, document);
                break;
            case OpaquePart { Origin: WireKind.BedrockConverse } opaque:
                opaque.Json.WriteTo(json);
                break;
            case OpaquePart opaque:
                losses.NoPlace(opaque.Type);
                break;
            case AudioPart:
                losses.NoPlace("input_audio");
                break;
            case FilePart:
                losses.NoPlace("file");
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteCited(Utf8JsonWriter json, TextPart text)
    {
        json.WriteStartArray("content");
        WriteText(json, text.Text);
        json.WriteEndArray();
        json.WriteStartArray("citations");
        foreach (var citation in text.Citations.Where(c => c.Origin == WireKind.BedrockConverse))
        {
            citation.Json.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteString("toolUseId", IdOf(call.Id));
        json.WriteString("name", call.Name);
        json.WritePropertyName("input");
        WriteArguments(json, call.Arguments);
    }

    /// <summary>Arguments are an object here; what is no object is kept for the model to see.</summary>
    private static void WriteArguments(Utf8JsonWriter json, string arguments)
    {
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
        json.WriteString("toolUseId", IdOf(result.CallId));
        json.WriteStartArray("content");
        foreach (var part in result.Content)
        {
            WritePart(json, part);
        }

        json.WriteEndArray();
        if (result.IsError)
        {
            json.WriteString("status", "error");
        }
    }

    private void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        var format = ConverseFormats.OfImage(image.MediaType) ?? ConverseFormats.OfImage(TypeOfName(image.Url, "image/"));
        if (image.Detail is not (null or "auto"))
        {
            losses.NoPlace("detail");
        }

        if (IsElsewhere(image.Url))
        {
            losses.Add("image_url", "left out: Converse takes an image's bytes or its place in S3, and no address");
        }
        else if (format is null)
        {
            losses.Add("image", $"left out: Converse takes no images of type '{image.MediaType}'");
        }
        else
        {
            Block(json, "image", () => WriteSource(json, format, null, image.Data, image.Url, null));
        }
    }

    private void WriteDocument(Utf8JsonWriter json, DocumentPart document)
    {
        var format = ConverseFormats.OfDocument(document.MediaType) ?? (document.Text is null ? null : "txt");
        if (IsElsewhere(document.Url))
        {
            losses.Add("document", "left out: Converse takes a document's bytes or its place in S3, and no address");
        }
        else if (format is null)
        {
            losses.Add("document", $"left out: Converse takes no documents of type '{document.MediaType}'");
        }
        else
        {
            _documents++;
            Block(
                json,
                "document",
                () =>
                {
                    WriteSource(json, format, NameOf(document.Name), document.Data, document.Url, document.Text);
                    if (document.IsCited)
                    {
                        json.WriteStartObject("citations");
                        json.WriteBoolean("enabled", true);
                        json.WriteEndObject();
                    }
                }
            );
        }
    }

    private static void WriteSource(Utf8JsonWriter json, string format, string? name, string? data, string? place, string? text)
    {
        json.WriteString("format", format);
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WriteStartObject("source");
        if (text is not null)
        {
            json.WriteString("text", text);
        }
        else if (place is null)
        {
            json.WriteString("bytes", data);
        }
        else
        {
            json.WriteStartObject("s3Location");
            json.WriteString("uri", place);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A document needs a name of few signs that no other has; without one it is numbered.</summary>
    private string NameOf(string? name)
    {
        var plain = OddInNames().Replace(name ?? "", " ").Trim();
        return plain.Length > 0 && _names.Add(plain) ? plain : $"{(plain.Length > 0 ? plain : "document")} {_documents}";
    }

    private static bool IsElsewhere(string? url) => url is not null && !url.StartsWith("s3://", StringComparison.Ordinal);

    private static string? TypeOfName(string? url, string kind) => url is null ? null : kind + url.Split('.')[^1].ToLowerInvariant();

    private static void Block(Utf8JsonWriter json, string name, Action fields)
    {
        json.WriteStartObject();
        json.WriteStartObject(name);
        fields();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]", RegexOptions.NonBacktracking)]
    private static partial Regex OddInIds();

    [GeneratedRegex(@"[^a-zA-Z0-9()\[\]-]+", RegexOptions.NonBacktracking)]
    private static partial Regex OddInNames();
}
