using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;

namespace Sluice.Storage.Sqlite;

/// <summary>The texts of a revision as they lie in the database: a thousand revisions repeat themselves, and are packed.</summary>
internal static class RevisionContent
{
    public static byte[] Pack(Revision revision)
    {
        var files = revision.Files.Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["text"] = f.Text });
        var json = new JsonObject { ["merged"] = revision.Merged, ["files"] = new JsonArray([.. files]) };
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
        {
            brotli.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
        }

        return packed.ToArray();
    }

    public static (string Merged, ImmutableArray<SourceText> Files) Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        var json = JsonNode.Parse(brotli)!;
        var files = json["files"]!.AsArray().Select(f => new SourceText(f!["path"]!.GetValue<string>(), f["text"]!.GetValue<string>()));
        return (json["merged"]!.GetValue<string>(), [.. files]);
    }

    public static JsonArray Write(IEnumerable<ConfigurationChange> changes) =>
        new([
            .. changes.Select(c =>
                (JsonNode)
                    new JsonObject
                    {
                        ["kind"] = c.Kind,
                        ["pointer"] = c.Pointer,
                        ["before"] = Node(c.Before),
                        ["after"] = Node(c.After),
                    }
            ),
        ]);

    public static ImmutableArray<ConfigurationChange> ReadChanges(string json) =>
        [
            .. JsonNode
                .Parse(json)!
                .AsArray()
                .Select(c => new ConfigurationChange(
                    c!["pointer"]!.GetValue<string>(),
                    ReadableJson.Of(c["before"]),
                    ReadableJson.Of(c["after"])
                )),
        ];

    private static JsonNode? Node(string? json) => json is null ? null : JsonNode.Parse(json);
}
