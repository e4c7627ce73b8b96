using System.Buffers;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Responses to and from our records.</summary>
internal sealed class ResponsesCodec : ICodec
{
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => ResponsesRequestReader.Read(body);

    public void WriteRequest(ChatRequest request, Target target, ICollection<Degradation> degradations, IBufferWriter<byte> output) =>
        new ResponsesRequestWriter(degradations).Write(request, target, output);

    public IAnswerReader ReadAnswer(Dialect dialect) => new ResponsesAnswerReader();

    public IAnswerWriter WriteAnswer(AnswerIdentity identity) => new ResponsesAnswerWriter(identity);
}
