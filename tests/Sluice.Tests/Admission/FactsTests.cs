using Sluice.Admission;
using Sluice.Calls;
using Sluice.Testing;

namespace Sluice.Tests.Admission;

public sealed class FactsTests
{
    private static readonly FactKey Key = new("p", "p#1", "m");

    private readonly ManualTimeProvider _time = new();
    private readonly Facts _facts;

    public FactsTests() => _facts = new Facts(_time);

    [Fact]
    public void Find_UntilItExpiresAndNoLonger()
    {
        Learn(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        _facts.Find(Key).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromTicks(1));
        _facts.Find(Key).ShouldBeNull();
    }

    [Fact]
    public void Learn_OlderNews_DoesNotReplaceNewer()
    {
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        Learn(TimeSpan.FromSeconds(60));

        _facts.Learn(Key, new Fact(FailureClass.RateLimited, "older", before, before.AddSeconds(2)));

        _facts.Find(Key)!.Reason.ShouldBe("known");
    }

    [Fact]
    public void Forget_OnlyWhatWasLearnedBefore()
    {
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        Learn(TimeSpan.FromSeconds(60));

        _facts.Forget(Key, before);
        _facts.Find(Key).ShouldNotBeNull();
        _facts.Forget(Key, _time.GetUtcNow());
        _facts.Find(Key).ShouldBeNull();
    }

    [Fact]
    public void Learn_BeyondTheBound_DropsWhatHasExpired()
    {
        for (var i = 0; i < 10_000; i++)
        {
            var now = _time.GetUtcNow();
            _facts.Learn(new FactKey("p", "p#1", $"m{i}"), new Fact(FailureClass.RateLimited, "", now, now.AddSeconds(1)));
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Learn(TimeSpan.FromSeconds(1));

        _facts.Count.ShouldBe(1);
    }

    private void Learn(TimeSpan duration)
    {
        var now = _time.GetUtcNow();
        _facts.Learn(Key, new Fact(FailureClass.RateLimited, "known", now, now + duration));
    }
}
