using System.Text.Json;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Money;

namespace Sluice.Tests.Money;

/// <summary>What each rate of a configuration changes in what a call costs, of a price and of its tier for long input.</summary>
public sealed class RateOptionTests
{
    /// <summary>Something of everything that has a rate, and a call above the tier.</summary>
    private static readonly Usage Everything = new()
    {
        InputTokens = 100_000,
        CacheReadTokens = 10_000,
        CacheWriteTokens = 10_000,
        CacheWrite1hTokens = 4_000,
        InputAudioTokens = 9_000,
        CacheReadAudioTokens = 2_000,
        InputImageTokens = 8_000,
        CacheReadImageTokens = 1_000,
        OutputTokens = 10_000,
        OutputAudioTokens = 3_000,
        OutputImageTokens = 5_000,
        WebSearchRequests = 7,
        Evidence = UsageEvidence.Reported,
    };

    public static TheoryData<string> Rates() =>
        [.. ConfigurationMembers.Sections["priceTier"].Select(m => m.Name).Where(n => n != "above")];

    [Theory]
    [MemberData(nameof(Rates))]
    [ChangesBehaviour(
        "model.price",
        "price.input",
        "price.output",
        "price.cacheRead",
        "price.cacheWrite",
        "price.cacheWrite1h",
        "price.inputAudio",
        "price.outputAudio",
        "price.cacheReadAudio",
        "price.inputImage",
        "price.outputImage",
        "price.cacheReadImage",
        "price.webSearchPerThousand",
        "price.tiers",
        "priceTier.above",
        "priceTier.input",
        "priceTier.output",
        "priceTier.cacheRead",
        "priceTier.cacheWrite",
        "priceTier.cacheWrite1h",
        "priceTier.inputAudio",
        "priceTier.outputAudio",
        "priceTier.cacheReadAudio",
        "priceTier.inputImage",
        "priceTier.outputImage",
        "priceTier.cacheReadImage",
        "priceTier.webSearchPerThousand"
    )]
    public void Rate_ChangesWhatACallCosts(string rate)
    {
        var plain = Cost(Section());

        Cost(Section((rate, "77"))).ShouldBeGreaterThan(plain);
        Cost(Section(tier: (rate, "77"))).ShouldBeGreaterThan(plain);
        Cost(Section(tier: (rate, "77"), above: 100_000)).ShouldBe(plain, "the call is not longer than that");
    }

    [Fact]
    [ChangesBehaviour("price.perRequest")]
    public void PerRequest_IsAddedToEveryCall() => (Cost(Section(("perRequest", "2"))) - Cost(Section())).ShouldBe(Credits.FromDollars(2));

    private static string Section((string Name, string Value)? rate = null, (string Name, string Value)? tier = null, int above = 99_999)
    {
        var price = new Dictionary<string, object> { ["input"] = "1", ["output"] = "2" };
        if (rate is var (name, value))
        {
            price[name] = value;
        }

        if (tier is var (inTier, its))
        {
            price["tiers"] = new[]
            {
                new Dictionary<string, object> { ["above"] = above, [inTier] = its },
            };
        }

        return JsonSerializer.Serialize(price);
    }

    private static Credits Cost(string price) =>
        Pricing.Cost(
            new ConfigurationCompiler(_ => "key")
                .CompileText(
                    $$"""{ "providers": { "openai": {} }, "models": { "openai/new": { "price": {{price}} } }, "routes": { "r": { "targets": ["openai/new"] } } }""",
                    "/",
                    1
                )
                .Models.Find("openai", "new")!
                .Price!,
            Everything
        );
}
