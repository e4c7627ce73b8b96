using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Reads a chat request of Ollama's.</summary>
internal static class OllamaRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "model",
        "messages",
        "tools",
        "stream",
        "format",
        "options",
        "think",
        "logprobs",
        "top_logprobs",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var calls = new OllamaCallIds();
        var messages = root.Items("messages").Select(m => ReadMessage(m, calls)).ToList();
        var leading = messages.TakeWhile(m => m.Role == Role.System).ToList();
        return OllamaSettingsReader.Read(root, Known) with
        {
            System = [.. leading.SelectMany(m => m.Parts)],
            Messages = messages[leading.Count..],
            Tools = [.. root.Items("tools").Select(ReadTool).OfType<Tool>()],
        };
    }

    /// <summary>Images as bare base64.</summary>
    public static IEnumerable<ImagePart> ReadImages(JsonElement element) =>
        element
            .Items("images")
            .Where(i => i.ValueKind == JsonValueKind.String)
            .Select(i =>
                DataUrl.TryRead(i.GetString()!, out var media, out var data)
                    ? new ImagePart(media, data, null)
                    : new ImagePart(ImageType.OfBase64(i.GetString()!), i.GetString(), null)
            );

    private static Message ReadMessage(JsonElement message, OllamaCallIds calls)
    {
        IEnumerable<Part> text = message.Text("content") is { Length: > 0 } content ? [new TextPart(content)] : [];
        switch (message.Text("role"))
        {
            case "system":
                return new Message(Role.System, [.. text]);
            case "assistant":
                IEnumerable<Part> thinking = message.Text("thinking") is { Length: > 0 } thought ? [new ReasoningPart(thought, null)] : [];
                return new Message(
                    Role.Assistant,
                    [.. thinking, .. text, .. message.Items("tool_calls").Select(calls.Read).OfType<Part>()]
                );
            case "tool":
                return new Message(Role.User, [calls.Answered(message, [.. text, .. ReadImages(message)])]);
            default:
                return new Message(Role.User, [.. text, .. ReadImages(message)]);
        }
    }

    private static Tool? ReadTool(JsonElement tool) =>
        tool.Get("function") is { } function && function.Text("name") is { } name
            ? new Tool(name, function.Text("description"), function.Get("parameters")?.Clone(), Strict: null)
            : null;
}
