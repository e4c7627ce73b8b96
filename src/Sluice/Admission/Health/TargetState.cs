namespace Sluice.Admission.Health;

/// <summary>Provider, credential and model, by their stable names: the unit that is tried and that has a health.</summary>
internal readonly record struct TargetKey(string Provider, string Credential, string Model);

/// <summary>What is remembered of one target with one credential; outlives a reload.</summary>
internal sealed class TargetState(KeyLoad load)
{
    private int _inFlight;

    public Breaker Breaker { get; } = new();

    /// <summary>Attempts under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin()
    {
        Interlocked.Increment(ref _inFlight);
        load.Begin();
    }

    public void End()
    {
        Interlocked.Decrement(ref _inFlight);
        load.End();
    }
}

/// <summary>How busy one credential is, with all its models.</summary>
internal sealed class KeyLoad(UseOrder uses)
{
    private int _inFlight;
    private long _used;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Which use of any credential was its last; 0 for none.</summary>
    public long Used => Volatile.Read(ref _used);

    public void Begin()
    {
        Interlocked.Increment(ref _inFlight);
        Volatile.Write(ref _used, uses.Next());
    }

    public void End() => Interlocked.Decrement(ref _inFlight);
}

/// <summary>Numbers the uses of credentials, so that it can be told which was longer ago.</summary>
internal sealed class UseOrder
{
    private long _last;

    public long Next() => Interlocked.Increment(ref _last);
}
