using FsCheck;
using FsCheck.Fluent;
using Sluice.Money;

namespace Sluice.Tests.Money;

public sealed class TokenRatiosTests
{
    private readonly TokenRatios _ratios = new();

    [Fact]
    public void Model_NobodyHasHeardOf_HasCautiousTokens() => _ratios.Of("m").ShouldBe(TokenRatios.Cautious);

    [Fact]
    public void Answers_AreBelievedWhenThereAreEnough()
    {
        for (var i = 0; i < 7; i++)
        {
            _ratios.Learn("m", 400, Reported(100));
        }

        _ratios.Of("m").ShouldBe(TokenRatios.Cautious);
        _ratios.Learn("m", 400, Reported(100));
        (_ratios.Of("m"), _ratios.Of("n")).ShouldBe((4m, TokenRatios.Cautious));
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(100, 50)]
    public void Answers_ThatSayLittle_TeachNothing(int output, int reasoning)
    {
        for (var i = 0; i < 20; i++)
        {
            _ratios.Learn("m", 400, Reported(output) with { ReasoningTokens = reasoning });
        }

        _ratios.Of("m").ShouldBe(TokenRatios.Cautious);
    }

    /// <summary>Whatever came before: the answer just learned would not be estimated at fewer tokens than it had, if it was dense.</summary>
    [Fact]
    public void Estimate_FollowsDenserAnswersAtOnceAndLighterOnesSlowly() =>
        Prop.ForAll(
                Gen.Choose(16, 4000).Two().ListOf(40).ToArbitrary(),
                answers =>
                {
                    var ratios = new TokenRatios();
                    foreach (var (bytes, tokens) in answers)
                    {
                        var before = ratios.Of("m");
                        ratios.Learn("m", bytes, Reported(tokens));
                        var (after, ratio) = (ratios.Of("m"), Math.Clamp(bytes / (decimal)tokens, 0.5m, 8m));
                        if (after != TokenRatios.Cautious && before != TokenRatios.Cautious)
                        {
                            after.ShouldBeLessThanOrEqualTo(Math.Max(ratio, before + (ratio - before) * 0.02m));
                            after.ShouldBeGreaterThanOrEqualTo(Math.Min(ratio, before));
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    private static Usage Reported(long output) => new() { OutputTokens = output, Evidence = UsageEvidence.Reported };
}
