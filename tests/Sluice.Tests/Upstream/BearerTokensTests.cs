using System.Net;
using System.Security.Cryptography;
using Sluice.Calls;
using Sluice.Calls.Entra;
using Sluice.Calls.Google;
using Sluice.Testing;
using Sluice.Upstream;
using Sluice.Upstream.Logins;

namespace Sluice.Tests.Upstream;

public sealed class BearerTokensTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly TempDirectory _directory = new();
    private readonly BearerTokens _tokens;
    private LoopbackTokens _endpoint = null!;

    public BearerTokensTests() => _tokens = new BearerTokens(new UpstreamOptions(), _time);

    public async ValueTask InitializeAsync() => _endpoint = await LoopbackTokens.StartAsync(_time);

    [Fact]
    public async Task ServiceAccount_GetsATokenForWhatItSigned() => (await GetAsync(Account())).ShouldBe("token-1");

    [Fact]
    public async Task ServiceAccount_WithAnotherKey_IsRefusedInTheEndpointsWords()
    {
        using var other = RSA.Create(2048);
        var failure = await FailureAsync(Account(_endpoint.ServiceAccountFile(other)));

        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Credential, false));
        failure.Message.ShouldBe("Google's token endpoint answered 400 (invalid_grant)");
        failure.Detail.ShouldBe("Nobody is known by this.");
    }

    [Fact]
    public async Task User_GetsATokenForItsRefreshToken() => (await GetAsync(FileLogin(_endpoint.UserFile()))).ShouldBe("token-1");

    [Fact]
    public async Task MetadataServer_IsAskedAsItWantsToBe() =>
        (
            await GetAsync(new GoogleMetadataLogin(new Uri(_endpoint.Base, "/computeMetadata/v1/instance/service-accounts/default/token")))
        ).ShouldBe("token-1");

    [Fact]
    public async Task EntraClient_GetsATokenForItsSecret()
    {
        (await GetAsync(Client())).ShouldBe("token-1");
        (await FailureAsync(Client("another-secret-of-a-client"))).Message.ShouldBe(
            "the token endpoint of Entra ID answered 400 (invalid_grant)"
        );
    }

    [Fact]
    public async Task Token_IsRenewedBeforeItExpires()
    {
        var login = Account();
        await GetAsync(login);
        _time.Advance(TimeSpan.FromMinutes(54));
        (await GetAsync(login)).ShouldBe("token-1");
        _endpoint.Given.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(5.8));

        (await GetAsync(login)).ShouldBe("token-2");
    }

    [Fact]
    public async Task Token_AskedForByManyAtOnce_IsFetchedOnce()
    {
        var gate = new TaskCompletionSource();
        _endpoint.Gate = gate.Task;
        var login = Account();
        var all = Enumerable.Range(0, 20).Select(_ => GetAsync(login)).ToList();
        gate.SetResult();

        (await Task.WhenAll(all)).ShouldAllBe(t => t == "token-1");
        _endpoint.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RefusedRenewal_LeavesTheTokenUntilItExpires()
    {
        var login = FileLogin(_endpoint.UserFile());
        await GetAsync(login);
        _endpoint.Instead = _ => (400, """{"error":"invalid_grant","error_description":"Token has been expired or revoked."}""");
        _time.Advance(TimeSpan.FromMinutes(59.8));

        (await GetAsync(login)).ShouldBe("token-1");
        _time.Advance(TimeSpan.FromMinutes(1));

        (await FailureAsync(login)).Failure.ShouldBe(FailureClass.Credential);
    }

    [Fact]
    public async Task KeyFile_IsReadAnewForEachToken()
    {
        var login = Account();
        await GetAsync(login);
        Write(_endpoint.UserFile());
        _time.Advance(TimeSpan.FromHours(2));
        (await GetAsync(login)).ShouldBe("token-2");
        _endpoint.Asked[^1].Form["grant_type"].ShouldBe("refresh_token");
        File.Delete(login.File);
        _time.Advance(TimeSpan.FromHours(2));

        var failure = await FailureAsync(login);

        (failure.Failure, failure.Message).ShouldBe((FailureClass.Credential, "the key file for Google cannot be used"));
        failure.Detail!.ShouldContain(login.File);
    }

    [Theory]
    [InlineData("http://tokens.example/token")]
    [InlineData("ftp://127.0.0.1/token")]
    public async Task KeyFile_ThatNamesAnUnsafeEndpoint_IsNotUsed(string endpoint)
    {
        var login = Account(_endpoint.ServiceAccountFile().Replace(_endpoint.Address.AbsoluteUri, endpoint, StringComparison.Ordinal));

        (await FailureAsync(login)).Failure.ShouldBe(FailureClass.Credential);
    }

    [Theory]
    [InlineData(401, "{}", FailureClass.Credential)]
    [InlineData(200, "{}", FailureClass.Credential)]
    [InlineData(200, "<html>", FailureClass.Credential)]
    [InlineData(429, "{}", FailureClass.Transient)]
    [InlineData(503, "", FailureClass.Transient)]
    public async Task Endpoint_WithoutAToken_FailsInItsClass(int status, string body, FailureClass expected)
    {
        _endpoint.Instead = _ => (status, body);

        (await FailureAsync(Client())).Failure.ShouldBe(expected);
    }

    [Fact]
    public async Task Endpoint_ThatRepeatsWhatItWasSent_DoesNotGetItIntoAFailure()
    {
        _endpoint.Instead = form =>
            (400, $$"""{"error":"bad {{form["client_secret"]}}","error_description":"it was {{form["client_secret"]}}!"}""");

        var failure = await FailureAsync(Client());

        failure.Message.ShouldBe("the token endpoint of Entra ID answered 400");
        failure.Detail.ShouldBe("it was …!");
        failure.ToString().ShouldNotContain(LoopbackTokens.ClientSecret);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await LoopbackTokens.StartAsync(_time);
        _endpoint.Instead = _ => (307, elsewhere.Address.AbsoluteUri);

        (await FailureAsync(Client())).Failure.ShouldBe(FailureClass.Credential);
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Endpoint_ThatDoesNotAnswer_IsLeftAfterAWhile()
    {
        var never = new TaskCompletionSource();
        _endpoint.Gate = never.Task;

        var failure = await Should.ThrowAsync<ProviderException>(() => _time.RunAsync(GetAsync(Client()), TimeSpan.FromSeconds(5)));

        (failure.Failure, failure.Sent).ShouldBe((FailureClass.Transient, false));
        never.SetResult();
    }

    [Fact]
    public async Task LinkLocalAddress_IsReachedForTheMetadataServerAlone()
    {
        GoogleMetadataLogin.Known.ShouldAllBe(a => UpstreamConnector.IsLinkLocal(a));
        var failure = await FailureAsync(Client() with { TokenEndpoint = new Uri("https://169.254.169.254/token") });
        failure.Detail!.ShouldContain("egress policy");
        var metadata = await FailureAsync(new GoogleMetadataLogin(new Uri("http://169.254.170.2/token")));
        metadata.Detail!.ShouldContain("egress policy");
    }

    [Fact]
    public async Task Request_CarriesTokenAndQuotaProject()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://vendor.example/");

        await _tokens.AuthorizeAsync(
            request,
            FileLogin(_endpoint.UserFile()) with
            {
                QuotaProject = "quota",
            },
            TestContext.Current.CancellationToken
        );

        request
            .Headers.Select(h => $"{h.Key}: {h.Value.Single()}")
            .ShouldBe(["Authorization: Bearer token-1", "x-goog-user-project: quota"]);
    }

    [Fact]
    public void Secrets_DoNotShowThemselves()
    {
        var text =
            $"{Client()} {new AccessToken("token-1")} {GoogleKey.Read(_endpoint.UserFile())} {GoogleKey.Read(_endpoint.ServiceAccountFile())}";

        text.ShouldBe(
            $"client the-client of the tenant contoso.example access token user of gcloud service account {LoopbackTokens.Account}"
        );
    }

    private EntraLogin Client(string secret = LoopbackTokens.ClientSecret) =>
        new()
        {
            Tenant = "contoso.example",
            ClientId = "the-client",
            ClientSecret = secret,
            TokenEndpoint = new Uri(_endpoint.Base, "/contoso.example/oauth2/v2.0/token"),
        };

    private GoogleFileLogin Account(string? text = null) => FileLogin(text ?? _endpoint.ServiceAccountFile());

    private GoogleFileLogin FileLogin(string text)
    {
        Write(text);
        return new GoogleFileLogin(_directory.File("key.json"), "credentials", "an account");
    }

    private void Write(string text) => File.WriteAllText(_directory.File("key.json"), text);

    private async Task<string> GetAsync(Login login) => (await _tokens.GetAsync(login, TestContext.Current.CancellationToken)).Value;

    private Task<ProviderException> FailureAsync(Login login) => Should.ThrowAsync<ProviderException>(() => GetAsync(login));

    public async ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        _directory.Dispose();
        await _endpoint.DisposeAsync();
    }
}
