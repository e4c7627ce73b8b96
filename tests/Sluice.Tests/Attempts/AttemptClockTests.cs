using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Testing;

namespace Sluice.Tests.Attempts;

public sealed class AttemptClockTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Arm_StepPasses_NamesTheStepAndIsATimeout()
    {
        using var clock = new AttemptClock(_time, TimeSpan.FromMinutes(1), CancellationToken.None);
        clock.Arm(TimeSpan.FromSeconds(3), "the first-content deadline");

        _time.Advance(TimeSpan.FromSeconds(3));

        clock.Token.IsCancellationRequested.ShouldBeTrue();
        clock.Expired!.Failure.ShouldBe(FailureClass.Timeout);
        clock.Expired.Message.ShouldBe("the first-content deadline passed after 3 s");
        clock.CallerLeft.ShouldBeFalse();
    }

    [Fact]
    public void Arm_LongerStepThanTheAttemptHasLeft_TheAttemptEnds()
    {
        using var clock = new AttemptClock(_time, TimeSpan.FromSeconds(10), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(8));
        clock.Arm(TimeSpan.FromSeconds(30), "the deadline between two events");

        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Expired!.Message.ShouldContain("the deadline of the attempt");
    }

    [Fact]
    public void Arm_Again_StartsAnew()
    {
        using var clock = new AttemptClock(_time, TimeSpan.FromMinutes(1), CancellationToken.None);
        clock.Arm(TimeSpan.FromSeconds(3), "a");
        _time.Advance(TimeSpan.FromSeconds(2));
        clock.Arm(TimeSpan.FromSeconds(3), "b");

        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Expired.ShouldBeNull();
    }

    [Fact]
    public async Task Caller_GoesAway_IsNoDeadlineAlsoWhenOnePassesAfter()
    {
        using var caller = new CancellationTokenSource();
        using var clock = new AttemptClock(_time, TimeSpan.FromSeconds(10), caller.Token);
        clock.Arm();

        await caller.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        clock.Token.IsCancellationRequested.ShouldBeTrue();
        clock.CallerLeft.ShouldBeTrue();
        clock.Expired.ShouldBeNull();
    }

    [Fact]
    public void Timer_FiresWhileTheAttemptEnds_HurtsNobody()
    {
        var time = new LastMomentTimeProvider();
        var clock = new AttemptClock(time, TimeSpan.FromSeconds(10), CancellationToken.None);
        clock.Arm();
        clock.Dispose();

        Should.NotThrow(time.Fire);
    }

    /// <summary>A timer that had begun to fire when it was disposed: nothing waits for it.</summary>
    private sealed class LastMomentTimeProvider : TimeProvider
    {
        public Action Fire { get; private set; } = null!;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fire = () => callback(state);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
