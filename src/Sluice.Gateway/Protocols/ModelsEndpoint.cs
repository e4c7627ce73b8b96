using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Gateway.Protocols.Gemini;
using Sluice.Routing;

namespace Sluice.Gateway.Protocols;

/// <summary>The routes a caller may name and what each can do, in the shape of the client that asks.</summary>
internal static class ModelsEndpoint
{
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Task ListAsync(HttpContext http, SluiceEngine engine, GatewayState state) =>
        AnswerAsync(
            http,
            state,
            (wire, caller) =>
            {
                var routes = engine
                    .Configuration.Current.Routes.Values.Where(r => !r.Placeholder && !r.Name.EndsWith('*') && caller.MayCall(r.Name))
                    .OrderBy(r => r.Name, StringComparer.Ordinal)
                    .ToList();
                return wire switch
                {
                    WireKind.AnthropicMessages => AnthropicList(routes),
                    WireKind.Gemini => new JsonObject { ["models"] = new JsonArray([.. routes.Select(r => (JsonNode)Gemini(r))]) },
                    _ => OpenAiList(routes),
                };
            }
        );

    /// <summary>One route, or whatever else a call of this name would be answered by.</summary>
    public static Task FindAsync(HttpContext http, string id, SluiceEngine engine, GatewayState state) =>
        AnswerAsync(
            http,
            state,
            (wire, caller) =>
            {
                var route = engine.Configuration.Current.Table.Resolve(id, caller) with { Name = id };
                return wire switch
                {
                    WireKind.AnthropicMessages => Anthropic(route),
                    WireKind.Gemini => Gemini(route),
                    _ => OpenAi(route),
                };
            }
        );

    private static Task AnswerAsync(HttpContext http, GatewayState state, Func<WireKind, Caller, JsonObject> answer)
    {
        var wire = AskersProtocol.Of(http.Request).Wire;
        if (state.Authenticate(http) is not { } caller)
        {
            return AskersProtocol.WriteErrorAsync(http, new ClientError(401, ErrorKind.Unauthenticated, "no valid key"));
        }

        try
        {
            return Results.Json(answer(wire, caller)).ExecuteAsync(http);
        }
        catch (Exception exception) when (exception is RouteNotFoundException or RouteForbiddenException)
        {
            return AskersProtocol.WriteErrorAsync(http, ClientError.Of(exception));
        }
    }

    private static JsonObject OpenAiList(List<Route> routes) =>
        new() { ["object"] = "list", ["data"] = new JsonArray([.. routes.Select(r => (JsonNode)OpenAi(r))]) };

    private static JsonObject OpenAi(Route route) =>
        new()
        {
            ["id"] = route.Name,
            ["object"] = "model",
            ["created"] = Created.ToUnixTimeSeconds(),
            ["owned_by"] = "sluice",
            ["sluice"] = RouteAbilities.Of(route).Json(),
        };

    private static JsonObject AnthropicList(List<Route> routes) =>
        new()
        {
            ["data"] = new JsonArray([.. routes.Select(r => (JsonNode)Anthropic(r))]),
            ["has_more"] = false,
            ["first_id"] = routes.FirstOrDefault()?.Name,
            ["last_id"] = routes.LastOrDefault()?.Name,
        };

    private static JsonObject Anthropic(Route route)
    {
        var abilities = RouteAbilities.Of(route);
        return new JsonObject
        {
            ["type"] = "model",
            ["id"] = route.Name,
            ["display_name"] = route.Name,
            ["created_at"] = Created,
            ["max_input_tokens"] = abilities.ContextWindow,
            ["max_tokens"] = abilities.MaxOutput,
            ["sluice"] = abilities.Json(),
        };
    }

    private static JsonObject Gemini(Route route)
    {
        var abilities = RouteAbilities.Of(route);
        return new JsonObject
        {
            ["name"] = $"models/{route.Name}",
            ["version"] = "1",
            ["displayName"] = route.Name,
            ["inputTokenLimit"] = abilities.ContextWindow,
            ["outputTokenLimit"] = abilities.MaxOutput,
            ["supportedGenerationMethods"] = new JsonArray(GeminiAddress.Generate, GeminiAddress.Stream, GeminiAddress.Count),
            ["thinking"] = abilities.Reasoning,
            ["sluice"] = abilities.Json(),
        };
    }
}
