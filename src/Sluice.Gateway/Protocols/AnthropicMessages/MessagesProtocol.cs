using System.Text.Json.Nodes;
using Sluice.Catalog;

namespace Sluice.Gateway.Protocols.AnthropicMessages;

/// <summary>Errors as Anthropic's clients know them.</summary>
internal sealed class MessagesProtocol : IClientProtocol
{
    public WireKind Wire => WireKind.AnthropicMessages;

    public byte[] Error(ClientError error)
    {
        var told = new JsonObject { ["type"] = TypeOf(error.Kind), ["message"] = error.Message };
        if (error.Code is { } code)
        {
            told["details"] = new JsonObject { ["error_code"] = code };
        }

        return ErrorText.Utf8(
            new JsonObject
            {
                ["type"] = "error",
                ["error"] = told,
                ["request_id"] = null,
            }
        );
    }

    public byte[] ErrorEvent(ClientError error) => [.. "event: error\ndata: "u8, .. Error(error), .. "\n\n"u8];

    private static string TypeOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Unauthenticated => "authentication_error",
            ErrorKind.Forbidden => "permission_error",
            ErrorKind.NotFound or ErrorKind.UnknownPath => "not_found_error",
            ErrorKind.TooLarge => "request_too_large",
            ErrorKind.Budget => "billing_error",
            ErrorKind.RateLimited => "rate_limit_error",
            ErrorKind.Upstream => "overloaded_error",
            ErrorKind.Internal => "api_error",
            _ => "invalid_request_error",
        };
}
