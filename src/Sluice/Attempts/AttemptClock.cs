using Sluice.Calls;

namespace Sluice.Attempts;

/// <summary>All deadlines of one attempt on one cancellation source and one timer, which is armed anew for each step.</summary>
/// <remarks>
/// A chain of linked sources would cost an allocation per deadline. What fired is remembered, so that our own deadline is never
/// mistaken for the caller going away.
/// </remarks>
internal sealed class AttemptClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly TimeSpan _attempt;
    private string _step = "";
    private string? _fired;
    private bool _abandoned;

    /// <param name="time">The clock.</param>
    /// <param name="attempt">How long the whole attempt may take.</param>
    /// <param name="caller">The caller's own cancellation.</param>
    public AttemptClock(TimeProvider time, TimeSpan attempt, CancellationToken caller)
    {
        _time = time;
        _caller = caller;
        _attempt = attempt;
        _start = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        _timer = time.CreateTimer(static state => ((AttemptClock)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = caller.UnsafeRegister(static state => ((AttemptClock)state!)._source.Cancel(), this);
    }

    public DateTimeOffset StartedAt { get; }

    public CancellationToken Token => _source.Token;

    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Whether the caller went away.</summary>
    public bool CallerLeft => _caller.IsCancellationRequested;

    /// <summary>Our own deadline, if one fired: a time-out, never a cancellation by the caller.</summary>
    public ProviderException? Expired =>
        _fired is { } name ? new ProviderException(FailureClass.Timeout, $"{name} passed after {Elapsed.TotalSeconds:0.###} s") : null;

    /// <summary>Starts the deadline of the next step; the attempt's own stays in force.</summary>
    public void Arm(TimeSpan? step = null, string name = "")
    {
        var left = _attempt - Elapsed;
        (var due, _step) = step is { } limit && limit < left ? (limit, name) : (left, "the deadline of the attempt");
        _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the attempt for a reason of ours that is no failure of it.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _source.Cancel();
    }

    private void Fire()
    {
        if (!_caller.IsCancellationRequested && !_abandoned)
        {
            _fired ??= _step;
        }

        _source.Cancel();
    }

    /// <remarks>
    /// The source is left to the collector, for it holds nothing else: a timer that has begun to fire is not waited for, and one that
    /// found the source disposed would end the process.
    /// </remarks>
    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }
}
