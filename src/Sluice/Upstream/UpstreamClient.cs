using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Sluice.Calls;
using Sluice.Calls.Aws;
using Sluice.Catalog;
using Sluice.Upstream.Aws;
using Sluice.Upstream.Logins;

namespace Sluice.Upstream;

/// <summary>Sends one request to a provider and hands back the answer's headers; the body is still to be read.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly HttpRequestOptionsKey<TimeSpan> Connect = new("sluice.connect");

    /// <summary>Deadlines for connecting that have connections of their own; a configuration names few.</summary>
    private const int MostDeadlines = 64;

    private readonly UpstreamOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly ConcurrentDictionary<TimeSpan, Lazy<HttpMessageInvoker>> _others = new();
    private readonly AwsCredentials _keys;
    private readonly AwsSigner _signer;
    private readonly BearerTokens _tokens;

    public UpstreamClient(UpstreamOptions options, TimeProvider time)
    {
        _options = options;
        _http = new HttpMessageInvoker(UpstreamConnector.CreateHandler(options));
        _keys = new AwsCredentials(options, time);
        _signer = new AwsSigner(_keys, time);
        _tokens = new BearerTokens(options, time);
    }

    public Task<HttpResponseMessage> SendAsync(
        Target target,
        Credential credential,
        ReadOnlyMemory<byte> body,
        bool stream,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken,
        TimeSpan? connect = null
    )
    {
        var address = target.Provider.Address.Of(target.Model, stream);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        if (connect is { } limit && limit != _options.Connect)
        {
            request.Options.Set(Connect, limit);
        }

        Authorize(request.Headers, target.Provider.Dialect.Auth, credential);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        AddHeaders(request.Headers, target.Provider);
        return credential.Login switch
        {
            null => For(request).SendAsync(request, cancellationToken),
            AwsLogin login => SendSignedAsync(
                request,
                login,
                (target.Provider.SignedAddress ?? target.Provider.Address).Of(target.Model, stream),
                body,
                cancellationToken
            ),
            var login => SendWithTokenAsync(request, login, cancellationToken),
        };
    }

    /// <summary>How long connecting may take is fixed for a pool of connections: another deadline has another pool.</summary>
    private HttpMessageInvoker For(HttpRequestMessage request) =>
        request.Options.TryGetValue(Connect, out var connect) && _options.Handler is null && _others.Count < MostDeadlines
            ? _others
                .GetOrAdd(
                    connect,
                    static (limit, options) =>
                        new Lazy<HttpMessageInvoker>(() =>
                            new HttpMessageInvoker(UpstreamConnector.CreateHandler(options with { Connect = limit }))
                        ),
                    _options
                )
                .Value
            : _http;

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
        return credential.Login switch
        {
            null => For(request).SendAsync(request, cancellationToken),
            AwsLogin login => PassSignedAsync(request, login, provider, cancellationToken),
            var login => SendWithTokenAsync(request, login, cancellationToken),
        };
    }

    /// <summary>Gets what requests under a login are shown, and sends nothing.</summary>
    /// <exception cref="ProviderException">There is nothing to be had.</exception>
    public async ValueTask CheckAsync(Login login, CancellationToken cancellationToken)
    {
        if (login is AwsLogin amazon)
        {
            await _keys.GetAsync(amazon, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _tokens.GetAsync(login, cancellationToken).ConfigureAwait(false);
        }
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
        return await For(request).SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendWithTokenAsync(HttpRequestMessage request, Login login, CancellationToken cancellationToken)
    {
        await _tokens.AuthorizeAsync(request, login, cancellationToken).ConfigureAwait(false);
        return await For(request).SendAsync(request, cancellationToken).ConfigureAwait(false);
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

    public void Dispose()
    {
        _http.Dispose();
        foreach (var other in _others.Values)
        {
            other.Value.Dispose();
        }

        _keys.Dispose();
        _tokens.Dispose();
    }
}
