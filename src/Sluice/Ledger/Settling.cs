using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>What is known of an attempt when it is booked.</summary>
internal readonly record struct AttemptFacts
{
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Whether request bytes may have reached the provider.</summary>
    public required bool Sent { get; init; }

    /// <summary>The provider's status; <see langword="null"/> when no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>Usage as reported; <see langword="null"/> when it was not.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Whether the provider works on: what it will have consumed is not known yet.</summary>
    public bool WorksOn { get; init; }

    /// <summary>Bytes of content seen.</summary>
    public long ContentBytes { get; init; }

    /// <summary>Bytes in a token of the model, for an estimate.</summary>
    public decimal BytesPerToken { get; init; } = TokenRatios.Cautious;

    public AttemptFacts() { }
}

/// <summary>The settle rules: what an attempt is booked with, however it ended.</summary>
internal static class Settling
{
    /// <summary>Tokens that may have been produced and not yet sent when an answer was cut.</summary>
    private const int Slack = 256;

    public static (Credits Cost, Usage Usage) Of(
        AttemptFacts facts,
        ModelCard card,
        Price price,
        HoldBounds bounds,
        Credits hold,
        OnUnknown onUnknown
    )
    {
        return facts switch
        {
            { Sent: false } or { Status: < 200 or >= 300 } => (Credits.Zero, Usage.None),
            { WorksOn: true } => (hold, Worst(bounds, UsageEvidence.Unknown)),
            { Outcome: AttemptOutcome.Completed, Usage: { } usage } => (Pricing.Cost(price, usage), usage.Whole()),
            { Status: null } when onUnknown == OnUnknown.Hold => (hold, Worst(bounds, UsageEvidence.Unknown)),
            // What was reasoned in hiding was not seen, and nobody says how much it was.
            _ when card.Reasoning => (hold, Worst(bounds, UsageEvidence.Unknown)),
            _ => Estimate(facts, price, bounds, hold),
        };
    }

    private static (Credits, Usage) Estimate(AttemptFacts facts, Price price, HoldBounds bounds, Credits hold)
    {
        var slack = facts.Outcome == AttemptOutcome.Completed ? 0 : Slack;
        var reported = facts.Usage?.Whole();
        var seen = Math.Ceiling(facts.ContentBytes / facts.BytesPerToken) + slack;
        var output = Math.Min(bounds.OutputTokens, Math.Max(seen, reported?.OutputTokens ?? 0));
        var input = reported is { InputTokens: > 0 } ? reported.InputTokens : bounds.InputTokens;
        var estimate = new Usage
        {
            InputTokens = (long)input,
            OutputTokens = (long)output,
            Evidence = UsageEvidence.Estimated,
        };
        return (Credits.Min(hold, Pricing.WorstCase(price, input, output)), estimate);
    }

    private static Usage Worst(HoldBounds bounds, UsageEvidence evidence) =>
        new()
        {
            InputTokens = (long)bounds.InputTokens,
            OutputTokens = (long)bounds.OutputTokens,
            Evidence = evidence,
        };
}
