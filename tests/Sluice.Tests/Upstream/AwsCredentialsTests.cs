using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Testing;
using Sluice.Upstream;
using Sluice.Upstream.Aws;

namespace Sluice.Tests.Upstream;

public sealed class AwsCredentialsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly AwsCredentials _credentials;

    public AwsCredentialsTests()
    {
        _credentials = new AwsCredentials(new UpstreamOptions(), _time);
    }

    [Fact]
    public async Task GivenKeys_AreTheKeys() =>
        (await GetAsync(new AwsLogin { Region = "r", Keys = new AwsKeys("id", "secret", "token") })).ShouldBe(
            new AwsKeys("id", "secret", "token")
        );

    [Fact]
    public async Task Profile_IsReadFromEitherFileAndAnewEachMinute()
    {
        using var directory = new TempDirectory();
        var (credentials, config) = (Path.Combine(directory.Path, "credentials"), Path.Combine(directory.Path, "config"));
        await File.WriteAllTextAsync(
            config,
            "[profile work]\naws_access_key_id = id-c\naws_secret_access_key = s-c\n",
            TestContext.Current.CancellationToken
        );
        var login = new AwsLogin { Region = "r", Profile = new AwsProfile("work", credentials, config) };
        (await GetAsync(login)).AccessKeyId.ShouldBe("id-c");

        await File.WriteAllTextAsync(
            credentials,
            "# mine\n[default]\naws_access_key_id=no\naws_secret_access_key=no\n\n[work]\naws_access_key_id = id-1 # old\n  aws_secret_access_key = no\naws_secret_access_key = s=1/+\naws_session_token = t\n",
            TestContext.Current.CancellationToken
        );
        (await GetAsync(login)).AccessKeyId.ShouldBe("id-c");
        _time.Advance(TimeSpan.FromSeconds(61));

        (await GetAsync(login)).ShouldBe(new AwsKeys("id-1", "s=1/+", "t"));
    }

    [Fact]
    public async Task ProfileWithoutKeys_SaysWhatIsNotFollowed()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "config");
        await File.WriteAllTextAsync(file, "[default]\nrole_arn = arn:aws:iam::1:role/x\n", TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<ProviderException>(() =>
            GetAsync(new AwsLogin { Region = "r", Profile = new AwsProfile("default", file + "x", file) })
        );

        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Credential, false));
        failure.Message.ShouldContain("roles");
    }

    [Fact]
    public async Task Container_IsAskedAgainShortlyBeforeTheKeysExpire()
    {
        await using var endpoint = await LoopbackKeys.StartAsync();
        var login = LoginOf(endpoint);
        endpoint.Answer = () => (200, Keys("one", _time.GetUtcNow().AddMinutes(30)));

        (await GetAsync(login)).ShouldBe(new AwsKeys("one", "secret-one", "token-one"));
        _time.Advance(TimeSpan.FromMinutes(24));
        (await GetAsync(login)).AccessKeyId.ShouldBe("one");
        endpoint.Asked.Count.ShouldBe(1);
        endpoint.Answer = () => (200, Keys("two", _time.GetUtcNow().AddMinutes(30)));
        _time.Advance(TimeSpan.FromMinutes(5.8));

        (await GetAsync(login)).AccessKeyId.ShouldBe("two");
        endpoint.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Container_ThatFails_LeavesKeysThatAreStillGood()
    {
        await using var endpoint = await LoopbackKeys.StartAsync();
        var login = LoginOf(endpoint);
        endpoint.Answer = () => (200, Keys("one", _time.GetUtcNow().AddMinutes(30)));
        await GetAsync(login);
        endpoint.Answer = () => (500, "secret-one must not be told");
        _time.Advance(TimeSpan.FromMinutes(29.8));

        (await GetAsync(login)).AccessKeyId.ShouldBe("one");
        _time.Advance(TimeSpan.FromMinutes(1));

        var failure = await Should.ThrowAsync<ProviderException>(() => GetAsync(login));
        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Transient, false));
        $"{failure.Message} {failure.Detail}".ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(403, "{}", FailureClass.Credential)]
    [InlineData(200, "{\"code\":\"NoRole\"}", FailureClass.Credential)]
    [InlineData(200, "<html>", FailureClass.Credential)]
    [InlineData(503, "", FailureClass.Transient)]
    public async Task Container_WithoutKeys_FailsInItsClass(int status, string body, FailureClass expected)
    {
        await using var endpoint = await LoopbackKeys.StartAsync();
        endpoint.Answer = () => (status, body);

        (await Should.ThrowAsync<ProviderException>(() => GetAsync(LoginOf(endpoint)))).Failure.ShouldBe(expected);
    }

    [Fact]
    public async Task Container_AskedByManyAtOnce_IsAskedOnceAndNobodysLeavingEndsIt()
    {
        await using var endpoint = await LoopbackKeys.StartAsync();
        var gate = new TaskCompletionSource();
        endpoint.Gate = gate.Task;
        endpoint.Answer = () => (200, Keys("one", _time.GetUtcNow().AddMinutes(30)));
        var login = LoginOf(endpoint);
        using var leaving = new CancellationTokenSource();
        var first = _credentials.GetAsync(login, leaving.Token).AsTask();
        var others = Enumerable.Range(0, 20).Select(_ => GetAsync(login)).ToList();

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        (await Task.WhenAll(others)).ShouldAllBe(k => k.AccessKeyId == "one");
        endpoint.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Container_IsShownTheTokenOfTheMoment()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(file, "first\n", TestContext.Current.CancellationToken);
        await using var endpoint = await LoopbackKeys.StartAsync();
        endpoint.Answer = () => (200, Keys("one", null));
        var login = new AwsLogin { Region = "r", Container = new AwsContainer(endpoint.Address, "unused", file) };

        await GetAsync(login);
        await File.WriteAllTextAsync(file, "second\n", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMinutes(2));
        await GetAsync(login);

        endpoint.Asked.ShouldBe([("/keys", "first"), ("/keys", "second")]);
    }

    [Fact]
    public async Task LinkLocalAddress_IsReachedByTheClientForKeysAlone()
    {
        var address = AwsContainer.Known[0];
        UpstreamConnector.IsLinkLocal(address).ShouldBeTrue();
        using var providers = new HttpMessageInvoker(UpstreamConnector.CreateHandler(new UpstreamOptions()));

        var refused = await Should.ThrowAsync<HttpRequestException>(() =>
            providers.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://{address}/keys"), TestContext.Current.CancellationToken)
        );

        refused.Message.ShouldContain("egress policy");
        using var keys = new HttpMessageInvoker(UpstreamConnector.CreateHandler(new UpstreamOptions(), AwsContainer.Known));
        var metadata = await Should.ThrowAsync<HttpRequestException>(() =>
            keys.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, "http://169.254.169.254/latest/meta-data/"),
                TestContext.Current.CancellationToken
            )
        );
        metadata.Message.ShouldContain("egress policy");
    }

    private static AwsLogin LoginOf(LoopbackKeys endpoint) =>
        new() { Region = "r", Container = new AwsContainer(endpoint.Address, null, null) };

    private static string Keys(string name, DateTimeOffset? expires) =>
        $$"""{"AccessKeyId":"{{name}}","SecretAccessKey":"secret-{{name}}","Token":"token-{{name}}","Expiration":"{{expires:O}}"}""";

    private Task<AwsKeys> GetAsync(AwsLogin login) => _credentials.GetAsync(login, TestContext.Current.CancellationToken).AsTask();

    public void Dispose() => _credentials.Dispose();
}
