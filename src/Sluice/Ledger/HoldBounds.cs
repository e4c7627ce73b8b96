using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>The most one attempt can consume, known before it starts.</summary>
/// <param name="InputTokens">No tokenizer makes more tokens than there are bytes.</param>
/// <param name="OutputTokens">The output limit × choices.</param>
internal readonly record struct HoldBounds(decimal InputTokens, decimal OutputTokens)
{
    /// <summary>Tokens that vendors add around messages and tools, beyond the bytes of the body.</summary>
    private const int Overhead = 1024;

    /// <summary>Rounds of a provider's own tools, each of which may read the whole window again.</summary>
    private const int ServerToolRounds = 10;

    public static HoldBounds Of(CallFeatures features, ModelCard card, long bodyBytes, long outputLimit)
    {
        var window = (decimal)card.ContextWindow * Math.Max(1, features.Inputs);
        var input =
            features.ServerTools ? window * ServerToolRounds
            : features.UnboundedInput ? window
            : Math.Min(bodyBytes + Overhead + (decimal)features.Images * card.ImageTokens, window);
        return new HoldBounds(input, (decimal)outputLimit * Math.Max(1, features.Choices));
    }

    /// <summary>What has to be held for them.</summary>
    public Credits At(Price price) => Pricing.WorstCase(price, InputTokens, OutputTokens);
}
