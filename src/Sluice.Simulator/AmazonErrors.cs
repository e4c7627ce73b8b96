using System.Text.Encodings.Web;

namespace Sluice.Simulator;

/// <summary>How Amazon says that something went wrong: a message in the body, the error's name in a header.</summary>
internal static class AmazonErrors
{
    public const string Header = "x-amzn-errortype";

    public static string Body(string? code, string message) => $$"""{"message":{{Quote(Said(code, message))}}}""";

    public static string Name(int status, string? code) =>
        code switch
        {
            "insufficient_quota" => "ThrottlingException",
            not null => "ValidationException",
            null => status switch
            {
                400 => "ValidationException",
                401 or 403 => "AccessDeniedException",
                404 => "ResourceNotFoundException",
                408 => "ModelTimeoutException",
                429 => "ThrottlingException",
                503 => "ServiceUnavailableException",
                >= 500 => "InternalServerException",
                _ => "ValidationException",
            },
        };

    private static string Said(string? code, string message) =>
        code switch
        {
            "insufficient_quota" => "Too many tokens per day, please wait before trying again.",
            "context_length_exceeded" => "Input is too long for requested model.",
            "content_filter" => "The content was refused (content_filter)",
            _ => message,
        };

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
