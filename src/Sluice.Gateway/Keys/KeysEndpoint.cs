using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Protocols;

namespace Sluice.Gateway.Keys;

/// <summary><c>POST /v1/sluice/keys</c>: a key makes a key, never a stronger one.</summary>
internal sealed class KeysEndpoint(KeyRing keys, GatewayState state)
{
    public async Task<IResult> MintAsync(HttpContext http)
    {
        if (state.Authenticate(http) is null)
        {
            return Refuse(401, "no valid key");
        }

        try
        {
            var (name, rules) = await KeyJson.ReadAsync(http.Request).ConfigureAwait(false);
            var (secret, key) = keys.Mint(PresentedKey.Of(http.Request), name, rules);
            return Results.Json(KeyJson.Write(key, secret), statusCode: 201);
        }
        catch (GatewayException exception)
        {
            return Refuse(400, exception.Message);
        }
        catch (ClientErrorException exception)
        {
            return Refuse(exception.Error.Status, exception.Error.Message);
        }
    }

    private static IResult Refuse(int status, string message) =>
        Results.Json(new System.Text.Json.Nodes.JsonObject { ["error"] = message }, statusCode: status);
}
