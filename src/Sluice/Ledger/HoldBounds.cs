using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>The most one attempt can consume, known before it starts.</summary>
/// <param name="InputTokens">No tokenizer makes more tokens than there are bytes.</param>
/// <param name="OutputTokens">The output limit × choices.</param>
/// <param name="Searches">Searches of the provider's own, each with a fee.</param>
internal readonly record struct HoldBounds(decimal InputTokens, decimal OutputTokens, int Searches = 0)
{
    /// <summary>Tokens that vendors add around messages and tools, beyond the bytes of the body.</summary>
    private const int Overhead = 1024;

    /// <param name="features">What is asked.</param>
    /// <param name="card">Who is asked.</param>
    /// <param name="bodyBytes">The length of the request.</param>
    /// <param name="outputLimit">In tokens.</param>
    /// <param name="serverToolRounds">How often the provider may run its own tools; after each it may read the whole window again.</param>
    public static HoldBounds Of(CallFeatures features, ModelCard card, long bodyBytes, long outputLimit, int serverToolRounds)
    {
        var window = (decimal)card.ContextWindow * Math.Max(1, features.Inputs);
        var input =
            features.ServerTools ? window * serverToolRounds
            : features.UnboundedInput ? window
            : Math.Min(bodyBytes + Overhead + (decimal)features.Images * card.ImageTokens, window);
        var output = (decimal)outputLimit * Math.Max(1, features.Choices);
        return new HoldBounds(input, output, features.ServerTools ? serverToolRounds : 0);
    }

    /// <summary>What has to be held for them.</summary>
    public Credits At(Price price) => Pricing.WorstCase(price, InputTokens, OutputTokens, Searches);
}
