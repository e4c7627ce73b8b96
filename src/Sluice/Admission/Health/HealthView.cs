using System.Runtime.InteropServices;
using Sluice.Calls;

namespace Sluice.Admission.Health;

/// <summary>How a target stands with one credential, at one moment.</summary>
/// <param name="Fact">What it is known to refuse for now; <see langword="null"/> for nothing.</param>
/// <param name="InFlight">Attempts under way.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HealthView(BreakerView Breaker, Fact? Fact, int InFlight, DateTimeOffset At)
{
    /// <summary>Whether a call would be let through, chance left aside.</summary>
    public bool Admits => Fact is null && !Breaker.Refuses;

    /// <summary>When it would be let through again; <see langword="null"/> when it is.</summary>
    public TimeSpan? RetryAfter =>
        Fact is { } fact ? fact.Until - At
        : Breaker.Refuses ? Breaker.RetryAfter
        : null;

    /// <summary>In words that may reach the caller; <see langword="null"/> for a target of which nothing bad is known.</summary>
    public string? Reason => Fact is { } fact ? fact.Reason : ReasonOf(Breaker);

    public static string? ReasonOf(BreakerView breaker) =>
        breaker.State switch
        {
            BreakerState.Open when breaker.Refuses => FormattableString.Invariant(
                $"open after {breaker.Failures} failures; it is tried again in {breaker.RetryAfter!.Value.TotalSeconds:0.#} s"
            ),
            BreakerState.Open => $"open after {breaker.Failures} failures; the next call tries whether it works again",
            BreakerState.Degraded => FormattableString.Invariant(
                $"degraded after {breaker.Failures} {(breaker.Failures == 1 ? "failure" : "failures")}: {breaker.Share:P0} of its calls pass"
            ),
            BreakerState.Recovering => $"recovering: {breaker.Failures} more to succeed",
            _ => null,
        };
}
