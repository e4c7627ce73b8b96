using Sluice.Admission;
using Sluice.Calls;

namespace Sluice.Attempts;

/// <summary>Finds the key of a target's pool that all gates let through.</summary>
internal sealed class PoolAdmission(Gates gates, KeyOrder order)
{
    /// <param name="call">Who asks.</param>
    /// <param name="offer">The target, with any of its keys.</param>
    /// <param name="spent">Keys that this call need not try again.</param>
    /// <returns>Permits and what they are for; or why not, which is nothing when every key is spent.</returns>
    public async ValueTask<(Permits?, Candidate?, Refusal?)> EnterAsync(
        Call call,
        Candidate offer,
        IReadOnlySet<string> spent,
        CancellationToken cancellationToken
    )
    {
        Refusal? best = null;
        var keys = order.Of(offer.Target.Provider, spent);
        for (var i = 0; i < keys.Length; i++)
        {
            var candidate = offer with { Credential = keys[i], OtherKeys = keys.AsMemory()[(i + 1)..] };
            var (permits, refusal) = await gates.EnterAsync(call, candidate, cancellationToken).ConfigureAwait(false);
            if (permits is not null)
            {
                return (permits, candidate, null);
            }

            if (refusal!.Budget is not null || refusal.OfCaller)
            {
                return (null, null, refusal);
            }

            best = best is null ? refusal : Sooner(best, refusal);
        }

        return (null, null, best);
    }

    /// <summary>The refusal of the key that is free again first stands for the pool.</summary>
    private static Refusal Sooner(Refusal one, Refusal other)
    {
        var sooner = other.RetryAfter is { } wait && (one.RetryAfter is null || wait < one.RetryAfter) ? other : one;
        return sooner with { Skipped = one.Skipped || other.Skipped };
    }
}
