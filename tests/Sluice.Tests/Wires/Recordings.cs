using System.Text;
using Sluice.Catalog;
using YamlDotNet.RepresentationModel;

namespace Sluice.Tests.Wires;

/// <summary>An answer of a real provider, as it was recorded.</summary>
internal sealed record Recording(string Name, WireKind Wire, string? Request, int Status, byte[] Body)
{
    public bool Streamed =>
        Encoding
            .UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2000)))
            .Split('\n')
            .Any(l => l.StartsWith("data:", StringComparison.Ordinal) || l.StartsWith("event:", StringComparison.Ordinal));
}

/// <summary>The recordings of both wires, found by SLUICE_RECORDINGS.</summary>
internal static class Recordings
{
    public static string? Root => Environment.GetEnvironmentVariable("SLUICE_RECORDINGS") is { Length: > 0 } root ? root : null;

    /// <summary>Every recorded exchange of the wires that are spoken, from the cassettes.</summary>
    public static IReadOnlyList<Recording> All()
    {
        Assert.SkipWhen(Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");

        return
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root!, "cassettes"), "*.y*ml", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(Read),
        ];
    }

    private static IEnumerable<Recording> Read(string file)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(file))
        {
            yaml.Load(text);
        }

        var number = 0;
        foreach (var document in yaml.Documents)
        {
            foreach (var exchange in Exchanges((YamlMappingNode)document.RootNode))
            {
                if (WireOf(exchange.Path) is { } wire && exchange.Body.Length > 0)
                {
                    yield return new Recording(
                        $"{Path.GetRelativePath(Root!, file)}#{++number}",
                        wire,
                        exchange.Request,
                        exchange.Status,
                        exchange.Body
                    );
                }
            }
        }
    }

    private static WireKind? WireOf(string path) =>
        path.EndsWith("/chat/completions", StringComparison.Ordinal) ? WireKind.OpenAiChat
        : path.EndsWith("/messages", StringComparison.Ordinal) ? WireKind.AnthropicMessages
        : null;

    private static IEnumerable<(string Path, string? Request, int Status, byte[] Body)> Exchanges(YamlMappingNode root)
    {
        if (Child(root, "when") is YamlMappingNode when && Child(root, "then") is YamlMappingNode then)
        {
            yield return (
                Text(when, "path") ?? "",
                Text(when, "body"),
                int.Parse(Text(then, "status") ?? "200", System.Globalization.CultureInfo.InvariantCulture),
                BodyOf(then)
            );
            yield break;
        }

        foreach (var item in (Child(root, "interactions") ?? Child(root, "http_interactions")) as YamlSequenceNode ?? [])
        {
            if (Child(item, "request") is not YamlMappingNode request || Child(item, "response") is not YamlMappingNode response)
            {
                continue;
            }

            var uri = new Uri(Text(request, "uri") ?? "http://unknown");
            var status = Child(response, "status") is YamlMappingNode map ? Text(map, "code") : Text(response, "status");
            yield return (
                uri.AbsolutePath,
                StringOf(Child(request, "body")),
                int.TryParse(status, out var code) ? code : 200,
                BodyOf(response)
            );
        }
    }

    private static byte[] BodyOf(YamlMappingNode response)
    {
        var body = Child(response, "body");
        var text = StringOf(body) ?? "";
        var scalar = body is YamlMappingNode map ? Child(map, "string") : body;
        var encoded =
            Text(response, "body_encoding") == "base64"
            || scalar is { Tag.IsEmpty: false } && scalar.Tag.Value.EndsWith("binary", StringComparison.Ordinal);
        var bytes = encoded ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        return bytes is [0x1F, 0x8B, ..] ? Unzip(bytes) : bytes;
    }

    private static byte[] Unzip(byte[] bytes)
    {
        using var unzipped = new MemoryStream();
        using var zipped = new System.IO.Compression.GZipStream(new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress);
        zipped.CopyTo(unzipped);
        return unzipped.ToArray();
    }

    private static string? StringOf(YamlNode? body) =>
        body is YamlMappingNode map ? Text(map, "string") ?? Text(map, "text") : (body as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    private static string? Text(YamlMappingNode node, string name) => (Child(node, name) as YamlScalarNode)?.Value;
}
