namespace Sluice.Cli.Scenarios.Running;

/// <summary>What happened when, from the beginning of a scenario.</summary>
internal sealed class Timeline(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan At, string What)> _entries = [];
    private DateTimeOffset _start = time.GetUtcNow();

    public TimeProvider Time => time;

    public TimeSpan Now => time.GetUtcNow() - _start;

    public IReadOnlyList<(TimeSpan At, string What)> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Counts from now on.</summary>
    public void Begin() => _start = time.GetUtcNow();

    public void Note(string what)
    {
        lock (_lock)
        {
            _entries.Add((Now, what));
        }
    }

    /// <summary>Waits until this time has come.</summary>
    public async Task UntilAsync(TimeSpan at)
    {
        while (at - Now is { Ticks: > 0 } left)
        {
            // Timers count whole milliseconds: of less than one, nothing would be waited for.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time).ConfigureAwait(false);
        }
    }
}
