using System.Threading.Channels;

namespace Sluice.Admission.Health;

/// <summary>Keeps what is known of targets over a restart: read at the start, written when something changed, once a second at most.</summary>
/// <remarks>
/// It is written beside itself and put in its place in one step, so that a process that is killed leaves the whole last one. What
/// cannot be read is moved aside and never in the way of a start.
/// </remarks>
internal sealed class HealthFile : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TargetHealth _health;
    private readonly TimeProvider _time;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public HealthFile(string path, TargetHealth health, TimeProvider time)
    {
        (_path, _health, _time) = (path, health, time);
        Problem = Load();
        health.Changed += Note;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Why it was not read or not written last; <see langword="null"/> when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Told after each time it was written, or could not be.</summary>
    public event Action? Saved;

    private void Note() => _changes.Writer.TryWrite(true);

    private string? Load()
    {
        try
        {
            if (File.Exists(_path))
            {
                _health.Restore(HealthSnapshot.Read(File.ReadAllBytes(_path)));
            }

            return null;
        }
        catch (HealthFormatException exception)
        {
            return $"{_path} cannot be used: {exception.Message}; it is kept as {MoveAside()}, and nothing is known of targets";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{_path} cannot be read: {exception.Message}; nothing is known of targets";
        }
    }

    private string MoveAside()
    {
        var aside = $"{_path}.{_time.GetUtcNow():yyyyMMddTHHmmssfffZ}";
        File.Move(_path, aside, overwrite: true);
        return aside;
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Save();
            await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Save()
    {
        try
        {
            var half = _path + ".new";
            using (var file = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(_health.Save().Write());
                file.Flush(flushToDisk: true);
            }

            File.Move(half, _path, overwrite: true);
            Problem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Problem = $"{_path} cannot be written: {exception.Message}; a restart will know less of targets";
        }

        Saved?.Invoke();
    }

    /// <summary>Writes what was not written yet.</summary>
    public async ValueTask DisposeAsync()
    {
        _health.Changed -= Note;
        _changes.Writer.Complete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }
}
