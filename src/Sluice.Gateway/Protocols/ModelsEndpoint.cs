using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Catalog;

namespace Sluice.Gateway.Protocols;

/// <summary>The routes a caller may name, in the shape of the client that asks.</summary>
internal static class ModelsEndpoint
{
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Task HandleAsync(HttpContext http, SluiceEngine engine, GatewayState state)
    {
        if (state.Authenticate(http) is null)
        {
            return AskersProtocol.WriteErrorAsync(http, new ClientError(401, ErrorKind.Unauthenticated, "no valid key"));
        }

        var names = engine
            .Configuration.Current.Routes.Values.Where(r => !r.Placeholder && !r.Name.EndsWith('*'))
            .Select(r => r.Name)
            .Order(StringComparer.Ordinal);
        var list = AskersProtocol.Of(http.Request).Wire == WireKind.AnthropicMessages ? Anthropic([.. names]) : OpenAi([.. names]);
        return Results.Json(list).ExecuteAsync(http);
    }

    private static JsonObject OpenAi(string[] names) =>
        new()
        {
            ["object"] = "list",
            ["data"] = new JsonArray([
                .. names.Select(n =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = n,
                            ["object"] = "model",
                            ["created"] = Created.ToUnixTimeSeconds(),
                            ["owned_by"] = "sluice",
                        }
                ),
            ]),
        };

    private static JsonObject Anthropic(string[] names) =>
        new()
        {
            ["data"] = new JsonArray([
                .. names.Select(n =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["type"] = "model",
                            ["id"] = n,
                            ["display_name"] = n,
                            ["created_at"] = Created,
                        }
                ),
            ]),
            ["has_more"] = false,
            ["first_id"] = names.FirstOrDefault(),
            ["last_id"] = names.LastOrDefault(),
        };
}
