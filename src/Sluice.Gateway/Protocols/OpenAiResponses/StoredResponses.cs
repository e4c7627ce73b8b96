using Microsoft.AspNetCore.Http;
using Sluice.Calls;

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

        if (
            state.Kept.Find(id, caller.Key) is not { } keeper
            || engine.Configuration.Current.Table.Keeping(keeper) is not { Missing: null } provider
        )
        {
            await RefuseAsync(http, ClientError.NotKept(id)).ConfigureAwait(false);
            return;
        }

        await AskAsync(http, provider, keeper, $"/{Uri.EscapeDataString(id)}{below}").ConfigureAwait(false);
        if (HttpMethods.IsDelete(http.Request.Method) && http.Response.StatusCode is >= 200 and < 300)
        {
            state.Kept.Forget(id);
        }
    }

    private async Task AskAsync(HttpContext http, Provider provider, Keeper keeper, string below)
    {
        var query = http.Request.Query.Where(q => q.Key is not ("key" or "stream" or "starting_after"));
        var address = new UriBuilder(provider.Address.Of(keeper.Model, stream: false));
        address.Path += below;
        address.Query = QueryString.FromUriComponent(address.Uri).Add(QueryString.Create(query)).ToUriComponent();
        var credential = provider.Credentials.FirstOrDefault(c => c.Id == keeper.Credential) ?? provider.Credentials[0];
        try
        {
            using var response = await engine
                .AskAsync(new HttpMethod(http.Request.Method), address.Uri, provider, credential, http.RequestAborted)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                await RefuseAsync(http, Failed((int)response.StatusCode, keeper)).ConfigureAwait(false);
                return;
            }

            http.Response.ContentType = "application/json";
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            await RefuseAsync(http, Failed(502, keeper)).ConfigureAwait(false);
        }
    }

    /// <summary>What the provider said of it may hold secrets of the account; its status is told.</summary>
    private static ClientError Failed(int status, Keeper keeper) =>
        status is 404
            ? new ClientError(404, ErrorKind.NotFound, $"{keeper.Provider} does not keep this response any more")
            : new ClientError(status is 400 or 429 ? status : 502, ErrorKind.Upstream, $"{keeper.Provider} answered {status}");

    private Task RefuseAsync(HttpContext http, ClientError error)
    {
        error.WriteHeaders(http.Response);
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(_protocol.Error(error), http.RequestAborted).AsTask();
    }
}
