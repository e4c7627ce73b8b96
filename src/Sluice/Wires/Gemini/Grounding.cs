using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Sources of an answer: chunks and the stretches of text that rest on them, measured in bytes of the whole text.</summary>
internal static class Grounding
{
    /// <summary>The citations of a candidate.</summary>
    /// <param name="candidate">The candidate, or as much of it as came in this chunk.</param>
    /// <param name="text">The text of the answer so far.</param>
    public static IEnumerable<Citation> Read(JsonElement candidate, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var grounding = candidate.Get("groundingMetadata") ?? default;
        var chunks = grounding.Items("groundingChunks").ToList();
        var supports = grounding.Items("groundingSupports").ToList();
        foreach (var support in supports)
        {
            var segment = support.Get("segment") ?? default;
            var (start, end) = (CharacterAt(bytes, segment.Integer("startIndex") ?? 0), CharacterAt(bytes, segment.Integer("endIndex")));
            foreach (var index in support.Items("groundingChunkIndices"))
            {
                if (index.TryGetInt32(out var number) && number >= 0 && number < chunks.Count)
                {
                    yield return OfChunk(chunks[number], start, end);
                }
            }
        }

        foreach (var chunk in supports.Count == 0 ? chunks : [])
        {
            yield return OfChunk(chunk, null, null);
        }

        var cited = candidate.Get("citationMetadata") ?? default;
        foreach (var source in cited.Items("citations").Concat(cited.Items("citationSources")))
        {
            yield return new Citation(
                source.Text("uri"),
                source.Text("title"),
                null,
                CharacterAt(bytes, source.Integer("startIndex") ?? 0),
                CharacterAt(bytes, source.Integer("endIndex")),
                source.Clone(),
                WireKind.Gemini
            );
        }
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Citation> citations, string text)
    {
        if (citations.Count == 0)
        {
            return;
        }

        var sources = citations.Select(c => (c.Url, c.Title)).Distinct().ToList();
        json.WriteStartObject("groundingMetadata");
        json.WriteStartArray("groundingChunks");
        foreach (var (url, title) in sources)
        {
            json.WriteStartObject();
            json.WriteStartObject(url is null ? "retrievedContext" : "web");
            if (url is not null)
            {
                json.WriteString("uri", url);
            }

            json.WriteString("title", title ?? url ?? "");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("groundingSupports");
        foreach (var citation in citations)
        {
            if (citation is { Start: { } start, End: { } end } && start >= 0 && start <= end && end <= text.Length)
            {
                json.WriteStartObject();
                json.WriteStartObject("segment");
                json.WriteNumber("startIndex", Encoding.UTF8.GetByteCount(text.AsSpan(0, start)));
                json.WriteNumber("endIndex", Encoding.UTF8.GetByteCount(text.AsSpan(0, end)));
                json.WriteString("text", text[start..end]);
                json.WriteEndObject();
                json.WriteStartArray("groundingChunkIndices");
                json.WriteNumberValue(sources.IndexOf((citation.Url, citation.Title)));
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Citation OfChunk(JsonElement chunk, int? start, int? end)
    {
        var source = chunk.Get("web") ?? chunk.Get("retrievedContext") ?? chunk.Get("maps") ?? default;
        return new Citation(source.Text("uri"), source.Text("title"), source.Text("text"), start, end, chunk.Clone(), WireKind.Gemini);
    }

    private static int? CharacterAt(byte[] bytes, long? offset) =>
        offset is { } at and >= 0 ? Encoding.UTF8.GetCharCount(bytes, 0, (int)Math.Min(at, bytes.Length)) : null;
}
