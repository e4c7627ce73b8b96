using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Converse to and from our records.</summary>
internal sealed class BedrockCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => ConverseRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new ConverseRequestWriter(target, degradations).Write(request, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new ConverseAnswerReader();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new ConverseAnswerWriter();
}
