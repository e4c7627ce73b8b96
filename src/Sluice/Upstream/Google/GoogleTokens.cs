using Sluice.Calls;
using Sluice.Calls.Google;
using Sluice.Upstream.Logins;

namespace Sluice.Upstream.Google;

/// <summary>Fetches tokens for Google's cloud.</summary>
internal sealed class GoogleTokens(LoginEndpoint endpoint, UpstreamOptions options, TimeProvider time) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string Endpoint = "Google's token endpoint";
    private const string Server = "the metadata server";

    /// <summary>Apart from the other, because it may reach the server's link-local address.</summary>
    private readonly LoginEndpoint _metadata = new(options, time, GoogleMetadataLogin.Known);

    /// <exception cref="ProviderException">There is no token to be had.</exception>
    public async Task<Fetched<AccessToken>> FetchAsync(GoogleLogin login) =>
        login switch
        {
            GoogleFileLogin file => await OfKeyAsync(await ReadAsync(file.File).ConfigureAwait(false)).ConfigureAwait(false),
            GoogleMetadataLogin server => await OfServerAsync(server.Address).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"no login of Google's is a {login.GetType().Name}"),
        };

    private static async Task<GoogleKey> ReadAsync(string file)
    {
        try
        {
            return GoogleKey.Read(await File.ReadAllTextAsync(file).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is GoogleKeyException or IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureClass.Credential, "the key file for Google cannot be used", exception)
            {
                Sent = false,
                Detail = $"{file}: {exception.Message}",
            };
        }
    }

    private Task<Fetched<AccessToken>> OfKeyAsync(GoogleKey key) => endpoint.GrantAsync(Endpoint, key.TokenEndpoint, GrantOf(key));

    private Dictionary<string, string> GrantOf(GoogleKey key) =>
        key switch
        {
            ServiceAccountKey account => new()
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ["assertion"] = ServiceAccountAssertion.Of(account, Scope, time.GetUtcNow()),
            },
            UserKey user => new()
            {
                ["grant_type"] = "refresh_token",
                ["client_id"] = user.ClientId,
                ["client_secret"] = user.ClientSecret,
                ["refresh_token"] = user.RefreshToken,
            },
            _ => throw new InvalidOperationException($"no key of Google's is a {key.GetType().Name}"),
        };

    private async Task<Fetched<AccessToken>> OfServerAsync(Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        return _metadata.TokenOf(Server, await _metadata.AskAsync(Server, request).ConfigureAwait(false));
    }

    public void Dispose() => _metadata.Dispose();
}
