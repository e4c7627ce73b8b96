namespace Sluice.Configuration;

/// <summary>The configuration in force. A reload is a swap; a bad one keeps the last good one and says so.</summary>
internal sealed class LiveConfiguration
{
    private readonly Func<long, Snapshot> _load;
    private readonly Lock _lock = new();
    private Snapshot _current;

    /// <param name="load">Reads and compiles, for a revision.</param>
    /// <exception cref="ConfigurationException">The first configuration cannot be used.</exception>
    public LiveConfiguration(Func<long, Snapshot> load)
    {
        _load = load;
        _current = load(1);
    }

    /// <summary>What new calls start with.</summary>
    public Snapshot Current => Volatile.Read(ref _current);

    /// <summary>Why the last reload was refused; <see langword="null"/> when the configuration in force is the newest.</summary>
    public ConfigurationException? Rejected { get; private set; }

    /// <summary>Told of each snapshot that is taken into use, so that state may follow.</summary>
    public event Action<Snapshot>? Swapped;

    /// <exception cref="ConfigurationException">The new configuration cannot be used; the one in force stays.</exception>
    public Snapshot Reload()
    {
        lock (_lock)
        {
            try
            {
                var next = _load(Current.Revision + 1);
                Swapped?.Invoke(next);
                Volatile.Write(ref _current, next);
                Rejected = null;
                return next;
            }
            catch (ConfigurationException exception)
            {
                Rejected = exception;
                throw;
            }
        }
    }
}
