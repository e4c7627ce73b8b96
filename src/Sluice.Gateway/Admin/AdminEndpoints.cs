using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Configuration;
using Sluice.Gateway.Keys;
using Sluice.Gateway.Protocols;
using Sluice.Routing;
using Sluice.Storage.Sqlite;
using Sluice.Wires;

namespace Sluice.Gateway.Admin;

/// <summary>What an operator may ask and change, on a listener of its own and with its own key.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(
        this IEndpointRouteBuilder routes,
        SluiceEngine engine,
        GatewayState state,
        KeyRing keys,
        SqliteKeyStore store,
        AdminKey admin
    )
    {
        var group = routes.MapGroup("/admin");
        group.AddEndpointFilter(
            async (context, next) =>
                context.HttpContext.Connection.LocalPort != state.AdminPort ? Results.NotFound()
                : !admin.Matches(PresentedKey.Of(context.HttpContext.Request))
                    ? Results.Json(Fault("the admin key is needed; it stands in admin.key of the data directory"), statusCode: 401)
                : await next(context).ConfigureAwait(false)
        );
        group.MapGet("/status", () => Results.Json(Status(engine, state)));
        group.MapGet("/budgets", () => Results.Json(new JsonArray([.. engine.Ledger.Status().Select(b => (JsonNode)BudgetJson.Write(b))])));
        group.MapGet("/targets", () => Results.Json(TargetJson.Write(engine)));
        group.MapDelete("/targets/{provider}", (string provider) => Forget(engine, provider, null));
        group.MapDelete("/targets/{provider}/{**model}", (string provider, string model) => Forget(engine, provider, model));
        group.MapPost("/explain", (HttpRequest request) => ExplainAsync(engine, request));
        group.MapPost("/reload", (HttpRequest request) => ReloadEndpoint.HandleAsync(request, engine.Configuration));
        group.MapPost("/keys", (HttpRequest request) => CreateAsync(keys, store, engine, request));
        group.MapPost("/keys/{id}/rotate", (string id) => Rotate(keys, store, id));
        group.MapGet("/keys", () => Results.Json(new JsonArray([.. store.List().Select(k => (JsonNode)KeyJson.Write(k))])));
        group.MapDelete(
            "/keys/{id}",
            (string id) =>
            {
                var found = store.Revoke(id, engine.Time.GetUtcNow());
                keys.Refresh();
                return found ? Results.NoContent() : Results.Json(Fault($"no key '{id}' that is not revoked"), statusCode: 404);
            }
        );
    }

    /// <remarks>What a client would be answered is answered in the same words and with the same status.</remarks>
    private static async Task<IResult> ExplainAsync(SluiceEngine engine, HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body).ConfigureAwait(false) is JsonObject question
                ? Results.Json(ExplainJson.Answer(engine, question))
                : Results.Json(Fault("the body is not a JSON object"), statusCode: 400);
        }
        catch (Exception exception) when (exception is GatewayException or JsonException)
        {
            return Results.Json(Fault(exception.Message), statusCode: 400);
        }
        catch (Exception exception) when (exception is RouteNotFoundException or RouteForbiddenException or RequestException)
        {
            var error = ClientError.Of(exception);
            return Results.Json(Fault(error.Message), statusCode: error.Status);
        }
    }

    private static async Task<IResult> CreateAsync(KeyRing keys, SqliteKeyStore store, SluiceEngine engine, HttpRequest request)
    {
        try
        {
            var (name, rules) = await KeyJson.ReadAsync(request).ConfigureAwait(false);
            var (secret, key) = KeyRing.Create(name, rules, engine.Time.GetUtcNow());
            store.Add(key);
            keys.Refresh();
            return Results.Json(KeyJson.Write(key, secret), statusCode: 201);
        }
        catch (GatewayException exception)
        {
            return Results.Json(Fault(exception.Message), statusCode: 400);
        }
    }

    private static IResult Rotate(KeyRing keys, SqliteKeyStore store, string id)
    {
        var secret = KeyRing.NewSecret();
        if (!store.Rotate(id, KeyRing.HashOf(secret)))
        {
            return Results.Json(Fault($"no key '{id}' that is not revoked"), statusCode: 404);
        }

        keys.Refresh();
        return Results.Json(new JsonObject { ["id"] = id, ["key"] = secret });
    }

    private static IResult Forget(SluiceEngine engine, string provider, string? model) =>
        engine.Health.Forget(provider, model)
            ? Results.NoContent()
            : Results.Json(Fault($"nothing is held against '{(model is null ? provider : $"{provider}/{model}")}'"), statusCode: 404);

    private static JsonObject Status(SluiceEngine engine, GatewayState state) =>
        new()
        {
            ["revision"] = engine.Configuration.Current.Revision,
            ["configurationRejected"] = engine.Configuration.Rejected?.Message,
            ["callsUnderWay"] = state.Inside,
            ["openHolds"] = engine.Ledger.OpenHolds,
            ["ledgerFailures"] = engine.Ledger.Writer.Failures,
            ["budgets"] = new JsonArray([.. engine.Ledger.Status().Select(b => (JsonNode)BudgetJson.Write(b))]),
        };

    public static JsonObject Fault(string message) => new() { ["error"] = message };
}
