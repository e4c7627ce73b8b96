using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Messages to and from our records.</summary>
internal sealed class AnthropicCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => MessagesRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new MessagesRequestWriter(target, degradations).Write(request, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new MessagesAnswerReader();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new MessagesAnswerWriter(identity);
}
