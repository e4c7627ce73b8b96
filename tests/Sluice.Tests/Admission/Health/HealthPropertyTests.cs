using Sluice.Admission;
using Sluice.Admission.Health;
using Sluice.Calls;
using Sluice.Testing;

namespace Sluice.Tests.Admission.Health;

/// <summary>What holds of breakers and facts in any order of success, failure, refusal and time.</summary>
public sealed class HealthPropertyTests
{
    private static readonly TargetKey Key = new("p", "p#1", "m");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Breaker_AnyOrder_KeepsItsPromises(int seed)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var settings = Settings(random);
        var breaker = new Breaker();
        var underWay = new List<(DateTimeOffset Started, bool Probe)>();
        for (var i = 0; i < 2_000; i++)
        {
            var before = breaker.View(settings, time.GetUtcNow());
            switch (random.Next(4))
            {
                case 0:
                    time.Advance(TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(200) : random.NextDouble()));
                    // Time alone takes no traffic away.
                    breaker.View(settings, time.GetUtcNow()).Share.ShouldBeGreaterThanOrEqualTo(before.Share);
                    break;
                case 1 when underWay.Count > 0:
                    End(breaker, settings, time, underWay, random);
                    break;
                default:
                    var entry = breaker.Enter(new BreakerAsk(false, random.NextDouble(), random.Next(2) == 0), settings, time.GetUtcNow());
                    Check(before, entry, settings, underWay.Count(u => u.Probe && time.GetUtcNow() < u.Started + settings.CoolDown));
                    breaker.View(settings, time.GetUtcNow()).Failures.ShouldBe(before.Failures, "asking changes nothing");
                    if (!entry.Refused)
                    {
                        underWay.Add((time.GetUtcNow(), entry.Probe));
                    }

                    break;
            }

            var view = breaker.View(settings, time.GetUtcNow());
            (settings.Curve.Contains(view.Share) || (view.Share == 0 && view.State == BreakerState.Open)).ShouldBeTrue();
            (view.State == BreakerState.Closed).ShouldBe(view.Share == 1);
            var copy = new Breaker();
            copy.Restore(BreakerRecord.Of(breaker.Record.Saved(Key)));
            copy.Record.ShouldBe(breaker.Record);
        }

        // Whatever happened, left alone it closes, and asked again it is never stuck.
        time.Advance(settings.CoolDown * settings.Most);
        breaker.View(settings, time.GetUtcNow()).State.ShouldBe(BreakerState.Closed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Breaker_WhateverWas_CallsThatSucceedOneAfterAnotherCloseIt(int seed)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var settings = Settings(random);
        var breaker = new Breaker();
        for (var i = random.Next(20); i >= 0; i--)
        {
            breaker.Fail(time.GetUtcNow(), settings, time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(random.Next(30)));
        }

        var successes = 0;
        for (var i = 0; i < 200 && breaker.View(settings, time.GetUtcNow()).State != BreakerState.Closed; i++)
        {
            var entry = breaker.Enter(new BreakerAsk(false, 1, false), settings, time.GetUtcNow());
            if (entry.Refused)
            {
                entry.RetryAfter.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(settings.ProbeAfter);
                time.Advance(entry.RetryAfter.Value);
                continue;
            }

            breaker.Succeed(time.GetUtcNow(), settings, time.GetUtcNow());
            successes++;
            if (entry.Probe)
            {
                breaker.EndProbe();
            }
        }

        breaker.View(settings, time.GetUtcNow()).State.ShouldBe(BreakerState.Closed);
        successes.ShouldBeLessThanOrEqualTo(settings.Most);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Facts_AnyOrderOfTheSameNews_EndTheSame(int seed)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var now = time.GetUtcNow();
        var key = new FactKey("p", "p#1", "m");
        var news = Enumerable
            .Range(0, 8)
            .Select(i => new Fact(FailureClass.RateLimited, $"{i}", now.AddSeconds(random.Next(5)), now.AddSeconds(100 + (7 * i))))
            .ToArray();
        var newest = news.MaxBy(f => (f.LearnedAt, f.Until));
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(news);
            var facts = new Facts(time);
            foreach (var fact in news)
            {
                facts.Learn(key, fact);
            }

            facts.Find(key).ShouldBe(newest);
        }
    }

    [Fact]
    public async Task Facts_LearnedAtOnce_TheNewestStays()
    {
        var time = new ManualTimeProvider();
        var now = time.GetUtcNow();
        var key = new FactKey("p", "p#1", "m");
        for (var round = 0; round < 200; round++)
        {
            var facts = new Facts(time);
            await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(i =>
                        Task.Run(() => facts.Learn(key, new Fact(FailureClass.RateLimited, $"{i}", now.AddSeconds(i), now.AddHours(1))))
                    )
            );

            facts.Find(key)!.Reason.ShouldBe("7");
        }
    }

    [Fact]
    public void Facts_Refuted_OlderNewsThatComesLaterIsOld()
    {
        var time = new ManualTimeProvider();
        var key = new FactKey("p", "p#1", "m");
        var facts = new Facts(time);
        var early = time.GetUtcNow();
        facts.Learn(key, new Fact(FailureClass.RateLimited, "first", early, early.AddHours(1)));
        time.Advance(TimeSpan.FromSeconds(2));
        facts.Forget(key, time.GetUtcNow()).ShouldBeTrue();

        facts.Learn(key, new Fact(FailureClass.RateLimited, "late", early.AddSeconds(1), early.AddHours(1))).ShouldBeFalse();

        facts.Find(key).ShouldBeNull();
    }

    [Fact]
    public void Facts_OfNoLength_AreClearAtOnce_AndManualClearWorks()
    {
        var time = new ManualTimeProvider();
        var health = new TargetHealth(new Facts(time), time);
        var now = time.GetUtcNow();
        health.Facts.Learn(new FactKey("p", "p#1", "m"), new Fact(FailureClass.RateLimited, "none", now, now));
        health.Facts.About(Key).ShouldBeNull();
        health.Forget("p", "m").ShouldBeFalse();

        health.Facts.Learn(new FactKey("p", "p#1", null), new Fact(FailureClass.Exhausted, "spent", now, now.AddHours(1)));
        health.Save().Facts!.Count.ShouldBe(1);
        health.Forget("q", null).ShouldBeFalse();
        health.Forget("p", null).ShouldBeTrue();

        health.Facts.About(Key).ShouldBeNull();
        health.Save().Facts!.ShouldBeEmpty();
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    private static void Check(BreakerView before, BreakerEntry entry, BreakerSettings settings, int probing)
    {
        switch (before.State)
        {
            case BreakerState.Closed:
                entry.ShouldBe(BreakerEntry.Passes);
                break;
            case BreakerState.Open when !entry.Refused:
                entry.Probe.ShouldBeTrue();
                probing.ShouldBeLessThan(settings.Probes);
                break;
            case BreakerState.Open:
                entry.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
                break;
            default:
                entry.RetryAfter.ShouldBeNull("only open rejects");
                break;
        }
    }

    private static void End(
        Breaker breaker,
        BreakerSettings settings,
        ManualTimeProvider time,
        List<(DateTimeOffset Started, bool Probe)> underWay,
        Random random
    )
    {
        var (started, probe) = underWay[random.Next(underWay.Count)];
        underWay.Remove((started, probe));
        switch (random.Next(3))
        {
            case 0:
                breaker.Succeed(started, settings, time.GetUtcNow());
                break;
            case 1:
                breaker.Fail(started, settings, time.GetUtcNow());
                break;
        }

        if (probe)
        {
            breaker.EndProbe();
        }
    }

    private static BreakerSettings Settings(Random random) =>
        new() { Curve = random.Next(2) == 0 ? [1, 0.9, 0.7, 0.4, 0.1] : [1, 0.6, 0.2], Probes = 1 + random.Next(3) };
}
