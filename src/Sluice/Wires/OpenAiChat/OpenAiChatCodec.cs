using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Chat Completions to and from our records.</summary>
internal sealed class OpenAiChatCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => ChatRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new ChatRequestWriter(target, degradations).Write(request, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new ChatAnswerReader(dialect);

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new ChatAnswerWriter(identity);
}
