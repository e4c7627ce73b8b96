using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Catalog;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols.Gemini;

/// <summary>Addresses and errors as Gemini's clients know them.</summary>
internal sealed class GeminiProtocol : IClientProtocol
{
    public WireKind Wire => WireKind.Gemini;

    public string StreamType => "text/event-stream";

    public RequestAddress AddressOf(HttpRequest request)
    {
        var (model, method) = GeminiAddress.Of(request);
        return new RequestAddress(model, method == GeminiAddress.Stream);
    }

    public byte[] Error(ClientError error)
    {
        var told = new JsonObject
        {
            ["code"] = error.Status,
            ["message"] = error.Message,
            ["status"] = StatusOf(error.Kind),
        };
        if (error.RetryAfter is { } wait)
        {
            told["details"] = new JsonArray(
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.RetryInfo",
                    ["retryDelay"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds))}s"),
                }
            );
        }

        return ErrorText.Utf8(new JsonObject { ["error"] = told });
    }

    public byte[] ErrorEvent(ClientError error) => [.. "data: "u8, .. Error(error), .. "\r\n\r\n"u8];

    private static string StatusOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Unauthenticated => "UNAUTHENTICATED",
            ErrorKind.Forbidden => "PERMISSION_DENIED",
            ErrorKind.NotFound or ErrorKind.UnknownPath => "NOT_FOUND",
            ErrorKind.Budget or ErrorKind.RateLimited => "RESOURCE_EXHAUSTED",
            ErrorKind.Upstream => "UNAVAILABLE",
            ErrorKind.Internal => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        };
}
