using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Protocols.AnthropicMessages;
using Sluice.Gateway.Protocols.Gemini;
using Sluice.Gateway.Protocols.OpenAiChat;

namespace Sluice.Gateway.Protocols;

/// <summary>Whose client asks, where the path alone does not tell: answers and errors take its shape.</summary>
internal static class AskersProtocol
{
    private static readonly MessagesProtocol Messages = new();
    private static readonly GeminiProtocol Gemini = new();
    private static readonly ChatProtocol Chat = new();

    public static IClientProtocol Of(HttpRequest request) =>
        request.Headers.ContainsKey("anthropic-version") || request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal)
            ? Messages
        : request.Headers.ContainsKey("x-goog-api-key") || request.Query.ContainsKey("key") || GeminiAddress.IsGemini(request.Path) ? Gemini
        : Chat;

    public static Task WriteErrorAsync(HttpContext http, ClientError error)
    {
        error.WriteHeaders(http.Response);
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(Of(http.Request).Error(error), http.RequestAborted).AsTask();
    }
}
