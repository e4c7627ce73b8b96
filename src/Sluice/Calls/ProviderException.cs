using Sluice.Money;

namespace Sluice.Calls;

/// <summary>The one exception a wire throws: an attempt failed, with its class.</summary>
/// <remarks><see cref="Exception.Message"/> may reach the caller. <see cref="Detail"/> holds the provider's own words and does not.</remarks>
internal sealed class ProviderException(FailureClass failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureClass Failure { get; } = failure;

    /// <summary>The HTTP status, where there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long the provider asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's own body or message; for logs and for keys that may see it.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether request bytes may have reached the provider, so that it may bill for them.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>The model answers whole only: the same target is to be asked again without a stream.</summary>
    public bool CannotStream { get; init; }

    /// <summary>What the provider said it had used before it failed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Set where a content gate did not let the answer through.</summary>
    public Denial? Denial { get; init; }

    /// <summary>The same failure, of an answer that had begun: it is settled by what was seen of it.</summary>
    public ProviderException OfBegun(int status, Usage? usage) =>
        new(Failure, Message, InnerException)
        {
            Status = Status ?? status,
            RetryAfter = RetryAfter,
            Detail = Detail,
            Sent = true,
            Usage = usage,
            Denial = Denial,
        };
}

/// <summary>What is known of an answer that a content gate did not let through.</summary>
/// <param name="GoesOn">Whether the next target is tried.</param>
/// <param name="Whole">Whether all of it had come.</param>
/// <param name="ContentBytes">Bytes of content that had come.</param>
internal sealed record Denial(bool GoesOn, bool Whole, long ContentBytes);
