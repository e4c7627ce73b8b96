using Microsoft.Extensions.AI;
using Sluice.Calls;
using Sluice.Client;

namespace Sluice;

/// <summary>What Sluice adds to the answers of an <see cref="IChatClient"/> and of an embedding generator. It is stored with them.</summary>
public static class SluiceChatExtensions
{
    extension(ChatFinishReason)
    {
        /// <summary>The provider paused a long turn of its own tools; it goes on when the conversation so far is sent again.</summary>
        public static ChatFinishReason Paused => new("pause_turn");
    }

    /// <summary>The call's receipt: attempts, the target that answered, usage and cost; <see langword="null"/> for an answer that is not Sluice's.</summary>
    public static Receipt? GetReceipt(this ChatResponse response) => ReceiptJson.Read(response.AdditionalProperties);

    /// <summary>The receipt, which the last update of a stream carries; <see langword="null"/> on all others.</summary>
    public static Receipt? GetReceipt(this ChatResponseUpdate update) => ReceiptJson.Read(update.AdditionalProperties);

    /// <summary>The receipt of an embedding call; <see langword="null"/> for embeddings that are not Sluice's.</summary>
    public static Receipt? GetReceipt(this GeneratedEmbeddings<Embedding<float>> embeddings) =>
        ReceiptJson.Read(embeddings.AdditionalProperties);

    /// <summary>The probabilities of the answer's tokens, where <c>Logprobs</c> was asked for and the target reports them; else <see langword="null"/>.</summary>
    public static IReadOnlyList<TokenLogprob>? GetLogprobs(this ChatResponse response) =>
        LogprobsProjection.Read(response.AdditionalProperties.Element(Properties.Logprobs));

    /// <summary>The stop sequence that ended the answer, where the provider tells; else <see langword="null"/>.</summary>
    public static string? GetStopSequence(this ChatResponse response) => response.AdditionalProperties.Text(Properties.StopSequence);
}

/// <summary>How likely a token was.</summary>
/// <param name="Token">Its text.</param>
/// <param name="Logprob">The natural logarithm of its probability.</param>
/// <param name="TopLogprobs">The likeliest tokens in its place, as many as were asked for.</param>
public sealed record TokenLogprob(string Token, double Logprob, IReadOnlyList<TokenLogprob> TopLogprobs);
