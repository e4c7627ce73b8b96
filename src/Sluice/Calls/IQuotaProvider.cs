namespace Sluice.Calls;

/// <summary>An outside authority over what tenants may consume: asked before every attempt, told after it.</summary>
/// <remarks>Register one as a service beside <c>AddSluice</c>, or let a gateway ask one over HTTP: <c>quota</c> in the configuration.</remarks>
public interface IQuotaProvider
{
    /// <summary>Whether an attempt may start. Asked anew for every provider of a failover.</summary>
    /// <param name="request">Who asks, for what, and what it may consume at worst.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    ValueTask<QuotaDecision> CheckAsync(QuotaRequest request, CancellationToken cancellationToken);

    /// <summary>What an attempt that was allowed has become. Told exactly once for each, also when it never started or cost nothing.</summary>
    /// <param name="record">What it consumed; its <see cref="QuotaRequest.Id"/> is that of the check.</param>
    /// <param name="cancellationToken">The process ends.</param>
    ValueTask RecordAsync(QuotaRecord record, CancellationToken cancellationToken);
}

/// <summary>An attempt that is about to start.</summary>
public record QuotaRequest
{
    /// <summary>The same for a check and its record, and for repetitions of either: the key by which an authority knows them again.</summary>
    public required string Id { get; init; }

    /// <summary>The customer on whose behalf the caller asks; empty where it said none.</summary>
    public required string Tenant { get; init; }

    /// <summary>Who pays, from the organisation down to the team; empty where no account was named.</summary>
    public required string Account { get; init; }

    /// <summary>The id of the caller's key; empty where none is needed.</summary>
    public required string Key { get; init; }

    /// <summary>The end user; empty where the request names none.</summary>
    public required string User { get; init; }

    /// <summary>The route that was asked for.</summary>
    public required string Route { get; init; }

    /// <summary>The provider that will be asked.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that will be asked.</summary>
    public required string Model { get; init; }

    /// <summary>The most tokens, input and output together.</summary>
    public required long Tokens { get; init; }

    /// <summary>The most it may cost, in US dollars; <see langword="null"/> where no price is known.</summary>
    public required decimal? Cost { get; init; }
}

/// <summary>An attempt that has ended.</summary>
public sealed record QuotaRecord : QuotaRequest
{
    /// <summary>How it ended; <see langword="null"/> when it never started.</summary>
    public required AttemptOutcome? Outcome { get; init; }

    /// <summary>Input tokens, cached ones included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required long OutputTokens { get; init; }
}

/// <summary>What an authority says to an attempt.</summary>
/// <param name="Allowed">Whether it may start.</param>
/// <param name="Reason">Why not, in words that may reach the caller.</param>
/// <param name="RetryAfter">When asking again makes sense.</param>
/// <param name="OfProvider">Whether only this provider is meant, so that another may be tried; else the denial ends the call.</param>
public sealed record QuotaDecision(bool Allowed, string? Reason = null, TimeSpan? RetryAfter = null, bool OfProvider = false)
{
    /// <summary>It may start.</summary>
    public static QuotaDecision Allow { get; } = new(true);
}
