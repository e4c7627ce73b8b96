using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Writes the content of a message as far as the target takes it.</summary>
internal sealed class ChatPartWriter(Target target, Losses losses)
{
    /// <summary>The parts that this target takes; the others are reported.</summary>
    public List<Part> Taken(IEnumerable<Part> parts) => [.. parts.Where(Takes)];

    /// <summary>Whether this target is told up to where it shall cache.</summary>
    public bool Marks(Part part) => part is TextPart { Cache: not null } && target.Can(Feature.CacheMarks);

    public void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                if (Marks(text))
                {
                    CacheMark.Write(json, text.Cache);
                }

                json.WriteEndObject();
                break;
            case ImagePart image:
                WriteImage(json, image);
                break;
            case DocumentPart { Text: not null } document:
                Write(json, PlainDocuments.AsText(document));
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
            case FilePart kept:
                json.WriteStartObject();
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("file_id", kept.Id);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case OpaquePart opaque:
                opaque.Json.WriteTo(json);
                break;
        }
    }

    public static string NameOf(Part part) =>
        part switch
        {
            OpaquePart opaque => opaque.Type,
            AudioPart => "input_audio",
            ImagePart => "image",
            _ => "document",
        };

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
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
    }

    private bool Takes(Part part)
    {
        switch (part)
        {
            case TextPart or DocumentPart { Text: not null }:
                return true;
            case ImagePart:
                return Takes(Feature.Images, "image");
            case DocumentPart { Data: not null } or FilePart:
                return Takes(Feature.Documents, "document");
            case AudioPart { Data: not null }:
                return Takes(Feature.Audio, "input_audio");
            case OpaquePart { Origin: WireKind.OpenAiChat, Type: "file" }:
                return Takes(Feature.Documents, "document");
            case OpaquePart { Origin: WireKind.OpenAiChat }:
                return true;
            default:
                losses.NoPlace(NameOf(part));
                return false;
        }
    }

    private bool Takes(Feature feature, string name)
    {
        if (target.Can(feature))
        {
            return true;
        }

        losses.Add(name, $"left out: {target.Name} does not take it");
        return false;
    }
}
