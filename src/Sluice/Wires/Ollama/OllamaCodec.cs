using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.Ollama;

/// <summary>Ollama's chat to and from our records.</summary>
internal sealed class OllamaCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => OllamaRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new OllamaRequestWriter(degradations).Write(request, target, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new OllamaAnswerReader();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new OllamaAnswerWriter(identity, chat: true);
}
