using System.Collections.Concurrent;
using Sluice.Admission.Health;
using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>What is remembered of targets: cool-downs, exhaustion, refused credentials, missing models.</summary>
/// <remarks>
/// A fact is true until it expires and unknown afterwards; there is no timer. Older news never overwrites newer, in whatever order
/// they come. State: it is keyed by stable names and outlives a reload.
/// </remarks>
internal sealed class Facts(TimeProvider time)
{
    private const int Bound = 10_000;

    /// <summary>What is longer is no reset that anybody has, and would keep a target away for ever.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private readonly ConcurrentDictionary<FactKey, Fact> _facts = new();

    public int Count => _facts.Count;

    /// <returns>Whether it is news.</returns>
    public bool Learn(FactKey key, Fact fact)
    {
        if (Count >= Bound)
        {
            Prune();
        }

        return ReferenceEquals(_facts.AddOrUpdate(key, fact, (_, known) => known.IsNewerThan(fact) ? known : fact), fact);
    }

    /// <summary>Success after <paramref name="since"/> refutes what was learned before it.</summary>
    /// <remarks>What is left says when, so that older news that comes later is known to be older.</remarks>
    /// <returns>Whether something was known.</returns>
    public bool Forget(FactKey key, DateTimeOffset since)
    {
        while (_facts.TryGetValue(key, out var known) && known.LearnedAt <= since && known.Until > known.LearnedAt)
        {
            if (_facts.TryUpdate(key, known with { LearnedAt = since, Until = since }, known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets what is known of a provider, its keys and models, or of what has to do with one model.</summary>
    public bool Forget(string provider, string? model)
    {
        var (found, now) = (false, time.GetUtcNow());
        foreach (var (key, fact) in _facts)
        {
            if (key.Provider == provider && (model is null || key.Model is null || key.Model == model))
            {
                found |= fact.Until > now && Forget(key, now);
            }
        }

        return found;
    }

    public Fact? Find(FactKey key) => _facts.TryGetValue(key, out var fact) && fact.Until > time.GetUtcNow() ? fact : null;

    /// <summary>What is known of a target with one credential: of the credential, the model, or both together.</summary>
    public Fact? About(TargetKey key) =>
        _facts.IsEmpty
            ? null
            : Find(new FactKey(key.Provider, key.Credential, null))
                ?? Find(new FactKey(key.Provider, null, key.Model))
                ?? Find(new FactKey(key.Provider, key.Credential, key.Model));

    /// <summary>What still holds, in no order.</summary>
    public IReadOnlyList<SavedFact> Save()
    {
        var saved = new List<SavedFact>();
        foreach (var (key, fact) in Current)
        {
            saved.Add(fact.Saved(key));
        }

        return saved;
    }

    /// <summary>Every fact that holds, in no order.</summary>
    public IEnumerable<KeyValuePair<FactKey, Fact>> Current
    {
        get
        {
            var now = time.GetUtcNow();
            return _facts.Where(fact => fact.Value.Until > now);
        }
    }

    public void Restore(IEnumerable<SavedFact> saved)
    {
        var now = time.GetUtcNow();
        foreach (var fact in saved)
        {
            if (fact.Until > now && fact.Until - now <= Longest)
            {
                Learn(new FactKey(fact.Provider, fact.Credential, fact.Model), Fact.Of(fact));
            }
        }
    }

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
