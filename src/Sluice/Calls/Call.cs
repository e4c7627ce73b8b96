using System.Collections.Immutable;
using Sluice.Money;

namespace Sluice.Calls;

/// <summary>One call on its way through the gate: who asks for what, and everything that happened so far.</summary>
/// <remarks>A call is driven by one flow of control at a time; its lists are not synchronised.</remarks>
internal sealed class Call
{
    private readonly List<Attempt> _attempts = [];
    private readonly List<Rejection> _rejections = [];
    private readonly List<Degradation> _degradations = [];
    private readonly List<Place> _places = [];
    private volatile GateAction[] _gateActions = [];

    public required string Id { get; init; }

    /// <summary>The name the caller asked for.</summary>
    public required string RouteAsked { get; init; }

    public required CallFeatures Features { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The revision of the configuration the call runs under from beginning to end.</summary>
    public required long Revision { get; init; }

    public Caller Caller { get; init; } = Caller.Anonymous;

    /// <summary>The caller's own limit on the whole call; the route's applies where it is shorter.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What the caller said of this call.</summary>
    public CallWishes Wishes { get; init; } = CallWishes.None;

    /// <summary>The agent role it counts for: the caller's word, or that of the route he asked for; empty for none.</summary>
    public string Role { get; set; } = "";

    /// <summary>Why it goes elsewhere than it asked; <see langword="null"/> where it does not.</summary>
    public Redirection? Redirection { get; set; }

    /// <summary>Who alone can answer, because it keeps what the call goes on from; <see langword="null"/> where anybody can.</summary>
    public Keeper? Keeper { get; init; }

    /// <summary>The output limit that the route set because the caller gave none, in tokens.</summary>
    public long? OutputLimitSet { get; set; }

    /// <summary>Whether the caller is told of degradations with the answer; the receipt has them in any case.</summary>
    public bool TellsDegradations { get; set; } = true;

    public IReadOnlyList<Attempt> Attempts => _attempts;

    public IReadOnlyList<Rejection> Rejections => _rejections;

    public IReadOnlyList<Degradation> Degradations => _degradations;

    /// <summary>What content gates did, each once.</summary>
    public IReadOnlyList<GateAction> GateActions => _gateActions;

    /// <summary>The order of the targets, where it is not that of the configuration.</summary>
    public IReadOnlyList<Place> Places => _places;

    public void Place(Place place) => _places.Add(place);

    /// <summary>The attempt of this number; <see langword="null"/> while it is under way.</summary>
    public Attempt? AttemptOf(int number)
    {
        foreach (var attempt in _attempts)
        {
            if (attempt.Number == number)
            {
                return attempt;
            }
        }

        return null;
    }

    /// <summary>Takes an attempt that has ended to the others, in the order in which they started.</summary>
    public void Record(Attempt attempt)
    {
        var place = _attempts.Count;
        while (place > 0 && _attempts[place - 1].Number > attempt.Number)
        {
            place--;
        }

        _attempts.Insert(place, attempt);
    }

    public void Record(Rejection rejection) => _rejections.Add(rejection);

    /// <summary>Notes what a gate did; attempts beside one another may both.</summary>
    public void Record(GateAction action)
    {
        lock (_attempts)
        {
            if (!_gateActions.Contains(action))
            {
                _gateActions = [.. _gateActions, action];
            }
        }
    }

    /// <summary>Replaces what was degraded: only what the answering target could not do concerns the caller.</summary>
    public void Degrade(IEnumerable<Degradation> degradations)
    {
        _degradations.Clear();
        _degradations.AddRange(degradations);
    }

    /// <summary>Adds what another target could not do that goes on with the answer.</summary>
    public void DegradeAlso(IEnumerable<Degradation> degradations)
    {
        foreach (var degradation in degradations)
        {
            if (!_degradations.Contains(degradation))
            {
                _degradations.Add(degradation);
            }
        }
    }

    /// <summary>Notes a part of the answer that the caller's protocol does not get to see; each once.</summary>
    public void Omit(string feature)
    {
        var omitted = new Degradation(feature, "left out of the answer");
        if (!_degradations.Contains(omitted))
        {
            _degradations.Add(omitted);
        }
    }

    /// <summary>Adds what was asked in other words than the caller's; each once.</summary>
    public void Change(string feature, string action)
    {
        var change = new Degradation(feature, action);
        if (!_degradations.Contains(change))
        {
            _degradations.Add(change);
        }
    }

    /// <summary>Adds what the caller said that no target could have been told.</summary>
    public void Lose(IEnumerable<string> members) =>
        _degradations.AddRange(members.Select(m => new Degradation(m, "left out: it has no place in what is asked")));

    /// <summary>The cost of all attempts together.</summary>
    public Credits Cost
    {
        get
        {
            var sum = Credits.Zero;
            foreach (var attempt in _attempts)
            {
                sum += attempt.Cost;
            }

            return sum;
        }
    }
}

/// <summary>Who asks.</summary>
/// <param name="Key">The id of the key, safe to show; <see langword="null"/> where no key is needed.</param>
internal sealed record Caller(string? Key)
{
    /// <summary>The key with those it was made with before it: <c>key_a/key_b</c>; empty where no key is needed.</summary>
    public string KeyPath { get; init; } = Key ?? "";

    /// <summary>The names it may call, with <c>*</c> at the end for any ending; empty for all.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];

    /// <summary>Whether it may name <c>provider/model</c>, and use what passes through to a provider.</summary>
    public bool Pins { get; init; } = true;

    /// <summary>The agent roles its calls may count for in place of their route's, with <c>*</c> at the end for any ending.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Whether it may say where one call goes instead of to its route, within what it may call.</summary>
    public bool Overrides { get; init; }

    /// <summary>Whether it may speak for a name: a route, a model or a pin.</summary>
    public bool MayCall(string name) => Routes.IsEmpty || NamePattern.AnyTakes(Routes, name);

    /// <summary>Who pays, from the organisation down to the team: <c>acme/search</c>; empty where no account was named.</summary>
    public string Account { get; init; } = "";

    /// <summary>The customer on whose behalf the caller asks; empty where it said none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The end user, as the request names it; empty where it names none.</summary>
    public string User { get; init; } = "";

    /// <summary>What the caller wants its calls to be found by, in order and each once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where no key is needed nobody is told apart, and everybody may say what he wants.</summary>
    public static Caller Anonymous { get; } = new((string?)null) { Roles = ["*"], Overrides = true };
}
