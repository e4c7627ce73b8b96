using System.Net.Http.Headers;
using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Upstream;

/// <summary>Sends one request to a provider and hands back the answer's headers; the body is still to be read.</summary>
internal sealed class UpstreamClient(UpstreamOptions options) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http = new(UpstreamConnector.CreateHandler(options));

    public Task<HttpResponseMessage> SendAsync(
        Target target,
        Credential credential,
        ReadOnlyMemory<byte> body,
        bool stream,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var address = target.Provider.Address.Of(target.Model, stream);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        Authorize(request.Headers, target.Provider.Dialect.Auth, credential);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        AddHeaders(request.Headers, target.Provider.Dialect);
        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>Asks about something the provider keeps; there is no body.</summary>
    public Task<HttpResponseMessage> AskAsync(
        HttpMethod method,
        Uri address,
        Provider provider,
        Credential credential,
        CancellationToken cancellationToken
    ) => PassAsync(new HttpRequestMessage(method, address), provider, credential, cancellationToken);

    /// <summary>Sends a request that is made already but for what shows the provider who asks.</summary>
    public Task<HttpResponseMessage> PassAsync(
        HttpRequestMessage request,
        Provider provider,
        Credential credential,
        CancellationToken cancellationToken
    )
    {
        Authorize(request.Headers, provider.Dialect.Auth, credential);
        AddHeaders(request.Headers, provider.Dialect);
        return _http.SendAsync(request, cancellationToken);
    }

    private static void AddHeaders(HttpRequestHeaders headers, Dialect dialect)
    {
        foreach (var (name, value) in dialect.Headers)
        {
            if (!headers.Contains(name))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private static void Authorize(HttpRequestHeaders headers, AuthScheme scheme, Credential credential)
    {
        switch (scheme)
        {
            case AuthScheme.Bearer when credential.Secret.Length > 0:
                headers.TryAddWithoutValidation("Authorization", $"Bearer {credential.Secret}");
                break;
            case AuthScheme.XApiKey when credential.Secret.Length > 0:
                headers.TryAddWithoutValidation("x-api-key", credential.Secret);
                break;
            case AuthScheme.ApiKey when credential.Secret.Length > 0:
                headers.TryAddWithoutValidation("api-key", credential.Secret);
                break;
            case AuthScheme.GoogApiKey when credential.Secret.Length > 0:
                headers.TryAddWithoutValidation("x-goog-api-key", credential.Secret);
                break;
        }
    }

    public void Dispose() => _http.Dispose();
}
