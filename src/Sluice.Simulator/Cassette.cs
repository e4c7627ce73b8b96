using System.Globalization;
using System.IO.Compression;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Sluice.Simulator;

/// <summary>A request that a provider was sent, and what it answered.</summary>
/// <param name="Path">The path it was sent to.</param>
/// <param name="Request">Its body; <see langword="null"/> where none was recorded.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Body">The answer's body, decompressed.</param>
internal sealed record RecordedExchange(string Path, string? Request, int Status, byte[] Body);

/// <summary>Reads recorded exchanges from YAML: those of VCR, lists of requests and responses, and documents of <c>when</c> and <c>then</c>.</summary>
internal static class Cassette
{
    /// <summary>The exchanges of a file in their order.</summary>
    public static IReadOnlyList<RecordedExchange> Read(string file)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(file))
        {
            yaml.Load(text);
        }

        return [.. yaml.Documents.SelectMany(document => Exchanges((YamlMappingNode)document.RootNode))];
    }

    private static IEnumerable<RecordedExchange> Exchanges(YamlMappingNode root)
    {
        if (Child(root, "when") is YamlMappingNode when && Child(root, "then") is YamlMappingNode then)
        {
            yield return new RecordedExchange(Text(when, "path") ?? "", Text(when, "body"), StatusOf(Text(then, "status")), BodyOf(then));
            yield break;
        }

        if (Child(root, "requests") is YamlSequenceNode requests && Child(root, "responses") is YamlSequenceNode responses)
        {
            foreach (var (sent, answered) in requests.Zip(responses))
            {
                yield return Exchange((YamlMappingNode)sent, (YamlMappingNode)answered);
            }

            yield break;
        }

        foreach (var item in (Child(root, "interactions") ?? Child(root, "http_interactions")) as YamlSequenceNode ?? [])
        {
            if (Child(item, "request") is not YamlMappingNode request || Child(item, "response") is not YamlMappingNode response)
            {
                continue;
            }

            yield return Exchange(request, response);
        }
    }

    private static RecordedExchange Exchange(YamlMappingNode request, YamlMappingNode response)
    {
        var uri = new Uri(Text(request, "uri") ?? "http://unknown");
        var status = Child(response, "status") is YamlMappingNode map ? Text(map, "code") : Text(response, "status");
        var body = Child(request, "body");
        var text = IsBinary(body) ? Encoding.UTF8.GetString(Convert.FromBase64String(((YamlScalarNode)body!).Value!)) : StringOf(body);
        return new RecordedExchange(uri.AbsolutePath, text, StatusOf(status), BodyOf(response));
    }

    private static int StatusOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 200;

    private static byte[] BodyOf(YamlMappingNode response)
    {
        var body = Child(response, "body");
        var text = StringOf(body) ?? "";
        var scalar = body is YamlMappingNode map ? Child(map, "string") : body;
        var encoded = Text(response, "body_encoding") == "base64" || IsBinary(scalar);
        var bytes = encoded ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        return bytes is [0x1F, 0x8B, ..] ? Unzip(bytes) : bytes;
    }

    private static bool IsBinary(YamlNode? node) =>
        node is { Tag.IsEmpty: false } && node.Tag.Value.EndsWith("binary", StringComparison.Ordinal);

    private static byte[] Unzip(byte[] bytes)
    {
        using var unzipped = new MemoryStream();
        using var zipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        zipped.CopyTo(unzipped);
        return unzipped.ToArray();
    }

    private static string? StringOf(YamlNode? body) =>
        body is YamlMappingNode map ? Text(map, "string") ?? Text(map, "text") : (body as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    private static string? Text(YamlMappingNode node, string name) => (Child(node, name) as YamlScalarNode)?.Value;
}
