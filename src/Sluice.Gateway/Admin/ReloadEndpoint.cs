using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;

namespace Sluice.Gateway.Admin;

/// <summary>Reads the configuration again because an operator says so; <c>x-sluice-actor</c> says who, the body may say why.</summary>
internal static class ReloadEndpoint
{
    private const int LongestText = 500;

    public static async Task<IResult> HandleAsync(HttpRequest request, LiveConfiguration configuration)
    {
        if (await CauseAsync(request).ConfigureAwait(false) is not { } cause)
        {
            return Results.Json(AdminEndpoints.Fault("the body is a JSON object such as {\"because\": \"…\"}, or none"), statusCode: 400);
        }

        try
        {
            var before = configuration.Current.Revision;
            var revision = configuration.Reload(cause).Revision;
            return Results.Json(new JsonObject { ["revision"] = revision, ["changed"] = revision != before });
        }
        catch (ConfigurationException exception)
        {
            var errors = exception.Errors.Select(e => (JsonNode)e.ToString());
            return Results.Json(
                new JsonObject { ["revision"] = configuration.Current.Revision, ["errors"] = new JsonArray([.. errors]) },
                statusCode: 422
            );
        }
    }

    private static async Task<ReloadCause?> CauseAsync(HttpRequest request)
    {
        var who = request.Headers["x-sluice-actor"].ToString() is { Length: > 0 } actor
            ? Short(Uri.UnescapeDataString(actor))
            : "admin key";
        try
        {
            using var body = new StreamReader(request.Body);
            var buffer = new char[LongestText * 4];
            var length = await body.ReadBlockAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false);
            var text = new string(buffer, 0, length);
            return string.IsNullOrWhiteSpace(text) ? new ReloadCause(who)
                : JsonNode.Parse(text) is not JsonObject given ? null
                : given["because"] is not { } because ? new ReloadCause(who)
                : because.GetValueKind() == JsonValueKind.String ? new ReloadCause(who, Short(because.GetValue<string>()))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>On one line, and no longer than a reason is.</summary>
    private static string Short(string text) => new([.. text.Take(LongestText).Select(c => char.IsControl(c) ? ' ' : c)]);
}
