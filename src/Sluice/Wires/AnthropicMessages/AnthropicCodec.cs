using System.Buffers;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Messages to and from our records.</summary>
internal sealed class AnthropicCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => throw new NotSupportedException();

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        throw new NotSupportedException();

    public IAnswerReader ReadAnswer() => throw new NotSupportedException();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => throw new NotSupportedException();
}
