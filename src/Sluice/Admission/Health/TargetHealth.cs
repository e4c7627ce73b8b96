using System.Collections.Concurrent;
using Sluice.Calls;

namespace Sluice.Admission.Health;

/// <summary>The health of every target that was tried: breakers, facts and what is under way.</summary>
/// <remarks>State: it is keyed by stable names and outlives a reload, which only replaces <see cref="Settings"/>.</remarks>
internal sealed class TargetHealth(Facts facts, TimeProvider time)
{
    private readonly ConcurrentDictionary<TargetKey, TargetState> _targets = new();
    private readonly ConcurrentDictionary<(string Provider, string Credential), KeyLoad> _keys = new();
    private readonly UseOrder _uses = new();
    private BreakerSettings _settings = new();

    public Facts Facts => facts;

    public BreakerSettings Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    /// <summary>Told whenever something was learned; it must return at once.</summary>
    public event Action? Changed;

    public void Tell() => Changed?.Invoke();

    /// <summary>Every target that is known, in no order.</summary>
    public IEnumerable<KeyValuePair<TargetKey, TargetState>> Known => _targets;

    public TargetState Of(TargetKey key) =>
        _targets.TryGetValue(key, out var known) ? known : _targets.GetOrAdd(key, static (k, keys) => new TargetState(keys(k)), Load);

    /// <summary>How busy a credential is.</summary>
    public KeyLoad LoadOf(string provider, string credential) =>
        _keys.TryGetValue((provider, credential), out var known)
            ? known
            : _keys.GetOrAdd((provider, credential), static (_, uses) => new KeyLoad(uses), _uses);

    /// <summary>How a target with one credential stands. Looking changes nothing.</summary>
    public HealthView Peek(Target target, Credential credential)
    {
        var key = new TargetKey(target.Provider.Name, credential.Id, target.Model);
        var now = time.GetUtcNow();
        var (breaker, inFlight) = _targets.TryGetValue(key, out var state)
            ? (state.Breaker.View(Settings, now), state.InFlight)
            : (new BreakerView(BreakerState.Closed, 1, 0, null, 0), 0);
        return new HealthView(breaker, facts.About(key), inFlight, now);
    }

    /// <summary>How a target stands with that key of its pool which stands best.</summary>
    public HealthView Peek(Target target)
    {
        var best = Peek(target, target.Provider.Credentials[0]);
        foreach (var credential in target.Provider.Credentials.AsSpan()[1..])
        {
            if (best.Admits && best.Breaker.State == BreakerState.Closed)
            {
                break;
            }

            var other = Peek(target, credential);
            if ((other.Admits && !best.Admits) || (other.Admits == best.Admits && other.Breaker.Share > best.Breaker.Share))
            {
                best = other;
            }
        }

        return best;
    }

    /// <summary>What is worth keeping over a restart.</summary>
    public HealthSnapshot Save()
    {
        var targets = new List<SavedTarget>();
        foreach (var (key, state) in _targets)
        {
            if (state.Breaker.Record is { Failures: > 0 } record)
            {
                targets.Add(record.Saved(key));
            }
        }

        return new HealthSnapshot
        {
            Version = HealthSnapshot.Current,
            Targets = targets,
            Facts = facts.Save(),
        };
    }

    /// <summary>Takes over what was kept; facts that have expired since are left out.</summary>
    public void Restore(HealthSnapshot snapshot)
    {
        foreach (var saved in (snapshot.Targets ?? []).OfType<SavedTarget>())
        {
            Of(new TargetKey(saved.Provider, saved.Credential, saved.Model)).Breaker.Restore(BreakerRecord.Of(saved));
        }

        facts.Restore((snapshot.Facts ?? []).OfType<SavedFact>());
    }

    /// <summary>Forgets what is known of a provider, or of one of its models.</summary>
    /// <returns>Whether anything was known.</returns>
    public bool Forget(string provider, string? model)
    {
        var found = facts.Forget(provider, model);
        foreach (var (key, state) in _targets)
        {
            if (key.Provider == provider && (model is null || key.Model == model) && state.Breaker.Record.Level > 0)
            {
                state.Breaker.Clear();
                found = true;
            }
        }

        if (found)
        {
            Tell();
        }

        return found;
    }

    private KeyLoad Load(TargetKey key) => LoadOf(key.Provider, key.Credential);
}
