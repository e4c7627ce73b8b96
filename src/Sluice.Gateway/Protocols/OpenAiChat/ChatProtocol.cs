using System.Text.Json.Nodes;
using Sluice.Catalog;

namespace Sluice.Gateway.Protocols.OpenAiChat;

/// <summary>Errors as OpenAI's clients know them.</summary>
internal sealed class ChatProtocol : IClientProtocol
{
    public WireKind Wire => WireKind.OpenAiChat;

    public byte[] Error(ClientError error) =>
        ErrorText.Utf8(
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = error.Message,
                    ["type"] = TypeOf(error.Kind),
                    ["param"] = error.Parameter,
                    ["code"] = error.Code ?? CodeOf(error.Kind),
                },
            }
        );

    /// <summary>An error object and no <c>[DONE]</c>.</summary>
    public byte[] ErrorEvent(ClientError error) => [.. "data: "u8, .. Error(error), .. "\n\n"u8];

    private static string TypeOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.InvalidRequest or ErrorKind.NotFound or ErrorKind.UnknownPath or ErrorKind.TooLarge or ErrorKind.Refused =>
                "invalid_request_error",
            ErrorKind.Unauthenticated => "authentication_error",
            ErrorKind.Forbidden => "permission_error",
            ErrorKind.Budget => "insufficient_quota",
            ErrorKind.RateLimited => "rate_limit_error",
            _ => "server_error",
        };

    private static string? CodeOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Unauthenticated => "invalid_api_key",
            ErrorKind.NotFound => "model_not_found",
            ErrorKind.UnknownPath => "unknown_url",
            ErrorKind.Budget => "budget_exceeded",
            ErrorKind.RateLimited => "rate_limit_exceeded",
            ErrorKind.Refused => "content_filter",
            ErrorKind.Upstream => "upstream_failed",
            _ => null,
        };
}
