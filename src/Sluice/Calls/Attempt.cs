using Sluice.Money;

namespace Sluice.Calls;

/// <summary>The facts of one try of one target, as gates, ledger, telemetry and the receipt all see them.</summary>
public sealed record Attempt
{
    /// <summary>1 for the first attempt of a call.</summary>
    public required int Number { get; init; }

    /// <summary>The route whose target was tried: the actual route, which a fallback makes differ from the one asked for.</summary>
    public required string Route { get; init; }

    /// <summary>The provider's name in the configuration.</summary>
    public required string Provider { get; init; }

    /// <summary>The model id the provider was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Which key of the provider's pool was used; safe to show.</summary>
    public required string Credential { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took until its last byte or its failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Until the first content; <see langword="null"/> when there was none.</summary>
    public TimeSpan? TimeToFirstContent { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The class of its failure; <see langword="null"/> for a completed attempt.</summary>
    public FailureClass? Failure { get; init; }

    /// <summary>Why it failed, in words that may reach the caller.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the provider asked us to stay away.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's HTTP status, where there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>Whether another attempt was under way beside it: it was slow and hedged, or is the hedge.</summary>
    public bool Hedged { get; init; }

    /// <summary>How many frames of its stream could not be read and were left out: the provider does not send what it documents.</summary>
    public int SkippedFrames { get; init; }

    /// <summary>The finish reason in the provider's own words.</summary>
    public string? FinishReason { get; init; }

    /// <summary>What it consumed.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>What was held for it before it started.</summary>
    public Credits Hold { get; init; }

    /// <summary>What it cost.</summary>
    public Credits Cost { get; init; }
}

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>The answer is whole.</summary>
    Completed,

    /// <summary>It failed before any content reached the caller.</summary>
    Failed,

    /// <summary>Content was sent, then the answer ended without its terminal event or with an error.</summary>
    Cut,

    /// <summary>The caller went away, or another attempt answered first.</summary>
    Aborted,
}
