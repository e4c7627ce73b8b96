using System.Net.Http.Headers;
using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Catalog;
using Sluice.Upstream.Aws;

namespace Sluice.Upstream;

/// <summary>Sends one request to a provider and hands back the answer's headers; the body is still to be read.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http;
    private readonly ContainerEndpoint _container;
    private readonly AwsSigner _signer;

    public UpstreamClient(UpstreamOptions options, TimeProvider time)
    {
        _http = new HttpMessageInvoker(UpstreamConnector.CreateHandler(options));
        _container = new ContainerEndpoint(options, time);
        _signer = new AwsSigner(new AwsCredentials(_container, time), time);
    }

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

        AddHeaders(request.Headers, target.Provider);
        return credential.Aws is { } login
            ? SendSignedAsync(
                request,
                login,
                (target.Provider.SignedAddress ?? target.Provider.Address).Of(target.Model, stream),
                body,
                cancellationToken
            )
            : _http.SendAsync(request, cancellationToken);
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
        AddHeaders(request.Headers, provider);
        return credential.Aws is { } login
            ? PassSignedAsync(request, login, provider, cancellationToken)
            : _http.SendAsync(request, cancellationToken);
    }

    /// <summary>A signature covers the body, which is therefore read first.</summary>
    private async Task<HttpResponseMessage> PassSignedAsync(
        HttpRequestMessage request,
        AwsLogin login,
        Provider provider,
        CancellationToken cancellationToken
    )
    {
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : [];
        var sent = request.RequestUri!.AbsoluteUri;
        var signed = provider.SignedAddress is { } own ? $"{own.Base}{sent[provider.Address.Base.Length..]}" : sent;
        return await SendSignedAsync(request, login, new Uri(signed), body, cancellationToken).ConfigureAwait(false);
    }

    private static void AddHeaders(HttpRequestHeaders headers, Provider provider)
    {
        foreach (var (name, value) in provider.Dialect.Headers)
        {
            if (!headers.Contains(name))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }

        foreach (var (name, value) in provider.Headers)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private async Task<HttpResponseMessage> SendSignedAsync(
        HttpRequestMessage request,
        AwsLogin login,
        Uri signed,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        await _signer.SignAsync(request, login, signed, body, cancellationToken).ConfigureAwait(false);
        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static void Authorize(HttpRequestHeaders headers, AuthScheme scheme, Credential credential)
    {
        switch (scheme)
        {
            case AuthScheme.Bearer or AuthScheme.SigV4 when credential.Secret.Length > 0:
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

    public void Dispose()
    {
        _http.Dispose();
        _container.Dispose();
    }
}
