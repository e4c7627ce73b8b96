using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Protocols;

/// <summary>What became of a call: its receipt, for the key that made it and nobody else.</summary>
internal static class CallsEndpoint
{
    public static async Task HandleAsync(HttpContext http, string id, SluiceEngine engine, GatewayState state)
    {
        http.Response.ContentType = "application/json";
        if (state.Authenticate(http) is not { } caller)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("""{"error":"no valid key"}""", http.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (engine.Receipts.Find(id) is not { } receipt || receipt.Key != caller.Key)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http
                .Response.WriteAsync(
                    """{"error":"no such call among the newest; `sluice ledger show` knows older ones"}""",
                    http.RequestAborted
                )
                .ConfigureAwait(false);
            return;
        }

        var body = new ArrayBufferWriter<byte>();
        ReceiptJson.Write(receipt, body);
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }
}
