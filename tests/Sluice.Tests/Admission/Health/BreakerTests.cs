using Sluice.Admission.Health;
using Sluice.Calls;
using Sluice.Testing;

namespace Sluice.Tests.Admission.Health;

public sealed class BreakerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Breaker _breaker = new();
    private BreakerSettings _settings = new();

    [Fact]
    public void Failures_TakeTrafficStepByStepAndOpenAtTheFifth()
    {
        var shares = new List<double>();
        var states = new List<BreakerState>();
        for (var i = 0; i < 5; i++)
        {
            Fail();
            shares.Add(View.Share);
            states.Add(View.State);
        }

        shares.ShouldBe([0.9, 0.7, 0.4, 0.1, 0]);
        states[..4].ShouldAllBe(s => s == BreakerState.Degraded);
        states[4].ShouldBe(BreakerState.Open);
    }

    [Fact]
    public void OwnCurve_AfterTheCoolDown_SuccessesGiveTrafficBack()
    {
        _settings = _settings with { Curve = [1, 0.6, 0.2] };
        Fail(2);
        (View.State, View.Share).ShouldBe((BreakerState.Degraded, 0.2));
        Fail();
        View.State.ShouldBe(BreakerState.Open);

        Pass(60);
        Succeed();
        (View.State, View.Failures, View.Share).ShouldBe((BreakerState.Recovering, 1, 0.6));

        Succeed();
        (View.State, View.Share).ShouldBe((BreakerState.Closed, 1));
    }

    [Theory]
    [InlineData(0.95, true)]
    [InlineData(0.9, false)]
    public void Degraded_ChanceAboveTheShare_SkipsAndCountsNothing(double draw, bool skipped)
    {
        Fail();

        Enter(draw).ShouldBe(skipped ? BreakerEntry.Skipped : BreakerEntry.Passes);

        (View.Failures, _breaker.Record.Refused).ShouldBe((1, skipped ? 1 : 0));
    }

    [Fact]
    public void Degraded_NothingElseFollowsOrTheCallIsAtIt_Passes()
    {
        Fail(4);

        Enter(1, follows: false).ShouldBe(BreakerEntry.Passes);
        Enter(1, again: true).ShouldBe(BreakerEntry.Passes);
        Enter(1).ShouldBe(BreakerEntry.Skipped);
    }

    [Fact]
    public void Idle_OneFailureIsForgottenEachCoolDown()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromMilliseconds(59_999));
        View.State.ShouldBe(BreakerState.Open);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (View.State, View.Share).ShouldBe((BreakerState.Degraded, 0.1));
        var shares = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            Pass(60);
            shares.Add(View.Share);
        }

        shares.ShouldBe([0.4, 0.7, 0.9]);
        Pass(60);
        View.State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public void Open_RefusedCalls_DoNotKeepItOpen()
    {
        _settings = _settings with { ProbeAfter = TimeSpan.FromSeconds(60) };
        Fail(5);
        Pass(30);
        Enter(0, follows: false).RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        Pass(20);
        Enter(0, follows: false).RetryAfter.ShouldBe(TimeSpan.FromSeconds(10));
        Pass(10);

        View.State.ShouldBe(BreakerState.Degraded);
        Enter(0).Refused.ShouldBeFalse();
    }

    [Fact]
    public void Open_IsProbedAfterAWhileByAsManyCallsAsMayAndNoMore()
    {
        Fail(5);
        Pass(14.999);
        Enter(0, follows: false).RetryAfter.ShouldBe(TimeSpan.FromMilliseconds(1));
        Pass(0.001);

        Enter(0, follows: false).ShouldBe(BreakerEntry.Probes);
        Enter(0, follows: false).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        Enter(0, follows: false, again: true).Refused.ShouldBeTrue();
    }

    [Fact]
    public void Open_AProbeThatFails_RestartsTheClock()
    {
        Fail(5);
        Pass(15);
        Enter(0).Probe.ShouldBeTrue();
        Pass(2);
        Fail();
        _breaker.EndProbe();

        Pass(14);
        Enter(0).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Open_AProbeThatTheCallerLeft_LeavesRoomForTheNext()
    {
        Fail(5);
        Pass(15);
        Enter(0).Probe.ShouldBeTrue();
        _breaker.EndProbe();

        Enter(0).Probe.ShouldBeTrue();
        View.State.ShouldBe(BreakerState.Open);
    }

    [Fact]
    public void Probe_ThatNeverEnds_StandsInTheWayForACoolDownAtMost()
    {
        Fail(5);
        Pass(15);
        Enter(0).Probe.ShouldBeTrue();
        Fail();
        Pass(60);

        View.State.ShouldBe(BreakerState.Degraded);
        Enter(0).Probe.ShouldBeTrue();
    }

    [Fact]
    public void Recovering_ProbesAreBoundedWhereSomethingElseFollows()
    {
        Fail(5);
        Pass(60);

        Enter(0).ShouldBe(BreakerEntry.Probes);
        Enter(0).ShouldBe(BreakerEntry.Skipped);
        Enter(0, follows: false).ShouldBe(BreakerEntry.Passes);
        Succeed();
        _breaker.EndProbe();
        Enter(1).ShouldBe(BreakerEntry.Probes);
        View.State.ShouldBe(BreakerState.Recovering);
    }

    [Fact]
    public void Recovering_MoreProbes_WhereTheConfigurationSaysSo()
    {
        _settings = _settings with { Probes = 3 };
        Fail(5);
        Pass(15);

        Enumerable.Range(0, 5).Count(_ => Enter(0).Probe).ShouldBe(3);
    }

    [Fact]
    public void Open_EndsOfCallsFromBefore_AreOldNews()
    {
        var before = _time.GetUtcNow();
        Pass(1);
        Fail(5);
        Pass(30);

        _breaker.Fail(before, _settings, _time.GetUtcNow());
        _breaker.Succeed(before, _settings, _time.GetUtcNow());

        View.Failures.ShouldBe(5);
        Pass(30);
        View.State.ShouldBe(BreakerState.Degraded);
    }

    [Fact]
    public void Failures_ThatTakeLongerThanACoolDown_StillAddUp()
    {
        for (var i = 0; i < 5; i++)
        {
            var started = _time.GetUtcNow();
            Pass(120);
            _breaker.Fail(started, _settings, _time.GetUtcNow());
        }

        View.State.ShouldBe(BreakerState.Open);
    }

    [Fact]
    public void ClockSetBack_IsNotStuckOpen()
    {
        Fail(5);
        var record = _breaker.Record with { At = _time.GetUtcNow().AddYears(1), OpenedAt = _time.GetUtcNow().AddYears(1) };
        _breaker.Restore(record);

        Enter(0).Refused.ShouldBeTrue();
        Pass(15);
        Enter(0).Probe.ShouldBeTrue();
        _breaker.Succeed(_time.GetUtcNow(), _settings, _time.GetUtcNow());
        View.State.ShouldBe(BreakerState.Recovering);
    }

    [Fact]
    public void ShorterCurve_AfterAReload_KeepsWhatIsOpenOpen()
    {
        Fail(5);
        _settings = _settings with { Curve = [1, 0.5] };

        (View.State, View.Failures).ShouldBe((BreakerState.Open, 2));
        Pass(60);
        (View.State, View.Share).ShouldBe((BreakerState.Degraded, 0.5));
    }

    [Fact]
    public void Clear_ClosesAndKeepsTheTotals()
    {
        Fail(5);
        Enter(0);

        _breaker.Clear();

        View.State.ShouldBe(BreakerState.Closed);
        (_breaker.Record.Failures, _breaker.Record.Refused).ShouldBe((5, 1));
    }

    private BreakerView View => _breaker.View(_settings, _time.GetUtcNow());

    private BreakerEntry Enter(double draw, bool follows = true, bool again = false) =>
        _breaker.Enter(new BreakerAsk(again, draw, follows), _settings, _time.GetUtcNow());

    private void Fail(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _breaker.Fail(_time.GetUtcNow(), _settings, _time.GetUtcNow());
        }
    }

    private void Succeed() => _breaker.Succeed(_time.GetUtcNow(), _settings, _time.GetUtcNow());

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
