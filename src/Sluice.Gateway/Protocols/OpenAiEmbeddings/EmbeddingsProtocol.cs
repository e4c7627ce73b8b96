using Sluice.Catalog;
using Sluice.Gateway.Protocols.OpenAiChat;

namespace Sluice.Gateway.Protocols.OpenAiEmbeddings;

/// <summary>Embeddings for OpenAI's clients, who know its errors from chat.</summary>
internal sealed class EmbeddingsProtocol : IClientProtocol
{
    private readonly ChatProtocol _chat = new();

    public WireKind Wire => WireKind.OpenAiEmbeddings;

    public byte[] Error(ClientError error) => _chat.Error(error);

    public byte[] ErrorEvent(ClientError error) => _chat.ErrorEvent(error);
}
