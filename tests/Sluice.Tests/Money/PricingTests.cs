using System.Globalization;
using Sluice.Catalog;
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
    public void Cost_OfStepsBeside_IsPartOfTheWhole()
    {
        var usage = Reported(100, 10) with { Beside = Reported(5000, 50) with { CacheReadTokens = 1000 } };

        Pricing
            .Cost(Sonnet with { PerRequest = 0.01m }, usage)
            .ShouldBe(Credits.FromDollars((4100 * 3m + 1000 * 0.3m + 60 * 15m) / 1_000_000 + 0.01m));
        usage.Whole().ShouldBe(Reported(5100, 60) with { CacheReadTokens = 1000 });
    }

    [Fact]
    public void Cost_OfARequest_IsAddedOnceToThatOfItsTokens()
    {
        var price = Sonnet with { PerRequest = 0.04m };

        Pricing.Cost(price, Reported(1000, 1000)).ShouldBe(Credits.FromDollars(0.058m));
        Pricing.Cost(price, Reported(200_001, 0)).ShouldBe(Credits.FromDollars(200_001 * 6m / 1_000_000 + 0.04m));
        Pricing.WorstCase(price, 0, 0).ShouldBe(Credits.FromDollars(0.04m));
    }

    [Fact]
    public void Cost_AudioAndImages_ArePricedApartCachedOrNot()
    {
        var price = Sonnet with { InputAudio = 30, CacheReadAudio = 2, InputImage = 8, CacheReadImage = 1, OutputImage = 40 };
        var usage = Reported(1000, 100) with
        {
            CacheReadTokens = 300,
            InputAudioTokens = 200,
            CacheReadAudioTokens = 50,
            InputImageTokens = 150,
            CacheReadImageTokens = 30,
            OutputImageTokens = 60,
        };

        var input = 430 * 3m + 220 * 0.3m + 150 * 30m + 50 * 2m + 120 * 8m + 30 * 1m;
        Pricing.Cost(price, usage).ShouldBe(Credits.FromDollars((input + 40 * 15m + 60 * 40m) / 1_000_000));
    }

    [Theory]
    [InlineData("2026-08-31T23:59:59Z", 2)]
    [InlineData("2026-09-01T05:00:00Z", 3)]
    [InlineData("2026-09-02T01:00:00+02:00", 1)]
    [InlineData("2026-09-01T22:59:59Z", 3)]
    [InlineData("2026-09-02T04:00:00Z", 3)]
    public void Price_FollowsDaysAndHours(string moment, int input)
    {
        var card = ModelCard.OfLocal("p", "m") with
        {
            Price = new Price { Input = 2, Output = 2 },
            Schedule =
            [
                new ScheduledPrice(new DateOnly(2026, 9, 1), null, new Price { Input = 3, Output = 3 }),
                new ScheduledPrice(
                    new DateOnly(2026, 9, 1),
                    new DailyHours(new TimeOnly(23, 0), new TimeOnly(4, 0)),
                    new Price { Input = 1, Output = 1 }
                ),
            ],
        };

        card.PriceAt(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture))!.Input.ShouldBe(input);
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
