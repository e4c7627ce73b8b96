using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Workers AI to and from our records. Where its models differ among themselves, it reads all and writes what most share with Chat Completions.</summary>
internal sealed class WorkersAiCodec : ICodec
{
    private readonly OpenAiChatCodec _chat = new();

    /// <summary>A request is one of Chat Completions but for a bare schema and settings of its own.</summary>
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var format = root.Get("response_format");
        var request = _chat.ReadRequest(body);
        return request with
        {
            TopK = root.Integer("top_k"),
            Format = format?.Text("type") switch
            {
                "json_object" => new ResponseFormat(null, null, null),
                "json_schema" => new ResponseFormat(null, format.Value.Get("json_schema")?.Clone(), null),
                _ => null,
            },
            Extensions = [.. request.Extensions.Where(e => e.Key != "top_k")],
            Origin = WireKind.WorkersAi,
        };
    }

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new WorkersAiRequestWriter(target, degradations).Write(request, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new WorkersAiAnswerReader(dialect);

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => _chat.WriteAnswer(identity);
}
