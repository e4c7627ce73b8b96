using System.Collections.Immutable;

namespace Sluice.Calls;

/// <summary>How a target that fails loses its traffic, and how it gets it back.</summary>
internal sealed record BreakerSettings
{
    /// <summary>Without it nothing is counted and nothing refused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The share of traffic after no failure, one, two and so on; a failure more than it has shares opens.</summary>
    public ImmutableArray<double> Curve { get; init; } = [1, 0.9, 0.7, 0.4, 0.1];

    /// <summary>How long nothing has to happen until one failure is forgotten.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after a failure an open target may be tried again by a call.</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many calls try a target at once that is or was open.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>The count of failures at which nothing passes any more.</summary>
    public int Most => Curve.Length;

    public double ShareAt(int failures) => failures < Curve.Length ? Curve[failures] : 0;
}
