using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Gemini's protocol to and from our records.</summary>
internal sealed class GeminiCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => GeminiRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new GeminiRequestWriter(degradations).Write(request, target, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new GeminiAnswerReader();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new GeminiAnswerWriter(identity);
}
