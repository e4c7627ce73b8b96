using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Writes images, sound and documents: their data within, or where they stand.</summary>
internal static class GeminiMedia
{
    private static readonly (string Ending, string Type)[] Endings =
    [
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".webp", "image/webp"),
        (".gif", "image/gif"),
        (".heic", "image/heic"),
        (".mp3", "audio/mpeg"),
        (".wav", "audio/wav"),
        (".pdf", "application/pdf"),
        (".txt", "text/plain"),
    ];

    public static void Write(Utf8JsonWriter json, Part part, string? signature = null)
    {
        var (type, data, url) = part switch
        {
            ImagePart image => (image.MediaType, image.Data, image.Url),
            AudioPart audio => (audio.MediaType, audio.Data, audio.Url),
            DocumentPart document => (document.MediaType, document.Data, document.Url),
            FilePart file => (file.MediaType, null, file.Id),
            _ => throw new InvalidOperationException($"{part.GetType().Name} is no medium"),
        };
        json.WriteStartObject();
        if (url is null)
        {
            json.WriteStartObject("inlineData");
            json.WriteString("mimeType", type ?? "application/octet-stream");
            json.WriteString("data", data ?? "");
        }
        else
        {
            json.WriteStartObject("fileData");
            json.WriteString("mimeType", type ?? TypeOf(url, part));
            json.WriteString("fileUri", url);
        }

        json.WriteEndObject();
        if (signature is not null)
        {
            json.WriteString("thoughtSignature", signature);
        }

        json.WriteEndObject();
    }

    /// <summary>A text as a JSON object, where it is one.</summary>
    public static JsonElement? TryObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The protocol wants a type also for what stands elsewhere: the ending tells it, or what is usual.</summary>
    private static string TypeOf(string url, Part part)
    {
        var path = url.Split('?', '#')[0];
        return Array.Find(Endings, e => path.EndsWith(e.Ending, StringComparison.OrdinalIgnoreCase)).Type
            ?? part switch
            {
                ImagePart => "image/jpeg",
                AudioPart => "audio/mpeg",
                _ => "application/pdf",
            };
    }
}
