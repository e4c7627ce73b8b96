using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>A single prompt to and from our records; towards a provider it is a chat.</summary>
internal sealed class OllamaPromptCodec : ICodec
{
    private static readonly HashSet<string> Known =
    [
        "model",
        "prompt",
        "system",
        "images",
        "suffix",
        "stream",
        "format",
        "options",
        "think",
        "logprobs",
        "top_logprobs",
    ];

    private readonly OllamaCodec _chat = new();

    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var read = OllamaSettingsReader.Read(root, Known);
        return read with
        {
            System = root.Text("system") is { Length: > 0 } system ? [new TextPart(system)] : [],
            Messages = [new Message(Role.User, [new TextPart(root.Text("prompt") ?? ""), .. OllamaRequestReader.ReadImages(root)])],
            Extensions = [.. read.Extensions.Where(e => !SaysNothing(e.Value))],
        };
    }

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        _chat.WriteRequest(request, target, degradations, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => _chat.ReadAnswer(dialect);

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new OllamaAnswerWriter(identity, chat: false);

    /// <summary>Some clients send every member they know: <c>raw: false</c>, an empty template.</summary>
    private static bool SaysNothing(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => value.GetString()!.Length == 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            _ => false,
        };
}
