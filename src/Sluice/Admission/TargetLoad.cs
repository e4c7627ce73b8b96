using Sluice.Calls;

namespace Sluice.Admission;

/// <summary>How busy a target is and how soon it answers, as its traffic shows: streams by their first content, whole answers by their end.</summary>
internal sealed class TargetLoad
{
    /// <summary>A figure older than this says nothing any more.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    /// <summary>In about this time a figure forgets what came before; with little traffic sooner.</summary>
    private static readonly TimeSpan Decay = TimeSpan.FromSeconds(30);

    /// <summary>The least that a new figure counts for.</summary>
    private const double Least = 0.2;

    /// <summary>How often a target of which nothing is known is tried before its turn.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Side _streams;
    private readonly Side _wholes;
    private int _inFlight;
    private DateTimeOffset _explored = DateTimeOffset.MinValue;

    public TargetLoad(TimeProvider time)
    {
        _time = time;
        _streams = new Side(this);
        _wholes = new Side(this);
    }

    /// <summary>Attempts under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Counts one more attempt until its permit is settled or returned.</summary>
    public IPermit Enter(bool stream)
    {
        Interlocked.Increment(ref _inFlight);
        return stream ? _streams : _wholes;
    }

    /// <summary>The moving average, or <see langword="null"/> where nothing is known of the last minutes.</summary>
    public TimeSpan? Latency(bool stream)
    {
        lock (_lock)
        {
            return (stream ? _streams : _wholes).Average(_time.GetUtcNow());
        }
    }

    /// <summary>Whether it is time to find out what is not known.</summary>
    public bool MayExplore
    {
        get
        {
            lock (_lock)
            {
                return IsDue(_time.GetUtcNow());
            }
        }
    }

    /// <summary>The same, and whoever is told so goes: true once in a while.</summary>
    public bool TryExplore()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var due = IsDue(now);
            _explored = due ? now : _explored;
            return due;
        }
    }

    /// <summary>Under the lock.</summary>
    private bool IsDue(DateTimeOffset now) => now - _explored >= Between;

    private sealed class Side(TargetLoad load) : IPermit
    {
        private double _milliseconds;
        private DateTimeOffset _at = DateTimeOffset.MinValue;

        /// <summary>Under the lock.</summary>
        public TimeSpan? Average(DateTimeOffset now) => now - _at > Holds ? null : TimeSpan.FromMilliseconds(_milliseconds);

        public void Settle(Attempt attempt)
        {
            Interlocked.Decrement(ref load._inFlight);
            // A failure is quick and says nothing; what ran into a deadline took at least so long.
            var took = attempt.Failure == FailureClass.Timeout ? attempt.Duration : attempt.TimeToFirstContent;
            if (took is { } known)
            {
                lock (load._lock)
                {
                    Learn(known.TotalMilliseconds, load._time.GetUtcNow());
                }
            }
        }

        public void Return() => Interlocked.Decrement(ref load._inFlight);

        private void Learn(double milliseconds, DateTimeOffset now)
        {
            var part = now - _at > Holds ? 1 : Math.Max(Least, 1 - Math.Exp(-(now - _at) / Decay));
            _milliseconds += part * (milliseconds - _milliseconds);
            _at = now;
        }
    }
}
