using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Configuration.Revisions;

/// <summary>JSON for people: every letter as itself.</summary>
internal static class ReadableJson
{
    private static readonly JsonSerializerOptions OnOneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions OnManyLines = new(OnOneLine) { WriteIndented = true };

    public static string? Of(JsonNode? node) => node?.ToJsonString(OnOneLine);

    public static string Indented(JsonNode node) => node.ToJsonString(OnManyLines);
}
