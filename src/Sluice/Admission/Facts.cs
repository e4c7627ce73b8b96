using System.Collections.Concurrent;
using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>What is remembered of targets: cool-downs, exhaustion, refused credentials, missing models.</summary>
/// <remarks>
/// A fact is true until it expires and unknown afterwards; there is no timer. Older news never overwrites newer. State: it is keyed
/// by stable names and outlives a reload.
/// </remarks>
internal sealed class Facts(TimeProvider time)
{
    private const int Bound = 10_000;

    private readonly ConcurrentDictionary<FactKey, Fact> _facts = new();

    public int Count => _facts.Count;

    public void Learn(FactKey key, Fact fact)
    {
        if (Count >= Bound)
        {
            Prune();
        }

        _facts.AddOrUpdate(key, fact, (_, known) => known.LearnedAt > fact.LearnedAt ? known : fact);
    }

    /// <summary>Success after <paramref name="since"/> refutes what was learned before it.</summary>
    public void Forget(FactKey key, DateTimeOffset since)
    {
        if (_facts.TryGetValue(key, out var known) && known.LearnedAt <= since)
        {
            _facts.TryRemove(new KeyValuePair<FactKey, Fact>(key, known));
        }
    }

    public Fact? Find(FactKey key) => _facts.TryGetValue(key, out var fact) && fact.Until > time.GetUtcNow() ? fact : null;

    /// <summary>What is known of a target with one credential: of the credential, the model, or both together.</summary>
    public Fact? About(TargetKey key) =>
        _facts.IsEmpty
            ? null
            : Find(new FactKey(key.Provider, key.Credential, null))
                ?? Find(new FactKey(key.Provider, null, key.Model))
                ?? Find(new FactKey(key.Provider, key.Credential, key.Model));

    private void Prune()
    {
        var now = time.GetUtcNow();
        foreach (var (key, fact) in _facts)
        {
            if (fact.Until <= now)
            {
                _facts.TryRemove(new KeyValuePair<FactKey, Fact>(key, fact));
            }
        }
    }
}

/// <summary>What a fact is about; parts that are <see langword="null"/> mean all of them.</summary>
internal readonly record struct FactKey(string Provider, string? Credential, string? Model);

/// <summary>Something known until it expires.</summary>
internal sealed record Fact(FailureClass Failure, string Reason, DateTimeOffset LearnedAt, DateTimeOffset Until);
