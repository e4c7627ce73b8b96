using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Tests.Ledger;

/// <summary>What an attempt is held for, and what it is booked with however it ends.</summary>
public sealed class SettlingTests
{
    private static readonly Price OneAndTwo = new() { Input = 1, Output = 2 };

    private static readonly ModelCard Card = ModelCard.OfLocal("p", "m") with
    {
        ContextWindow = 10_000,
        MaxOutput = 4_000,
        Price = OneAndTwo,
    };

    private static readonly HoldBounds Bounds = new(2_000, 1_000);
    private static readonly Credits Hold = Bounds.At(OneAndTwo);

    [Theory]
    [InlineData(false, false, 1, 1_024 + 500, 300)]
    [InlineData(false, false, 4, 1_024 + 500, 1_200)]
    [InlineData(false, true, 1, 10_000, 300)]
    [InlineData(true, false, 1, 100_000, 300)]
    public void HoldBounds_AreTheMostThatCanBeConsumed(bool serverTools, bool unbounded, int choices, int input, int output)
    {
        var features = new CallFeatures
        {
            ServerTools = serverTools,
            UnboundedInput = unbounded,
            Choices = choices,
        };

        HoldBounds
            .Of(features, Card, bodyBytes: 500, outputLimit: 300, serverToolRounds: 10)
            .ShouldBe(new HoldBounds(input, output, serverTools ? 10 : 0));
    }

    [Fact]
    public void HoldBounds_ToolsOfTheProvider_HoldASearchForEachRound()
    {
        var bounds = HoldBounds.Of(new CallFeatures { ServerTools = true }, Card, bodyBytes: 500, outputLimit: 1, serverToolRounds: 3);

        bounds.At(OneAndTwo with { WebSearchPerThousand = 10 }).ShouldBe(bounds.At(OneAndTwo) + Credits.FromDollars(0.03m));
    }

    [Fact]
    public void HoldBounds_LongBody_IsNoMoreThanTheWindow() =>
        HoldBounds.Of(new CallFeatures(), Card, bodyBytes: 5_000_000, outputLimit: 1, serverToolRounds: 10).InputTokens.ShouldBe(10_000);

    [Theory]
    [InlineData(1, 1_024 + 500 + 300)]
    [InlineData(3, 1_024 + 500 + 900)]
    [InlineData(1_000, 10_000)]
    public void HoldBounds_Images_CountWithTheMostEachMayBe(int images, int input) =>
        HoldBounds
            .Of(new CallFeatures { Images = images }, Card with { ImageTokens = 300 }, bodyBytes: 500, outputLimit: 1, serverToolRounds: 10)
            .InputTokens.ShouldBe(input);

    [Fact]
    public void Completed_ReportedUsage_IsPriced()
    {
        var (cost, usage) = Settle(Facts(AttemptOutcome.Completed) with { Usage = Usage(100, 50) });

        cost.ShouldBe(new Credits(100 * 1_000 + 50 * 2_000));
        usage.Evidence.ShouldBe(UsageEvidence.Reported);
    }

    [Fact]
    public void Completed_NoUsage_IsEstimatedFromWhatWasSeen()
    {
        var (cost, usage) = Settle(Facts(AttemptOutcome.Completed) with { ContentBytes = 101 });

        (usage.InputTokens, usage.OutputTokens, usage.Evidence).ShouldBe((2_000, 51, UsageEvidence.Estimated));
        cost.ShouldBe(new Credits(2_000 * 1_000 + 51 * 2_000));
    }

    [Fact]
    public void Completed_NoUsageOfAModelThatReasonsInHiding_CostsTheWholeHold() =>
        Settle(Facts(AttemptOutcome.Completed) with { ContentBytes = 101 }, Card with { Reasoning = true }).Cost.ShouldBe(Hold);

    [Fact]
    public void Cut_ReportedInput_AddsSlackForWhatWasNotSentAnyMore()
    {
        var (_, usage) = Settle(Facts(AttemptOutcome.Cut) with { Usage = Usage(80, 1), ContentBytes = 40 });

        (usage.InputTokens, usage.OutputTokens).ShouldBe((80, 20 + 256));
    }

    [Fact]
    public void Aborted_NeverCostsMoreThanItsHold() =>
        Settle(Facts(AttemptOutcome.Aborted) with { ContentBytes = 1_000_000 }).Cost.ShouldBe(Hold);

    [Theory]
    [InlineData(AttemptOutcome.Cut)]
    [InlineData(AttemptOutcome.Aborted)]
    public void Unfinished_HiddenReasoning_CostsTheWholeHold(AttemptOutcome outcome) =>
        Settle(Facts(outcome), Card with { Reasoning = true }).Cost.ShouldBe(Hold);

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    public void Failed_StatusOfAnError_CostsNothing(int status) =>
        Settle(Facts(AttemptOutcome.Failed) with { Status = status }).ShouldBe((Credits.Zero, Sluice.Money.Usage.None));

    [Fact]
    public void Failed_NotSent_CostsNothing() =>
        Settle(Facts(AttemptOutcome.Failed) with { Sent = false, Status = null }).Cost.ShouldBe(Credits.Zero);

    [Fact]
    public void Failed_SentAndNothingCameBack_IsAsConfigured()
    {
        var facts = Facts(AttemptOutcome.Failed) with { Status = null };

        Settle(facts).Cost.ShouldBe(Hold);
        Settling.Of(facts, Card, Card.Price!, Bounds, Hold, OnUnknown.Estimate).Cost.ShouldBe(new Credits(2_000 * 1_000 + 256 * 2_000));
    }

    private static (Credits Cost, Usage Usage) Settle(AttemptFacts facts, ModelCard? card = null) =>
        Settling.Of(facts, card ?? Card, (card ?? Card).Price!, Bounds, Hold, OnUnknown.Hold);

    private static AttemptFacts Facts(AttemptOutcome outcome) =>
        new()
        {
            Outcome = outcome,
            Sent = true,
            Status = 200,
        };

    private static Usage Usage(long input, long output) =>
        new()
        {
            InputTokens = input,
            OutputTokens = output,
            Evidence = UsageEvidence.Reported,
        };
}
