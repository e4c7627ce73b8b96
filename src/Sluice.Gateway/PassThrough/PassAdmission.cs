using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Gateway.Ids;
using Sluice.Gateway.Protocols;
using Sluice.Money;
using Sluice.Routing;
using Sluice.Storage.Sqlite;
using Sluice.Wires;

namespace Sluice.Gateway.PassThrough;

/// <summary>Decides whether a request may pass, and makes of it what the provider is sent.</summary>
internal sealed class PassAdmission(MadeIds made)
{
    /// <exception cref="RequestException">The path could be read in two ways.</exception>
    /// <exception cref="ClientErrorException">It may not pass; the error says why.</exception>
    public Passing Admit(HttpContext http, Caller caller, Snapshot snapshot)
    {
        var method = http.Request.Method;
        var asked = PassPath.Parse(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var provider = Find(asked.Provider, snapshot);
        var path = asked.Below(provider.Address);
        RefuseByKind(http, provider);
        RefuseByTokens(method, provider, path, snapshot);
        var rule = provider.PassThrough.Find(method, path.Segments);
        var price = rule?.Price ?? (provider.Local ? 0 : null);
        var mine = RefuseWhatIsNotHis(method, provider, path, caller, shared: rule?.Shared == true);
        var body = Body(http, provider, caller, snapshot.Server.MaxBody);
        return new Passing(
            new PassRequest
            {
                Provider = provider,
                Name = path.Name(method),
                Message = Message(http.Request, provider, path, body),
                Price = price is { } dollars ? Credits.FromDollars(dollars) : null,
                Credential = mine?.Credential,
                Started = () => body?.Started ?? true,
            },
            Learned(provider.Dialect.Wire, HttpMethods.IsPost(method), mine is not null)
        );
    }

    private static Provider Find(string name, Snapshot snapshot)
    {
        if (snapshot.Providers.TryGetValue(name, out var provider))
        {
            return provider;
        }

        var near = NearNames.Of(name, snapshot.Providers.Keys);
        var hint = near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
        throw new ClientErrorException(404, ErrorKind.NotFound, $"no provider '{name}' is configured{hint}");
    }

    private static void RefuseByKind(HttpContext http, Provider provider)
    {
        if (!provider.PassThrough.Allowed)
        {
            throw new ClientErrorException(
                403,
                ErrorKind.Forbidden,
                $"nothing passes through to {provider.Name}: its \"passThrough\" is false"
            );
        }

        if (provider.Missing is { } missing)
        {
            throw new ClientErrorException(503, ErrorKind.Upstream, missing);
        }

        if (http.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase) || IsConnect(http))
        {
            throw new ClientErrorException(
                501,
                ErrorKind.InvalidRequest,
                "WebSockets do not pass through: what they say could not be held to any limit"
            );
        }

        if (HttpMethods.IsTrace(http.Request.Method))
        {
            throw new ClientErrorException(
                405,
                ErrorKind.InvalidRequest,
                "TRACE does not pass through: it would show the provider's credential"
            );
        }
    }

    private static void RefuseByTokens(string method, Provider provider, PassPath path, Snapshot snapshot)
    {
        var models = snapshot.Models.Cards.Where(c => c.Provider == provider.Dialect.Models).Select(c => c.Id);
        if (MeteredPaths.Endpoint(method, path.Segments, models) is { } endpoint)
        {
            throw new ClientErrorException(
                400,
                ErrorKind.InvalidRequest,
                $"{path.Name(method)} is paid for by tokens and does not pass through; ask {endpoint} for a route, or for '{provider.Name}/MODEL'"
            );
        }
    }

    private static bool IsConnect(HttpContext http) =>
        HttpMethods.IsConnect(http.Request.Method) || http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    /// <returns>What the path names and this key made; <see langword="null"/> where it names nothing.</returns>
    private MadeId? RefuseWhatIsNotHis(string method, Provider provider, PassPath path, Caller caller, bool shared)
    {
        MadeId? mine = null;
        foreach (var (text, name, isId) in path.Things)
        {
            var known = made.Find(provider.Name, text) ?? made.Find(provider.Name, name);
            if (caller.Key is not null && (known is null ? isId && !shared : !known.BelongsTo(caller.Key)))
            {
                throw new ClientErrorException(404, ErrorKind.NotFound, $"there is no '{text}'");
            }

            mine ??= known;
        }

        if (caller.Key is null)
        {
            return mine;
        }

        if (Watch(provider, caller)!.Sees(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(path.Query)), last: true))
        {
            throw new ClientErrorException(404, ErrorKind.NotFound, "the query names something that does not exist");
        }

        return mine is null && !shared && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
            ? throw new ClientErrorException(
                403,
                ErrorKind.Forbidden,
                $"{path.Name(method)} would list what all keys made; ask for one thing by its id, or let the configuration say that it is \"shared\""
            )
            : mine;
    }

    private BodyIds? Watch(Provider provider, Caller caller) =>
        caller.Key is { } key ? new BodyIds(id => made.Find(provider.Name, id) is { } known && !known.BelongsTo(key)) : null;

    private PassBody? Body(HttpContext http, Provider provider, Caller caller, long longest)
    {
        var request = http.Request;
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        if (request.ContentLength > longest)
        {
            throw new ClientErrorException(413, ErrorKind.TooLarge, $"the body is longer than {longest} bytes");
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && encoding != "identity")
        {
            throw new ClientErrorException(
                415,
                ErrorKind.InvalidRequest,
                "a compressed body does not pass: what it refers to could not be seen"
            );
        }

        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = longest;
        return new PassBody(http, Watch(provider, caller));
    }

    private static HttpRequestMessage Message(HttpRequest request, Provider provider, PassPath path, PassBody? body)
    {
        var address = new Uri($"{provider.Address.Base}/{string.Join('/', path.Raw)}{path.Query}");
        var message = new HttpRequestMessage(new HttpMethod(request.Method), address) { Content = body };
        foreach (var (name, value) in request.Headers)
        {
            PassHeaders.PassUp(message, provider.Dialect.Wire, name, value.ToString());
        }

        return message;
    }

    /// <summary>The members of an answer that name what the caller has made by this call.</summary>
    private static string[] Learned(WireKind wire, bool post, bool his) =>
        wire == WireKind.Gemini
            ? post
                ? ["name", "file.name"]
                : []
            : post && his
                ? ["id", "file.id", "output_file_id", "error_file_id", "result_files"]
                : post
                    ? ["id"]
                    : his
                        ? ["output_file_id", "error_file_id", "result_files"]
                        : [];
}

/// <summary>A request that may pass.</summary>
/// <param name="Request">What the provider is sent.</param>
/// <param name="Learned">The members of its answer that name what was made.</param>
internal sealed record Passing(PassRequest Request, IReadOnlyCollection<string> Learned);
