using System.Text.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Writes a piece of what a caller says: text, image, file, sound.</summary>
internal static class InputContent
{
    /// <summary>Writes its members into the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "input_text");
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                json.WriteString("type", "input_image");
                json.WriteString("image_url", image.Url ?? DataUrl.Write(image.MediaType, image.Data ?? ""));
                json.WriteString("detail", image.Detail ?? "auto");
                break;
            case DocumentPart { Text: not null } document:
                json.WriteString("type", "input_text");
                json.WriteString("text", PlainDocuments.AsText(document).Text);
                break;
            case DocumentPart { Url: { } url }:
                json.WriteString("type", "input_file");
                json.WriteString("file_url", url);
                break;
            case DocumentPart document:
                json.WriteString("type", "input_file");
                json.WriteString("filename", document.Name ?? "document");
                json.WriteString("file_data", DataUrl.Write(document.MediaType, document.Data ?? ""));
                break;
            case FilePart file:
                json.WriteString(
                    "type",
                    file.MediaType?.StartsWith("image/", StringComparison.Ordinal) == true ? "input_image" : "input_file"
                );
                json.WriteString("file_id", file.Id);
                break;
            case AudioPart audio:
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteString("data", audio.Data);
                json.WriteString("format", AudioFormat.Of(audio.MediaType));
                json.WriteEndObject();
                break;
        }
    }
}
