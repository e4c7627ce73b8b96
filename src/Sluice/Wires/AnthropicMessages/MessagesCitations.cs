using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>What a text block of Messages rests on. Source: https://docs.anthropic.com/en/docs/build-with-claude/citations.</summary>
internal static class MessagesCitations
{
    public static Citation Read(JsonElement citation) =>
        new(
            citation.Text("url") ?? citation.Text("source"),
            citation.Text("title") ?? citation.Text("document_title"),
            citation.Text("cited_text"),
            null,
            null,
            citation.Clone(),
            WireKind.AnthropicMessages
        );

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Citation> citations)
    {
        json.WriteStartArray("citations");
        foreach (var citation in citations)
        {
            Write(json, citation);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what an earlier turn rested on; the provider knows only what it gave itself.</summary>
    public static void GiveBack(Utf8JsonWriter json, IReadOnlyList<Citation> citations, ICollection<Degradation> degradations)
    {
        if (citations.Any(c => c.Origin != WireKind.AnthropicMessages))
        {
            degradations.Lose("citations", "left out of an earlier turn: another provider gave them");
        }
        else if (citations.Count > 0)
        {
            Write(json, citations);
        }
    }

    /// <summary>A source of another wire is a page that a search found.</summary>
    public static void Write(Utf8JsonWriter json, Citation citation)
    {
        if (citation.Origin == WireKind.AnthropicMessages)
        {
            citation.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "web_search_result_location");
        json.WriteString("url", citation.Url ?? "");
        json.WriteString("title", citation.Title);
        json.WriteString("cited_text", citation.Quote ?? "");
        json.WriteString("encrypted_index", "");
        json.WriteEndObject();
    }
}
