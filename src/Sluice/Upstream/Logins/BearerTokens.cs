using Sluice.Calls;
using Sluice.Calls.Entra;
using Sluice.Calls.Google;
using Sluice.Upstream.Google;

namespace Sluice.Upstream.Logins;

/// <summary>The token of each login that has one, held until shortly before it expires.</summary>
internal sealed class BearerTokens : IDisposable
{
    /// <summary>What Azure's models are asked for with.</summary>
    /// <remarks>Source: https://learn.microsoft.com/en-us/azure/ai-services/authentication.</remarks>
    private const string EntraScope = "https://cognitiveservices.azure.com/.default";

    private readonly LoginEndpoint _endpoint;
    private readonly GoogleTokens _google;
    private readonly RenewedValues<Login, AccessToken> _tokens;

    public BearerTokens(UpstreamOptions options, TimeProvider time)
    {
        _endpoint = new LoginEndpoint(options, time);
        _google = new GoogleTokens(_endpoint, options, time);
        _tokens = new RenewedValues<Login, AccessToken>("the access token", FetchAsync, time);
    }

    /// <exception cref="ProviderException">There is no token to be had.</exception>
    public ValueTask<AccessToken> GetAsync(Login login, CancellationToken cancellationToken) => _tokens.GetAsync(login, cancellationToken);

    /// <summary>Shows a request's provider the token of the moment.</summary>
    /// <exception cref="ProviderException">There is no token to be had.</exception>
    public async ValueTask AuthorizeAsync(HttpRequestMessage request, Login login, CancellationToken cancellationToken)
    {
        var token = await GetAsync(login, cancellationToken).ConfigureAwait(false);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Value}");
        if (login is GoogleLogin { QuotaProject: { } project })
        {
            request.Headers.TryAddWithoutValidation("x-goog-user-project", project);
        }
    }

    private Task<Fetched<AccessToken>> FetchAsync(Login login) =>
        login switch
        {
            GoogleLogin google => _google.FetchAsync(google),
            EntraLogin entra => OfEntraAsync(entra),
            _ => throw new InvalidOperationException($"there are no tokens for a {login.GetType().Name}"),
        };

    /// <remarks>Source: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow.</remarks>
    private Task<Fetched<AccessToken>> OfEntraAsync(EntraLogin login) =>
        _endpoint.GrantAsync(
            "the token endpoint of Entra ID",
            login.TokenEndpoint,
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = login.ClientId,
                ["client_secret"] = login.ClientSecret,
                ["scope"] = EntraScope,
            }
        );

    public void Dispose()
    {
        _google.Dispose();
        _endpoint.Dispose();
    }
}
