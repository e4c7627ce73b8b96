using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Protocols.OpenAiResponses;

/// <summary>Responses that a provider keeps: read, deleted and cancelled there, by the key that made them alone.</summary>
internal sealed class StoredResponses(SluiceEngine engine, GatewayState state)
{
    private readonly ResponsesProtocol _protocol = new();

    /// <param name="http">The request.</param>
    /// <param name="id">The response.</param>
    /// <param name="below">What is asked of it: <c>/cancel</c>, <c>/input_items</c>, or nothing.</param>
    public async Task HandleAsync(HttpContext http, string id, string below = "")
    {
        if (state.Authenticate(http) is not { } caller)
        {
            await RefuseAsync(http, new ClientError(401, ErrorKind.Unauthenticated, "no valid key")).ConfigureAwait(false);
            return;
        }

        if (Find(id, caller) is not var (kept, provider))
        {
            await RefuseAsync(http, ClientError.NotKept(new StateReference("response_id", id))).ConfigureAwait(false);
            return;
        }

        await AskAsync(http, provider, kept, $"/{Uri.EscapeDataString(id)}{below}").ConfigureAwait(false);
        if (HttpMethods.IsDelete(http.Request.Method) && http.Response.StatusCode is >= 200 and < 300)
        {
            state.Made.Forget(kept);
        }
    }

    /// <returns>What the caller's key made, and the provider that keeps it as it is configured now.</returns>
    private (MadeId, Provider)? Find(string id, Caller caller)
    {
        var providers = engine.Configuration.Current.Providers;
        foreach (var made in state.Made.Of(id))
        {
            if (
                made.OfAnswer
                && made.BelongsTo(caller.Key)
                && providers.TryGetValue(made.Provider, out var provider)
                && provider is { Missing: null, Dialect.Wire: WireKind.OpenAiResponses }
            )
            {
                return (made, provider);
            }
        }

        return null;
    }

    private async Task AskAsync(HttpContext http, Provider provider, MadeId kept, string below)
    {
        var query = http.Request.Query.Where(q => q.Key is not ("key" or "stream" or "starting_after"));
        var address = new UriBuilder(provider.Address.Of(kept.Model, stream: false));
        address.Path += below;
        address.Query = QueryString.FromUriComponent(address.Uri).Add(QueryString.Create(query)).ToUriComponent();
        var credential = provider.Credentials.FirstOrDefault(c => c.Id == kept.Credential) ?? provider.Credentials[0];
        try
        {
            using var response = await engine
                .AskAsync(new HttpMethod(http.Request.Method), address.Uri, provider, credential, http.RequestAborted)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                await RefuseAsync(http, Failed((int)response.StatusCode, provider)).ConfigureAwait(false);
                return;
            }

            http.Response.ContentType = "application/json";
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or ProviderException)
        {
            await RefuseAsync(http, Failed(502, provider)).ConfigureAwait(false);
        }
    }

    /// <summary>What the provider said of it may hold secrets of the account; its status is told.</summary>
    private static ClientError Failed(int status, Provider provider) =>
        status is 404
            ? new ClientError(404, ErrorKind.NotFound, $"{provider.Name} does not keep this response any more")
            : new ClientError(status is 400 or 429 ? status : 502, ErrorKind.Upstream, $"{provider.Name} answered {status}");

    private Task RefuseAsync(HttpContext http, ClientError error)
    {
        error.WriteHeaders(http.Response);
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(_protocol.Error(error), http.RequestAborted).AsTask();
    }
}
