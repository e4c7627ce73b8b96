using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Sources of an answer, as the vendors of Chat Completions name them.</summary>
internal static class ChatCitations
{
    /// <summary>The citation in an entry of <c>annotations</c>; <see langword="null"/> for an annotation of another kind.</summary>
    public static Citation? OfAnnotation(JsonElement annotation) =>
        annotation.Get("url_citation") is { } cited
            ? new Citation(
                cited.Text("url"),
                cited.Text("title"),
                cited.Text("content"),
                (int?)cited.Integer("start_index"),
                (int?)cited.Integer("end_index"),
                annotation.Clone(),
                WireKind.OpenAiChat
            )
            : null;

    /// <summary>What Perplexity found: <c>search_results</c>, or the bare addresses of <c>citations</c>.</summary>
    public static IEnumerable<Citation> OfSearch(JsonElement root)
    {
        var results = root.Items("search_results").Select(r => OfPage(r.Text("url"), r.Text("title"), r.Text("snippet"), r)).ToList();
        return results.Count > 0
            ? results
            : root.Items("citations").Where(c => c.ValueKind == JsonValueKind.String).Select(c => OfPage(c.GetString(), null, null, c));
    }

    /// <summary>What a search of Groq's found.</summary>
    public static IEnumerable<Citation> OfExecuted(JsonElement tool) =>
        (tool.Get("search_results") is { } found ? found.Items("results") : []).Select(r =>
            OfPage(r.Text("url"), r.Text("title"), r.Text("content"), r)
        );

    public static void Write(Utf8JsonWriter json, Citation citation)
    {
        if (citation.Origin == WireKind.OpenAiChat && citation.Json.Get("url_citation") is not null)
        {
            citation.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "url_citation");
        json.WriteStartObject("url_citation");
        json.WriteString("url", citation.Url ?? "");
        json.WriteString("title", citation.Title ?? "");
        json.WriteNumber("start_index", citation.Start ?? 0);
        json.WriteNumber("end_index", citation.End ?? 0);
        if (citation.Quote is { } quote)
        {
            json.WriteString("content", quote);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Citation OfPage(string? url, string? title, string? quote, JsonElement page) =>
        new(url, title, quote, null, null, page.Clone(), WireKind.OpenAiChat);
}
