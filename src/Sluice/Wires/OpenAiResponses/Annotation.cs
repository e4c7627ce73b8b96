using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>A source of a text, as this wire writes it beside the text.</summary>
internal static class Annotation
{
    public static Citation Read(JsonElement annotation) =>
        new(
            annotation.Text("url"),
            annotation.Text("title") ?? annotation.Text("filename"),
            null,
            (int?)annotation.Integer("start_index"),
            (int?)annotation.Integer("end_index"),
            annotation.Clone(),
            WireKind.OpenAiResponses
        );

    /// <param name="citation">The source.</param>
    /// <param name="start">Where the text that rests on it begins, when the source does not say.</param>
    /// <param name="end">Where it ends.</param>
    public static void Write(Utf8JsonWriter json, Citation citation, int start, int end)
    {
        if (citation.Origin == WireKind.OpenAiResponses)
        {
            citation.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (citation.Url is { } url)
        {
            json.WriteString("type", "url_citation");
            json.WriteString("url", url);
            json.WriteString("title", citation.Title ?? url);
            json.WriteNumber("start_index", citation.Start ?? start);
            json.WriteNumber("end_index", citation.End ?? end);
        }
        else
        {
            json.WriteString("type", "file_citation");
            json.WriteString("file_id", "");
            json.WriteString("filename", citation.Title ?? "document");
            json.WriteNumber("index", citation.End ?? end);
        }

        json.WriteEndObject();
    }
}
