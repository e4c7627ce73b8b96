using System.Runtime.InteropServices;

namespace Sluice.Admission.Health;

internal enum BreakerState
{
    /// <summary>All calls pass.</summary>
    Closed,

    /// <summary>A share of the calls passes.</summary>
    Degraded,

    /// <summary>No call passes but a probe now and then.</summary>
    Open,

    /// <summary>It was open, and calls succeed again.</summary>
    Recovering,
}

/// <summary>A breaker as it stands; looking changes nothing.</summary>
/// <param name="Share">The share of traffic that passes, from 0 to 1.</param>
/// <param name="Failures">Failures that count at the moment.</param>
/// <param name="RetryAfter">When an open one may be tried again; zero when it may be now.</param>
/// <param name="Probing">Calls under way that try whether it works again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BreakerView(BreakerState State, double Share, int Failures, TimeSpan? RetryAfter, int Probing)
{
    /// <summary>Whether the next call would be refused however things fall.</summary>
    public bool Refuses => State == BreakerState.Open && RetryAfter > TimeSpan.Zero;
}
