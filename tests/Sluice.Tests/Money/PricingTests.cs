using Sluice.Money;

namespace Sluice.Tests.Money;

public sealed class PricingTests
{
    private static readonly Price Sonnet = new()
    {
        Input = 3,
        Output = 15,
        CacheRead = 0.30m,
        CacheWrite = 3.75m,
        CacheWrite1h = 6,
        Tiers = [new PriceTier(200_000, new Price { Input = 6, Output = 22.5m })],
    };

    [Fact]
    public void Cost_ThousandInAndOut_IsExact() => Pricing.Cost(Sonnet, Reported(1000, 1000)).ShouldBe(Credits.FromDollars(0.018m));

    [Fact]
    public void Cost_CachedTokens_ArePricedApartAndOnce() =>
        Pricing
            .Cost(Sonnet, Reported(1000, 0) with { CacheReadTokens = 400, CacheWriteTokens = 300, CacheWrite1hTokens = 100 })
            .ShouldBe(Credits.FromDollars((300 * 3m + 400 * 0.3m + 200 * 3.75m + 100 * 6m) / 1_000_000));

    [Fact]
    public void Cost_LongPrompt_TakesTheTierForTheWholeCall() =>
        Pricing.Cost(Sonnet, Reported(200_001, 10)).ShouldBe(Credits.FromDollars((200_001 * 6m + 10 * 22.5m) / 1_000_000));

    [Fact]
    public void Cost_ReportedByProvider_Wins() =>
        Pricing.Cost(Sonnet, Reported(1000, 1000) with { ReportedCost = new Credits(7) }).ShouldBe(new Credits(7));

    [Fact]
    public void Cost_OfARequest_IsAddedOnceToThatOfItsTokens()
    {
        var price = Sonnet with { PerRequest = 0.04m };

        Pricing.Cost(price, Reported(1000, 1000)).ShouldBe(Credits.FromDollars(0.058m));
        Pricing.Cost(price, Reported(200_001, 0)).ShouldBe(Credits.FromDollars(200_001 * 6m / 1_000_000 + 0.04m));
        Pricing.WorstCase(price, 0, 0).ShouldBe(Credits.FromDollars(0.04m));
    }

    [Fact]
    public void WorstCase_NeverFallsShortOfAnyCost()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var input = random.Next(1, 400_000);
            var read = random.Next(0, input);
            var write = random.Next(0, input - read + 1);
            var usage = Reported(input, random.Next(0, 10_000)) with
            {
                CacheReadTokens = read,
                CacheWriteTokens = write,
                CacheWrite1hTokens = random.Next(0, write + 1),
            };
            Pricing.Cost(Sonnet, usage).ShouldBeLessThanOrEqualTo(Pricing.WorstCase(Sonnet, input, usage.OutputTokens));
        }
    }

    [Fact]
    public void Credits_Overflow_ThrowsInsteadOfWrapping() => Should.Throw<OverflowException>(() => Credits.Max + new Credits(1));

    private static Usage Reported(long input, long output) =>
        new()
        {
            InputTokens = input,
            OutputTokens = output,
            Evidence = UsageEvidence.Reported,
        };
}
