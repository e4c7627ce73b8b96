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
internal sealed class KeyLoad
{
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);
}
