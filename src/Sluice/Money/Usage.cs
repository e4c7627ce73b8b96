namespace Sluice.Money;

/// <summary>What one attempt consumed, normalised over all wires.</summary>
/// <remarks>
/// Vendors count differently (Anthropic's input excludes cached tokens, OpenAI's includes them; Gemini reports reasoning beside the
/// output, others inside it). Here input always <em>includes</em> what was read from and written to a cache, and output always
/// <em>includes</em> reasoning, so that the parts can be priced without knowing the vendor.
/// </remarks>
public sealed record Usage
{
    /// <summary>Nothing was consumed.</summary>
    public static Usage None { get; } = new() { Evidence = UsageEvidence.Reported };

    /// <summary>All input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache; part of <see cref="InputTokens"/>.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the prompt cache for any duration; part of <see cref="InputTokens"/>.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Of <see cref="CacheWriteTokens"/>, those written for one hour (the rest lives five minutes).</summary>
    public long CacheWrite1hTokens { get; init; }

    /// <summary>Audio among the input tokens, cached audio included.</summary>
    public long InputAudioTokens { get; init; }

    /// <summary>Of <see cref="CacheReadTokens"/>, those of audio.</summary>
    public long CacheReadAudioTokens { get; init; }

    /// <summary>Images among the input tokens, cached ones included.</summary>
    public long InputImageTokens { get; init; }

    /// <summary>Of <see cref="CacheReadTokens"/>, those of images.</summary>
    public long CacheReadImageTokens { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Reasoning among the output tokens.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>Audio among the output tokens.</summary>
    public long OutputAudioTokens { get; init; }

    /// <summary>Images among the output tokens.</summary>
    public long OutputImageTokens { get; init; }

    /// <summary>Billed calls of server-side web search.</summary>
    public long WebSearchRequests { get; init; }

    /// <summary>
    /// What further steps of the same attempt consumed that the figures here leave out, as the provider's own totals do: a compaction
    /// of the conversation, the advice of another model. It is billed, and booked with the rest.
    /// </summary>
    public Usage? Beside { get; init; }

    /// <summary>The cost as the provider itself reported it; when present it wins over the price card.</summary>
    public Credits? ReportedCost { get; init; }

    /// <summary>Everything that is billed, <see cref="Beside"/> included, in one.</summary>
    internal Usage Whole() =>
        Beside is { } beside
            ? this with
            {
                InputTokens = InputTokens + beside.InputTokens,
                CacheReadTokens = CacheReadTokens + beside.CacheReadTokens,
                CacheWriteTokens = CacheWriteTokens + beside.CacheWriteTokens,
                CacheWrite1hTokens = CacheWrite1hTokens + beside.CacheWrite1hTokens,
                OutputTokens = OutputTokens + beside.OutputTokens,
                Beside = null,
            }
            : this;

    /// <summary>How these figures are known.</summary>
    public required UsageEvidence Evidence { get; init; }
}

/// <summary>How a usage figure is known.</summary>
public enum UsageEvidence
{
    /// <summary>The provider reported it.</summary>
    Reported,

    /// <summary>Computed from the bytes that were seen.</summary>
    Estimated,

    /// <summary>Nothing was seen; the worst case was assumed.</summary>
    Unknown,
}
