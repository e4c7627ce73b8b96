using System.Runtime.InteropServices;

namespace Sluice.Admission.Health;

/// <summary>What a breaker has to know of a call.</summary>
/// <param name="Again">The call has tried this target already: it goes on with it unless it is open.</param>
/// <param name="Draw">Chance, from 0 to 1.</param>
/// <param name="Follows">Whether something else follows that would be let through.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BreakerAsk(bool Again, double Draw, bool Follows);

/// <summary>A breaker's answer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BreakerEntry
{
    /// <summary>The call goes elsewhere.</summary>
    public bool Refused { get; private init; }

    /// <summary>The call tries whether the target works again; its end has to be told.</summary>
    public bool Probe { get; private init; }

    /// <summary>When it may pass, where the target is open; <see langword="null"/> for one that was only skipped.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static BreakerEntry Passes => default;

    public static BreakerEntry Probes => new() { Probe = true };

    public static BreakerEntry Skipped => new() { Refused = true };

    public static BreakerEntry Open(TimeSpan wait) => new() { Refused = true, RetryAfter = wait };
}
