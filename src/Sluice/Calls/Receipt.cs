using Sluice.Money;

namespace Sluice.Calls;

/// <summary>Everything about one call: what was asked, what was tried, what answered and what it cost.</summary>
public sealed record Receipt
{
    /// <summary>The call's id.</summary>
    public required string Call { get; init; }

    /// <summary>The name the caller asked for.</summary>
    public required string Route { get; init; }

    /// <summary>The route whose target answered; <see langword="null"/> when none did.</summary>
    public string? ActualRoute { get; init; }

    /// <summary>Why the call went elsewhere than it asked: the rule of the policy, as <c>policy[0]</c>, or <c>override</c>; <see langword="null"/> where it did not.</summary>
    public string? Rule { get; init; }

    /// <summary>The reason that the rule or the caller gave; <see langword="null"/> where there is no <see cref="Rule"/>.</summary>
    public string? Because { get; init; }

    /// <summary>The target that answered, as <c>provider/model</c>; <see langword="null"/> when none did.</summary>
    public string? Target { get; init; }

    /// <summary>The key that asked; <see langword="null"/> on a gateway without keys and in the library.</summary>
    public string? Key { get; init; }

    /// <summary>When the call arrived.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The configuration revision the call ran under.</summary>
    public required long Revision { get; init; }

    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>Targets that gates did not let through.</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];

    /// <summary>The order in which targets were to be tried, each with its reason; empty where it was that of the configuration.</summary>
    public IReadOnlyList<Place> Order { get; init; } = [];

    /// <summary>What was asked and could not be done.</summary>
    public IReadOnlyList<Degradation> Degradations { get; init; } = [];

    /// <summary>What content gates did.</summary>
    public IReadOnlyList<GateAction> Gates { get; init; } = [];

    /// <summary>The output limit, in tokens, that the route set because the caller gave none.</summary>
    public long? OutputLimitSet { get; init; }

    /// <summary>Whether the answer was cut and another target went on with it; <see cref="Target"/> is then the one that said the last of it.</summary>
    public bool Continued { get; init; }

    /// <summary>The usage of the attempt that answered; of a continued answer what the caller was told: the prompt once, and all that was said.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The cost of all attempts together.</summary>
    public Credits Cost { get; init; }

    /// <summary>Whether the answer reached the caller whole.</summary>
    public bool Complete { get; init; }
}
