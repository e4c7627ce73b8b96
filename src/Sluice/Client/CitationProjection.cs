using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Sources of a text as annotations of it; in the words of their provider they ride along, for the turns that follow.</summary>
internal static class CitationProjection
{
    public static List<AIAnnotation> Write(IEnumerable<Citation> citations) => [.. citations.Select(Write)];

    public static List<Citation> Read(IEnumerable<AIAnnotation>? annotations) =>
        [.. (annotations ?? []).OfType<CitationAnnotation>().Select(Read)];

    private static CitationAnnotation Write(Citation citation) =>
        new()
        {
            Title = citation.Title,
            Url = Uri.TryCreate(citation.Url, UriKind.RelativeOrAbsolute, out var url) ? url : null,
            Snippet = citation.Quote,
            FileId = citation.Json.Text("file_id"),
            AnnotatedRegions =
                citation.Start is null && citation.End is null
                    ? null
                    : [new TextSpanAnnotatedRegion { StartIndex = citation.Start, EndIndex = citation.End }],
            RawRepresentation = citation.Json,
            AdditionalProperties = citation.Origin is { } origin
                ? new AdditionalPropertiesDictionary { [Properties.Wire] = WireName.Of(origin), [Properties.Json] = citation.Json }
                : null,
        };

    private static Citation Read(CitationAnnotation annotation)
    {
        var span = annotation.AnnotatedRegions?.OfType<TextSpanAnnotatedRegion>().FirstOrDefault();
        var origin = annotation.AdditionalProperties.Text(Properties.Wire) is { } name ? WireName.Parse(name) : null;
        var json = annotation.AdditionalProperties.Element(Properties.Json);
        return new Citation(
            annotation.Url?.OriginalString,
            annotation.Title,
            annotation.Snippet,
            span?.StartIndex,
            span?.EndIndex,
            json ?? default,
            json is null ? null : origin
        );
    }
}
