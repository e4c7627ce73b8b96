using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Configuration;
using Sluice.Routing;

namespace Sluice.Gateway.Protocols.Ollama;

/// <summary>What Ollama's clients ask about models: which there are, and what each can do. The models are routes.</summary>
internal sealed class OllamaModels(SluiceEngine engine, GatewayState state)
{
    /// <summary>Clients compare it with the release that brought what they need: the one whose protocol is spoken here.</summary>
    private const string Version = "0.12.11";

    /// <summary>The architecture, under whose name clients look for the context length.</summary>
    private const string Architecture = "sluice";

    private static readonly DateTimeOffset Modified = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary><c>/api/version</c>.</summary>
    public static IResult VersionOf() => Results.Json(new JsonObject { ["version"] = Version });

    /// <summary><c>/api/tags</c>.</summary>
    public IResult Tags(HttpContext http) =>
        state.Authenticate(http) is { } caller
            ? List(Named(engine.Configuration.Current).Where(r => caller.MayCall(r.Name)))
            : Unauthenticated();

    /// <summary><c>/api/ps</c>: nothing is held in memory here.</summary>
    public IResult Loaded(HttpContext http) => state.Authenticate(http) is null ? Unauthenticated() : List([]);

    /// <summary><c>/api/show</c>.</summary>
    public async Task ShowAsync(HttpContext http) =>
        await (await ShownAsync(http).ConfigureAwait(false)).ExecuteAsync(http).ConfigureAwait(false);

    private async Task<IResult> ShownAsync(HttpContext http)
    {
        if (state.Authenticate(http) is not { } caller)
        {
            return Unauthenticated();
        }

        var snapshot = engine.Configuration.Current;
        if (await BodyReader.ReadAsync(http, snapshot.Server.MaxBody).ConfigureAwait(false) is not { } body)
        {
            return Error(new ClientError(413, ErrorKind.TooLarge, $"the body is longer than {snapshot.Server.MaxBody} bytes"));
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return Results.Json(Shown(snapshot.Table.Resolve(NameIn(document.RootElement), caller)));
        }
        catch (JsonException)
        {
            return Error(new ClientError(400, ErrorKind.InvalidRequest, "the body is not valid JSON"));
        }
        catch (Exception exception) when (exception is RouteNotFoundException or RouteForbiddenException)
        {
            return Error(ClientError.Of(exception));
        }
    }

    private static IEnumerable<Route> Named(Snapshot snapshot) =>
        snapshot.Routes.Values.Where(r => !r.Placeholder && !r.Name.EndsWith('*')).OrderBy(r => r.Name, StringComparer.Ordinal);

    /// <summary>Older clients say <c>name</c>.</summary>
    private static string NameIn(JsonElement request)
    {
        foreach (var member in (string[])["model", "name"])
        {
            if (
                request.ValueKind == JsonValueKind.Object
                && request.TryGetProperty(member, out var name)
                && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 } text
            )
            {
                return text;
            }
        }

        return "";
    }

    private static IResult List(IEnumerable<Route> routes) =>
        Results.Json(new JsonObject { ["models"] = new JsonArray([.. routes.Select(r => (JsonNode)Listed(r))]) });

    private static JsonObject Listed(Route route) =>
        new()
        {
            ["name"] = route.Name,
            ["model"] = route.Name,
            ["modified_at"] = Modified,
            ["size"] = 0,
            ["digest"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(route.Name))),
            ["details"] = Details(),
        };

    /// <summary>A route can do what every one of its targets can: any of them may be the one that answers.</summary>
    private static JsonObject Shown(Route route)
    {
        var cards = route.Targets.Select(t => t.Card).ToList();
        var capabilities = new JsonArray("completion");
        foreach (
            var (name, able) in ((string, bool)[])
                [
                    ("tools", cards.TrueForAll(c => c.Tools)),
                    ("vision", cards.TrueForAll(c => c.Vision)),
                    ("thinking", cards.TrueForAll(c => c.Reasoning)),
                ]
        )
        {
            if (able)
            {
                capabilities.Add((JsonNode)name);
            }
        }

        return new JsonObject
        {
            ["license"] = "",
            ["modelfile"] = "",
            ["parameters"] = "",
            ["template"] = "",
            ["details"] = Details(),
            ["model_info"] = new JsonObject
            {
                ["general.architecture"] = Architecture,
                ["general.basename"] = route.Name,
                [$"{Architecture}.context_length"] = cards.Min(c => c.ContextWindow),
            },
            ["capabilities"] = capabilities,
            ["modified_at"] = Modified,
        };
    }

    private static JsonObject Details() =>
        new()
        {
            ["parent_model"] = "",
            ["format"] = "",
            ["family"] = Architecture,
            ["families"] = new JsonArray(Architecture),
            ["parameter_size"] = "",
            ["quantization_level"] = "",
        };

    private static IResult Unauthenticated() => Error(new ClientError(401, ErrorKind.Unauthenticated, "no valid key"));

    private static IResult Error(ClientError error) => Results.Json(new JsonObject { ["error"] = error.Message }, statusCode: error.Status);
}
