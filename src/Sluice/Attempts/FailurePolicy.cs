using Sluice.Calls;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>What follows a failure: the table of failure classes, one row each.</summary>
internal sealed record FailurePolicy
{
    /// <summary>Whether and when the same target is tried again.</summary>
    public required Again Again { get; init; }

    /// <summary>Whether the next target is tried.</summary>
    public required Next Next { get; init; }

    public static FailurePolicy Of(FailureClass failure) =>
        failure switch
        {
            FailureClass.Transient => new() { Again = Again.AfterBackoff, Next = Next.Yes },
            FailureClass.Timeout => new() { Again = Again.No, Next = Next.Yes },
            FailureClass.RateLimited => new() { Again = Again.AfterWait, Next = Next.Yes },
            FailureClass.Exhausted => new() { Again = Again.WithAnotherKey, Next = Next.Yes },
            FailureClass.Credential => new() { Again = Again.WithAnotherKey, Next = Next.Yes },
            FailureClass.ModelUnavailable => new() { Again = Again.No, Next = Next.Yes },
            FailureClass.ModelFault => new() { Again = Again.No, Next = Next.Yes },
            FailureClass.ContextTooLong => new() { Again = Again.No, Next = Next.LargerWindow },
            FailureClass.Refused => new() { Again = Again.No, Next = Next.OptIn },
            FailureClass.BadRequest => new() { Again = Again.No, Next = Next.No },
            FailureClass.Drift => new() { Again = Again.No, Next = Next.Yes },
            FailureClass.Cancelled => new() { Again = Again.No, Next = Next.No },
            _ => new() { Again = Again.No, Next = Next.UnlessStateful },
        };

    /// <summary>Whether a call goes on to its next target after a failure; what follows a denied answer is its gate's to say.</summary>
    public static bool GoesOn(ProviderException failure, Route asked, CallFeatures features) =>
        failure.Denial?.GoesOn ?? GoesOn(failure.Failure, asked, features);

    /// <summary>Whether a call goes on to its next target after such a failure.</summary>
    public static bool GoesOn(FailureClass failure, Route asked, CallFeatures features) =>
        Of(failure).Next switch
        {
            Next.Yes or Next.LargerWindow => true,
            Next.UnlessStateful => !features.ServerTools && !features.Stateful,
            Next.OptIn => asked.AlsoFailOver.Contains(failure) || asked.Fallback.ByClass.ContainsKey(failure),
            _ => asked.Fallback.ByClass.ContainsKey(failure),
        };
}

internal enum Again
{
    No,
    AfterBackoff,

    /// <summary>With another key at once, else after the wait the provider asked for.</summary>
    AfterWait,

    /// <summary>Only with another key of the pool.</summary>
    WithAnotherKey,
}

internal enum Next
{
    No,
    Yes,
    LargerWindow,

    /// <summary>Only where the route says so.</summary>
    OptIn,

    /// <summary>Not where the provider may already have acted: server tools, stored or background answers.</summary>
    UnlessStateful,
}
