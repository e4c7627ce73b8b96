namespace Sluice.Calls;

/// <summary>What stands in for a key that is sent as it is: keys that sign requests, or tokens that are fetched and expire.</summary>
internal abstract record Login
{
    /// <summary>Where it comes from, in words that are safe to show.</summary>
    public abstract string Source { get; }

    public sealed override string ToString() => Source;
}
