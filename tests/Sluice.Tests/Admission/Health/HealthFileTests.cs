using System.Text;
using Sluice.Admission;
using Sluice.Admission.Health;
using Sluice.Calls;
using Sluice.Testing;

namespace Sluice.Tests.Admission.Health;

/// <summary>What is known of targets over a restart, in a real directory.</summary>
public sealed class HealthFileTests : IDisposable
{
    private static readonly TargetKey Key = new("p", "p#1", "vendor/m");

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private string FilePath => Path.Combine(_directory.Path, "health.json");

    [Fact]
    public async Task Stopped_AndStartedAgain_KnowsBreakersAndFacts()
    {
        var before = New();
        await using (new HealthFile(FilePath, before, _time))
        {
            Fail(before, 5);
            Learn(before, TimeSpan.FromMinutes(10));
        }

        var after = New();
        await using var file = new HealthFile(FilePath, after, _time);

        file.Problem.ShouldBeNull();
        after.Of(Key).Breaker.Record.ShouldBe(before.Of(Key).Breaker.Record);
        after.Of(Key).Breaker.View(after.Settings, _time.GetUtcNow()).State.ShouldBe(BreakerState.Open);
        after.Facts.About(Key)!.ShouldBe(new Fact(FailureClass.Exhausted, "spent", _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(10)));
    }

    [Fact]
    public async Task Killed_KnowsWhatWasWrittenBefore()
    {
        var before = New();
        var running = new HealthFile(FilePath, before, _time);
        var saved = SavedBy(running);
        Fail(before, 5);
        await saved;

        // Nothing is stopped: what another process would find is on disk already.
        var after = New();
        await using (new HealthFile(FilePath, after, _time))
        {
            after.Of(Key).Breaker.Record.Failures.ShouldBeGreaterThan(0);
        }

        await running.DisposeAsync();
    }

    [Fact]
    public async Task SettingsOfTheBreaker_AreThoseOfTheConfigurationNow()
    {
        var before = New();
        before.Settings = before.Settings with { Curve = [1, 0.6, 0.2] };
        await using (new HealthFile(FilePath, before, _time))
        {
            Fail(before, 3);
            ViewOf(before).State.ShouldBe(BreakerState.Open);
        }

        (await RestartedAsync(s => s)).ShouldBe((BreakerState.Degraded, 0.4, 3));
        (await RestartedAsync(s => s with { Curve = [1, 0.5] })).ShouldBe((BreakerState.Open, 0, 2));
        (await RestartedAsync(s => s with { Enabled = false })).ShouldBe((BreakerState.Closed, 1, 0));
        (await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken)).ShouldNotContain("curve", Case.Insensitive);
    }

    private async Task<(BreakerState State, double Share, int Failures)> RestartedAsync(Func<BreakerSettings, BreakerSettings> settings)
    {
        var after = New();
        after.Settings = settings(after.Settings);
        await using var file = new HealthFile(FilePath, after, _time);
        var view = ViewOf(after);
        return (view.State, view.Share, view.Failures);
    }

    private BreakerView ViewOf(TargetHealth health) => health.Of(Key).Breaker.View(health.Settings, _time.GetUtcNow());

    [Fact]
    public async Task Changes_AreWrittenOnceASecondAtMost()
    {
        var health = New();
        await using var file = new HealthFile(FilePath, health, _time);
        var first = SavedBy(file);
        Fail(health, 1);
        await first;
        var second = SavedBy(file);
        Fail(health, 2);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        second.IsCompleted.ShouldBeFalse();
        await _time.RunAsync(Waited(second), TimeSpan.FromSeconds(1));

        HealthSnapshot
            .Read(await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken))
            .Targets!.Single()!
            .Level.ShouldBe(3);
    }

    [Fact]
    public async Task WhileItWasStopped_TimeWentOn()
    {
        var before = New();
        await using (new HealthFile(FilePath, before, _time))
        {
            Fail(before, 5);
            Learn(before, TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        var after = New();
        await using var file = new HealthFile(FilePath, after, _time);

        after.Of(Key).Breaker.View(after.Settings, _time.GetUtcNow()).Share.ShouldBe(0.4);
        after.Facts.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{ "version": 2, "targets": [] }""", "its version is 2, and 1 is understood")]
    [InlineData("""{ "version": 1, "targets": [ { "provider": "p" """, "it is damaged")]
    [InlineData(
        """{ "version": 1, "targets": [ { "provider": null, "credential": "c", "model": "m", "level": 1, "at": "2026-01-15T12:00:00Z" } ] }""",
        "it is damaged"
    )]
    [InlineData("", "it is damaged")]
    [InlineData("null", "it holds nothing")]
    [InlineData("\0\0\0\0", "it is damaged")]
    public async Task WhatCannotBeRead_IsSaidAndKeptAside(string text, string problem)
    {
        await File.WriteAllTextAsync(FilePath, text, TestContext.Current.CancellationToken);

        var health = New();
        await using (var file = new HealthFile(FilePath, health, _time))
        {
            file.Problem.ShouldNotBeNull().ShouldContain(problem);
            file.Problem.ShouldContain(FilePath);
            health.Known.ShouldBeEmpty();
            Fail(health, 1);
        }

        var kept = Directory.GetFiles(_directory.Path, "health.json.2*").ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ShouldBe(text);
        HealthSnapshot.Read(await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken)).Targets!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task CountsThatCannotBe_DoNoHarm()
    {
        var text = """
            { "version": 1, "more": true, "targets": [
              { "provider": "p", "credential": "p#1", "model": "vendor/m", "level": 2147483647, "at": "9999-12-31T23:59:59Z", "failures": -5 },
              { "provider": "p", "credential": "p#1", "model": "n", "level": -3, "at": "0001-01-01T00:00:00Z", "openedAt": "9999-12-31T23:59:59Z" },
              null
            ] }
            """;
        await File.WriteAllTextAsync(FilePath, text, TestContext.Current.CancellationToken);
        var health = New();
        await using var file = new HealthFile(FilePath, health, _time);
        var breaker = health.Of(Key).Breaker;

        breaker.Enter(new BreakerAsk(false, 0, false), health.Settings, _time.GetUtcNow()).Refused.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(5));

        breaker.View(health.Settings, _time.GetUtcNow()).State.ShouldBe(BreakerState.Closed);
        breaker.Record.Failures.ShouldBe(0);
        health.Of(Key with { Model = "n" }).Breaker.View(health.Settings, _time.GetUtcNow()).State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task CannotBeWritten_IsSaidAndHurtsNobody()
    {
        var health = New();
        Directory.CreateDirectory(FilePath + ".new");
        await using var file = new HealthFile(FilePath, health, _time);
        var saved = SavedBy(file);

        Fail(health, 1);
        await saved;

        file.Problem.ShouldNotBeNull().ShouldContain("cannot be written");
    }

    public void Dispose() => _directory.Dispose();

    private static Task SavedBy(HealthFile file)
    {
        var saved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        file.Saved += () => saved.TrySetResult();
        return saved.Task;
    }

    private static async Task<bool> Waited(Task task)
    {
        await task;
        return true;
    }

    private TargetHealth New() => new(new Facts(_time), _time);

    private void Fail(TargetHealth health, int times)
    {
        for (var i = 0; i < times; i++)
        {
            health.Of(Key).Breaker.Fail(_time.GetUtcNow(), health.Settings, _time.GetUtcNow());
        }

        health.Tell();
    }

    private void Learn(TargetHealth health, TimeSpan length)
    {
        var now = _time.GetUtcNow();
        health.Facts.Learn(new FactKey("p", "p#1", null), new Fact(FailureClass.Exhausted, "spent", now, now + length));
        health.Tell();
    }
}
