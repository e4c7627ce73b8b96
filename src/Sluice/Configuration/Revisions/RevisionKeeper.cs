namespace Sluice.Configuration.Revisions;

/// <summary>Writes revisions down as they come into force or are refused.</summary>
/// <remarks>What cannot be written is reported and does not keep a configuration from coming into force.</remarks>
internal sealed class RevisionKeeper(IRevisionStore store, TimeProvider time, Action<Exception> failed)
{
    private long _last;
    private string? _refused;

    /// <summary>Goes on from the last run: the configuration that was in force then keeps its revision, another one gets the next.</summary>
    public long Begin(Snapshot current)
    {
        _last = store.Last;
        var before = store.InForce();
        if (current.Source is not { } source || source.Digest == before?.Digest)
        {
            return before?.Number ?? Next(0);
        }

        var number = Next(0);
        Write(() => store.Add(Written(number, ReloadCause.Start, before?.Merged, source, null)));
        return number;
    }

    /// <summary>The number of the next revision.</summary>
    public long Next(long current) => _last = Math.Max(_last, current) + 1;

    /// <param name="changes">What changed where the texts are the same.</param>
    public void Take(ReloadCause cause, Snapshot before, Snapshot after, IReadOnlyList<ConfigurationChange>? changes)
    {
        _refused = null;
        if (after.Source is { } source)
        {
            Write(() => store.Add(Written(after.Revision, cause, before.Source?.Merged, source, changes)));
        }
    }

    /// <summary>The same refusal, again and again, is written down once.</summary>
    public void Refuse(ReloadCause cause, ConfigurationException exception)
    {
        if (exception.Message == _refused)
        {
            return;
        }

        _refused = exception.Message;
        var refused = new Revision
        {
            Number = Next(0),
            At = time.GetUtcNow(),
            Cause = cause,
            Errors = [.. exception.Errors.Select(e => WrittenSecrets.Masked(e.ToString()))],
        };
        Write(() => store.Add(refused));
    }

    private Revision Written(
        long number,
        ReloadCause cause,
        string? before,
        ConfigurationSource source,
        IReadOnlyList<ConfigurationChange>? changes
    )
    {
        var announced = store.TakeAnnounced(source.Digest);
        var merged = WrittenSecrets.Masked(source.Merged);
        var files = source.Files.Select(f => f with { Text = WrittenSecrets.Masked(f.Text) }).ToList();
        return new Revision
        {
            Number = number,
            At = time.GetUtcNow(),
            Cause = announced ?? cause,
            Changes = [.. changes ?? ConfigurationChange.Between(before is null ? "" : WrittenSecrets.Masked(before), merged)],
            Merged = merged,
            Files = [.. files],
            Digest = source.Digest,
            Masked = !files.SequenceEqual(source.Files),
        };
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            failed(exception);
        }
    }
}
