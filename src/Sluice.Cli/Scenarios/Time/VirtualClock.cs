namespace Sluice.Cli.Scenarios.Time;

/// <summary>A clock that stands still while anything can be done, and then moves to the next timer.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Arming), (DateTimeOffset Due, long Order)> _due = new();
    private DateTimeOffset _now = start;
    private long _armings;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer and lets it fire, and no other that is due at the same time: what it sets going comes first.</summary>
    /// <returns>Whether there was one.</returns>
    public bool FireNext()
    {
        VirtualTimer? next = null;
        lock (_lock)
        {
            while (next is null && _due.TryDequeue(out var entry, out var at))
            {
                if (entry.Timer.Arming == entry.Arming)
                {
                    (next, _now) = (entry.Timer, at.Due > _now ? at.Due : _now);
                }
            }
        }

        next?.Fire();
        return next is not null;
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Which arming counts; those before it are forgotten.</summary>
        public long Arming { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                Arming = ++clock._armings;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock._due.Enqueue((this, Arming), (clock._now + dueTime, Arming));
                }
            }

            return true;
        }

        public void Fire()
        {
            lock (clock._lock)
            {
                Arming = ++clock._armings;
                if (_period > TimeSpan.Zero)
                {
                    clock._due.Enqueue((this, Arming), (clock._now + _period, Arming));
                }
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                Arming = ++clock._armings;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
