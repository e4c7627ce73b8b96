using Microsoft.Extensions.AI;
using Sluice.Calls;

namespace Sluice;

/// <summary>What Sluice adds to the answers of an <see cref="IChatClient"/> and of an embedding generator.</summary>
public static class SluiceChatExtensions
{
    internal const string ReceiptKey = "sluice.receipt";

    /// <summary>The call's receipt: attempts, the target that answered, usage and cost; <see langword="null"/> for an answer that is not Sluice's.</summary>
    public static Receipt? GetReceipt(this ChatResponse response) => Find(response.AdditionalProperties);

    /// <summary>The receipt, which the last update of a stream carries; <see langword="null"/> on all others.</summary>
    public static Receipt? GetReceipt(this ChatResponseUpdate update) => Find(update.AdditionalProperties);

    /// <summary>The receipt of an embedding call; <see langword="null"/> for embeddings that are not Sluice's.</summary>
    public static Receipt? GetReceipt(this GeneratedEmbeddings<Embedding<float>> embeddings) => Find(embeddings.AdditionalProperties);

    private static Receipt? Find(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(ReceiptKey, out var value) == true ? value as Receipt : null;
}
