using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>A semantic name with an ordered list of targets and a policy, compiled from configuration.</summary>
internal sealed record Route
{
    public required string Name { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>In the order in which they are tried. Empty for a placeholder.</summary>
    public required ImmutableArray<Target> Targets { get; init; }

    /// <summary>The route that stands in, by class of the failure before it.</summary>
    public Fallback Fallback { get; init; } = Fallback.None;

    /// <summary>Answers calls that name no model.</summary>
    public bool Default { get; init; }

    /// <summary>Declared by a contract and not yet filled by a deployment; cannot be dispatched.</summary>
    public bool Placeholder { get; init; }

    /// <summary>By what its targets are ordered.</summary>
    public TargetOrder Order { get; init; }

    /// <summary>For whom a weighted order is always the same.</summary>
    public StickyBy StickyBy { get; init; }

    /// <summary>Whether a conversation stays with who answered it, where it matters to it.</summary>
    public bool Affinity { get; init; } = true;

    /// <summary>Names one target that may not be substituted: a pin.</summary>
    public bool Pinned { get; init; }

    /// <summary>The agent role that calls through this route count for.</summary>
    public string? Role { get; init; }

    public Deadlines Deadlines { get; init; } = new();

    public RetryPolicy Retry { get; init; } = new();

    /// <summary>After how long without content the next target is asked as well; <see langword="null"/> for never.</summary>
    public TimeSpan? Hedge { get; init; }

    /// <summary>What becomes of a stream that is cut after its caller has seen some of it.</summary>
    public OnCut OnCut { get; init; }

    /// <summary>The output limit of a call that has none, in tokens.</summary>
    public int MaxOutput { get; init; } = 16_384;

    /// <summary>What is done, in this order, for a call that a budget has not enough left for.</summary>
    public ImmutableArray<OnShort> OnShort { get; init; } = [Routing.OnShort.Cheaper, Routing.OnShort.Refuse];

    /// <summary>How long a call waits for room in a budget, in the order of arrival, when only calls under way are in its way.</summary>
    public TimeSpan BudgetWait { get; init; }

    /// <summary>How often a provider may run its own tools in one call; what is held for such a call grows with it.</summary>
    public int ServerToolRounds { get; init; } = 10;

    /// <summary>What becomes of a call that asks for something its target cannot do.</summary>
    public OnUnsupported OnUnsupported { get; init; }

    /// <summary>Failure classes after which the next target may be tried although the class itself forbids it (<c>Refused</c>).</summary>
    public FrozenSet<FailureClass> AlsoFailOver { get; init; } = FrozenSet<FailureClass>.Empty;
}

/// <summary>What becomes of a stream that is cut after its caller has seen some of it.</summary>
internal enum OnCut
{
    /// <summary>The caller is told.</summary>
    Error,

    /// <summary>The next target goes on with it, where it is plain text.</summary>
    Continue,
}

/// <summary>What may be done for a call that a budget has not enough left for.</summary>
internal enum OnShort
{
    /// <summary>The next target is tried, if it costs less.</summary>
    Cheaper,

    /// <summary>The caller's own output limit is lowered until the call fits.</summary>
    Clamp,

    /// <summary>The call is refused.</summary>
    Refuse,
}

/// <summary>What a fallback may cost: a fallback is never of a higher tier than what it stands in for.</summary>
internal enum Tier
{
    Free,
    Standard,
    Premium,
}

/// <summary>Which route follows a failed one.</summary>
internal sealed record Fallback
{
    public static Fallback None { get; } = new();

    /// <summary>The route for every class without one of its own.</summary>
    public string? Otherwise { get; init; }

    public FrozenDictionary<FailureClass, string> ByClass { get; init; } = FrozenDictionary<FailureClass, string>.Empty;

    /// <summary>The route that stands in after such a failure, or <see langword="null"/>.</summary>
    public string? After(FailureClass failure) => ByClass.GetValueOrDefault(failure, Otherwise!);

    /// <summary>Every route that may follow, each once.</summary>
    public IEnumerable<string> All => Otherwise is null ? ByClass.Values.Distinct() : ByClass.Values.Append(Otherwise).Distinct();
}

/// <summary>What becomes of a call that asks for something its target cannot do.</summary>
internal enum OnUnsupported
{
    /// <summary>It goes on without, and the caller is told in a header.</summary>
    Warn,

    /// <summary>It goes on without; only the receipt says so.</summary>
    Drop,

    /// <summary>The target is passed over; when every target was, the call is refused.</summary>
    Error,
}

/// <summary>How long things may take; <see langword="null"/> where the default depends on the target.</summary>
internal sealed record Deadlines
{
    /// <summary>The whole call, every attempt included.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>One attempt from start to last byte: by default half of what is left of the call when another target follows, else all of it.</summary>
    public TimeSpan? Attempt { get; init; }

    /// <summary>The connection to a provider, with its handshake.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Response headers of a stream.</summary>
    public TimeSpan? Headers { get; init; }

    /// <summary>First content of a stream: by default 15 s when another target follows and the model does not reason in hiding, else 120 s.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Between two events of a stream.</summary>
    public TimeSpan BetweenEvents { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How often the same target is tried again.</summary>
internal sealed record RetryPolicy
{
    /// <summary>Retries of one target, after its first attempt.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>The longest wait a provider may ask for before the next target is taken instead.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause after a transient failure; doubles each time, with jitter.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(250);
}
