using Sluice.Calls;
using Sluice.Testing;
using Sluice.Upstream.Logins;

namespace Sluice.Tests.Upstream;

public sealed class RenewedValuesTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Queue<TaskCompletionSource<Fetched<string>>> _fetches = [];
    private readonly TestLogin _login = new("x");
    private readonly RenewedValues<TestLogin, string> _values;

    public RenewedValuesTests() => _values = new("the thing", FetchAsync, _time);

    [Fact]
    public async Task Fetch_IsWaitedForByAllAndMadeOnce()
    {
        using var leaving = new CancellationTokenSource();
        var leaver = _values.GetAsync(_login, leaving.Token).AsTask();
        var others = Enumerable.Range(0, 5).Select(_ => GetAsync()).ToList();
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => leaver);
        End("one", minutes: 60);

        (await Task.WhenAll(others)).ShouldAllBe(v => v == "one");
        _fetches.ShouldBeEmpty();
    }

    [Fact]
    public async Task ValueThatIsStillGood_IsServedWhileOneFetchRenewsIt()
    {
        await FirstAsync(minutes: 60);
        _time.Advance(TimeSpan.FromMinutes(54));
        (await GetAsync()).ShouldBe("one");
        _fetches.ShouldBeEmpty("most of its time is still left");
        _time.Advance(TimeSpan.FromMinutes(2));

        (await GetAsync()).ShouldBe("one");
        (await GetAsync()).ShouldBe("one");
        _fetches.Count.ShouldBe(1);
        End("two", minutes: 60);

        (await GetAsync()).ShouldBe("two");
        _fetches.ShouldBeEmpty();
    }

    [Fact]
    public async Task ValueThatMayExpireOnItsWay_IsNotServed()
    {
        await FirstAsync(minutes: 60);
        _time.Advance(TimeSpan.FromMinutes(59.6));

        var waiting = GetAsync();
        waiting.IsCompleted.ShouldBeFalse();
        End("two", minutes: 60);

        (await waiting).ShouldBe("two");
    }

    [Fact]
    public async Task FailedFetch_IsRepeatedEachMinuteAndHarmsOnlyWhenTheValueIsOver()
    {
        await FirstAsync(minutes: 60);
        _time.Advance(TimeSpan.FromMinutes(56));
        (await GetAsync()).ShouldBe("one");
        Fail(new ProviderException(FailureClass.Credential, "no"));

        (await GetAsync()).ShouldBe("one");
        _fetches.ShouldBeEmpty("it has just failed");
        _time.Advance(TimeSpan.FromSeconds(61));
        (await GetAsync()).ShouldBe("one");
        Fail(new ProviderException(FailureClass.Credential, "no"));
        _time.Advance(TimeSpan.FromMinutes(5));
        var waiting = GetAsync();
        Fail(new ProviderException(FailureClass.Credential, "no"));

        (await Should.ThrowAsync<ProviderException>(() => waiting)).Failure.ShouldBe(FailureClass.Credential);
    }

    [Fact]
    public async Task FailureOfAnyKind_IsAFailureOfTheAttempt()
    {
        var waiting = GetAsync();
        Fail(new InvalidOperationException("unforeseen"));

        var failure = await Should.ThrowAsync<ProviderException>(() => waiting);

        (failure.Failure, failure.Sent, failure.Message, failure.Detail).ShouldBe(
            (FailureClass.Transient, false, "the thing could not be fetched", "unforeseen")
        );
        var again = GetAsync();
        End("one", minutes: 60);
        (await again).ShouldBe("one");
    }

    [Fact]
    public async Task ValueOfUnknownDuration_IsLookedAtAgainAfterAMinuteAndWaitedFor()
    {
        var first = GetAsync();
        End("one", minutes: null);
        (await first).ShouldBe("one");
        _time.Advance(TimeSpan.FromSeconds(59));
        (await GetAsync()).ShouldBe("one");
        _time.Advance(TimeSpan.FromSeconds(2));

        var waiting = GetAsync();
        waiting.IsCompleted.ShouldBeFalse();
        Fail(new IOException("gone"));

        (await waiting).ShouldBe("one", "nobody says that it is over");
    }

    [Theory]
    [InlineData(4.9, 60)]
    [InlineData(1, 30)]
    public async Task ValueThatIsShortLived_IsNotFetchedForEveryCall(double minutes, int seconds)
    {
        await FirstAsync(minutes);
        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        (await GetAsync()).ShouldBe("one");
        _fetches.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));

        _ = GetAsync();

        _fetches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Logins_AreKeptApart()
    {
        await FirstAsync(minutes: 60);

        _ = _values.GetAsync(new TestLogin("x"), TestContext.Current.CancellationToken).AsTask();

        _fetches.Count.ShouldBe(1, "a configuration that is new has fetches of its own");
    }

    private async Task FirstAsync(double minutes)
    {
        var first = GetAsync();
        End("one", minutes);
        (await first).ShouldBe("one");
    }

    private Task<string> GetAsync() => _values.GetAsync(_login, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Its continuation runs before the test goes on.</summary>
    private Task<Fetched<string>> FetchAsync(TestLogin login)
    {
        var fetch = new TaskCompletionSource<Fetched<string>>();
        _fetches.Enqueue(fetch);
        return fetch.Task;
    }

    private void End(string value, double? minutes) =>
        _fetches.Dequeue().SetResult(new(value, minutes is { } m ? _time.GetUtcNow().AddMinutes(m) : null));

    private void Fail(Exception exception) => _fetches.Dequeue().SetException(exception);

    private sealed record TestLogin(string Name) : Login
    {
        public override string Source => Name;
    }
}
