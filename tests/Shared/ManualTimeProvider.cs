namespace Sluice.Testing;

/// <summary>A clock that stands still until it is moved; timers fire in order while it moves.</summary>
internal sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How much too soon timers fire, as those of real systems may: they count whole ticks of a coarser clock.</summary>
    public TimeSpan Early { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);

        return timer;
    }

    public void Advance(TimeSpan span)
    {
        var until = _now + span;
        while (Next(until) is { } timer)
        {
            _now = timer.Due!.Value > _now ? timer.Due.Value : _now;
            timer.Fire();
        }

        _now = until;
    }

    /// <summary>Moves from timer to timer until the work is done.</summary>
    /// <param name="work">What waits on this clock.</param>
    /// <param name="within">How far at most; deadlines beyond it cannot pass, however slowly the work gets on.</param>
    public async Task<T> RunAsync<T>(Task<T> work, TimeSpan within)
    {
        var end = _now + within;
        while (!work.IsCompleted)
        {
            var armed = Volatile.Read(ref _armed);
            if (Next(end) is { } timer)
            {
                Advance(timer.Due is { } due && due > _now ? due - _now : TimeSpan.Zero);
            }
            else
            {
                await Task.WhenAny(work, armed.Task);
            }
        }

        return await work;
    }

    /// <summary>Waits until a timer of this length is armed, and lets it pass.</summary>
    public async Task PassAsync(TimeSpan length)
    {
        await ArmedAsync(length);
        Advance(length);
    }

    /// <summary>Waits until a timer of this length is armed.</summary>
    public async Task ArmedAsync(TimeSpan length)
    {
        while (true)
        {
            var armed = Volatile.Read(ref _armed);
            if (IsArmed(length))
            {
                return;
            }

            await armed.Task;
        }
    }

    private bool IsArmed(TimeSpan length)
    {
        lock (_lock)
        {
            return _timers.Exists(t => t.Due == _now + length);
        }
    }

    private ManualTimer? Next(DateTimeOffset until)
    {
        lock (_lock)
        {
            return _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + (dueTime > time.Early ? dueTime - time.Early : TimeSpan.Zero);
            _period = period;
            Interlocked.Exchange(ref time._armed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return true;
        }

        public void Fire()
        {
            Due = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : Due + _period;
            callback(state);
        }

        public void Dispose()
        {
            Due = null;
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
