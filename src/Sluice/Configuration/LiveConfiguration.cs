using Sluice.Configuration.Revisions;

namespace Sluice.Configuration;

/// <summary>The configuration in force. A reload is a swap; a bad one keeps the last good one and says so.</summary>
internal sealed class LiveConfiguration
{
    private readonly Func<long, Snapshot> _load;
    private readonly Lock _lock = new();
    private RevisionKeeper? _keeper;
    private Snapshot _current;
    private ConfigurationException? _rejected;
    private IReadOnlyDictionary<string, string> _watched;

    /// <param name="load">Reads and compiles, for a revision.</param>
    /// <exception cref="ConfigurationException">The first configuration cannot be used.</exception>
    public LiveConfiguration(Func<long, Snapshot> load)
    {
        _load = load;
        _current = load(1);
        _watched = WatchedBy(_current);
    }

    /// <summary>What new calls start with.</summary>
    public Snapshot Current => Volatile.Read(ref _current);

    /// <summary>Why the last reload was refused; <see langword="null"/> when the configuration in force is the newest.</summary>
    public ConfigurationException? Rejected => Volatile.Read(ref _rejected);

    /// <summary>What the last attempt to read the configuration looked at: a digest by file.</summary>
    public IReadOnlyDictionary<string, string> Watched => Volatile.Read(ref _watched);

    /// <summary>Told of each snapshot that is about to be taken into use, so that state may follow.</summary>
    public event Action<Snapshot>? Swapped;

    /// <summary>Told when the files have been read again, whatever came of it: the revision, or why it was refused.</summary>
    public event Action<Snapshot, ConfigurationException?>? Reloaded;

    /// <summary>Writes down from here on what was in force since when; revisions go on counting where the last run ended.</summary>
    public void KeepIn(RevisionKeeper keeper)
    {
        lock (_lock)
        {
            _keeper = keeper;
            Volatile.Write(ref _current, Current with { Revision = keeper.Begin(Current) });
        }
    }

    /// <inheritdoc cref="Reload(ReloadCause)"/>
    public Snapshot Reload() => Reload(ReloadCause.Unknown);

    /// <summary>Reads again, and takes what is read into use. The same as before keeps its revision.</summary>
    /// <exception cref="ConfigurationException">The new configuration cannot be used; the one in force stays.</exception>
    public Snapshot Reload(ReloadCause cause) => Reload(cause, forgiving: false)!;

    /// <summary>
    /// <see cref="Reload(ReloadCause)"/> for a file that may be half written: one that cannot be used yet is not refused yet.
    /// </summary>
    /// <returns>What is in force; <see langword="null"/> where the files cannot be used.</returns>
    public Snapshot? TryReload(ReloadCause cause) => Reload(cause, forgiving: true);

    private Snapshot? Reload(ReloadCause cause, bool forgiving)
    {
        lock (_lock)
        {
            Snapshot next;
            try
            {
                next = _load(Current.Revision + 1);
            }
            catch (ConfigurationException exception)
            {
                if (exception.Watched is { } watched)
                {
                    Volatile.Write(ref _watched, watched);
                }

                if (forgiving)
                {
                    return null;
                }

                Volatile.Write(ref _rejected, exception);
                _keeper?.Refuse(cause, exception);
                Reloaded?.Invoke(Current, exception);
                throw;
            }

            var same = next.Source is { } source && source.Digest == Current.Source?.Digest;
            var changes = same ? ReloadedSecrets.Between(Current.Source!, next.Source!) : null;
            next = next with
            {
                Revision =
                    changes is { Count: 0 } ? Current.Revision
                    : _keeper is { } keeper ? keeper.Next(Current.Revision)
                    : Current.Revision + 1,
            };
            Swapped?.Invoke(next);
            if (next.Revision != Current.Revision)
            {
                _keeper?.Take(cause, Current, next, changes);
            }

            Volatile.Write(ref _watched, WatchedBy(next));
            Volatile.Write(ref _current, next);
            Volatile.Write(ref _rejected, null);
            Reloaded?.Invoke(next, null);
            return next;
        }
    }

    private static IReadOnlyDictionary<string, string> WatchedBy(Snapshot snapshot) =>
        snapshot.Source?.Watched ?? new Dictionary<string, string>();
}
