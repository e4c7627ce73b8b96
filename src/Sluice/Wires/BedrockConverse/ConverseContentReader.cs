using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Reads the blocks of a turn. Each is an object whose member says what it is; a cache point marks the block before it.</summary>
internal static class ConverseContentReader
{
    public static List<Part> Read(IEnumerable<JsonElement> blocks)
    {
        var parts = new List<Part>();
        foreach (var block in blocks)
        {
            if (block.Get("cachePoint") is not { } mark)
            {
                parts.Add(ReadBlock(block));
            }
            else if (parts.Count > 0)
            {
                parts[^1] = parts[^1] with { Cache = new CacheMark(mark.Text("ttl")) };
            }
        }

        return parts;
    }

    public static Part ReadBlock(JsonElement block) =>
        block.Text("text") is { } text ? new TextPart(text)
        : block.Get("toolUse") is { } call ? ReadCall(call)
        : block.Get("toolResult") is { } result ? ReadResult(result)
        : block.Get("reasoningContent") is { } reasoning ? ReadReasoning(reasoning)
        : block.Get("image") is { } image && IsReadable(image) ? ReadImage(image)
        : block.Get("document") is { } document && IsReadable(document) ? ReadDocument(document)
        : block.Get("citationsContent") is { } cited ? ReadCited(cited)
        : new OpaquePart(NameOf(block), block.Clone(), WireKind.BedrockConverse);

    private static ToolCallPart ReadCall(JsonElement call) =>
        new(call.Text("toolUseId") ?? "", call.Text("name") ?? "", call.TextOrRaw("input") ?? "{}");

    private static ToolResultPart ReadResult(JsonElement result) =>
        new(
            result.Text("toolUseId") ?? "",
            [.. result.Items("content").Select(c => c.Get("json") is { } json ? new TextPart(json.GetRawText()) : ReadBlock(c))],
            result.Text("status") == "error"
        );

    private static ReasoningPart ReadReasoning(JsonElement reasoning) =>
        reasoning.Text("redactedContent") is { } redacted
            ? new ReasoningPart("", null, redacted)
            : new ReasoningPart(reasoning.Get("reasoningText")?.Text("text") ?? "", reasoning.Get("reasoningText")?.Text("signature"));

    private static ImagePart ReadImage(JsonElement image) =>
        new(ConverseFormats.ImageType(image.Text("format")), Bytes(image), Place(image));

    private static DocumentPart ReadDocument(JsonElement document) =>
        new(ConverseFormats.DocumentType(document.Text("format")), Bytes(document), Place(document), document.Text("name"))
        {
            Text = document.Get("source")?.Text("text"),
            IsCited = document.Get("citations")?.Flag("enabled") == true,
        };

    private static TextPart ReadCited(JsonElement cited) =>
        new(string.Concat(cited.Items("content").Select(c => c.Text("text"))))
        {
            Citations =
            [
                .. cited
                    .Items("citations")
                    .Select(c => new Citation(null, c.Text("title"), null, null, null, c.Clone(), WireKind.BedrockConverse)),
            ],
        };

    private static bool IsReadable(JsonElement content) =>
        Bytes(content) is not null || Place(content) is not null || content.Get("source")?.Text("text") is not null;

    private static string? Bytes(JsonElement content) => content.Get("source")?.Text("bytes");

    private static string? Place(JsonElement content) => content.Get("source")?.Get("s3Location")?.Text("uri");

    private static string NameOf(JsonElement block) =>
        block.ValueKind == JsonValueKind.Object ? block.Members().Select(m => m.Name).FirstOrDefault() ?? "" : "";
}
