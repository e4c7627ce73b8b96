using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Wires.Failures;

namespace Sluice.Wires;

/// <summary>The one place where a provider's failure gets its class: from status, headers, body and exception, by one table.</summary>
internal static class FailureClassifier
{
    /// <summary>Read from top to bottom; the first row whose status and words fit decides. Words are looked for in codes, then in the message.</summary>
    private static readonly Row[] Rows =
    [
        // Gemini says "exceeded your current quota" of a minute's quota and of a day's alike.
        new(FailureClass.Exhausted, null, ["quota_per_day"], []),
        new(FailureClass.RateLimited, null, ["quota_per_minute"], []),
        new(
            FailureClass.Exhausted,
            null,
            ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "3036", "402", "quota_exceeded_daily"],
            [
                "credit balance",
                "exceeded your current quota",
                "insufficient credits",
                "insufficient balance",
                "out of credits",
                "daily free allocation",
                "you have used up your daily",
                "too many tokens per day",
            ]
        ),
        new(FailureClass.Exhausted, [402], [], []),
        // Amazon's throttling says "too many tokens", which elsewhere is a context that is too long.
        new(FailureClass.RateLimited, null, ["throttlingexception", "modelnotreadyexception", "servicequotaexceededexception"], []),
        new(
            FailureClass.ContextTooLong,
            null,
            ["context_length_exceeded", "exceed_context_size_error", "5021"],
            [
                "context length",
                "context window",
                "maximum context",
                "prompt is too long",
                "too many tokens",
                "input is too long",
                "reduce the length of the messages",
                "exceeds the available context size",
                "exceeds the maximum number of tokens allowed",
            ]
        ),
        new(
            FailureClass.Refused,
            null,
            ["content_filter", "content_policy_violation", "responsibleaipolicyviolation", "safety"],
            ["content management policy", "content filtering policy", "content policy"]
        ),
        // Gemini answers 403 for a cache that has expired; no key is to blame.
        new(FailureClass.BadRequest, null, [], ["cachedcontent not found"]),
        new(
            FailureClass.ModelFault,
            null,
            ["tool_use_failed", "json_validate_failed"],
            // Ollama, of a model that cannot do what another of the route may.
            ["failed to call a function", "does not support tools", "does not support thinking"]
        ),
        new(
            FailureClass.Credential,
            null,
            [
                "invalid_api_key",
                "authentication_error",
                "api_key_invalid",
                "permission_error",
                "10000",
                "5016",
                "5018",
                "3023",
                "3041",
                "expiredtokenexception",
                "unrecognizedclientexception",
                "invalidsignatureexception",
            ],
            ["api key not valid", "incorrect api key", "invalid api key", "invalid x-api-key", "api key"]
        ),
        new(
            FailureClass.ModelUnavailable,
            null,
            [
                "model_not_found",
                "model_decommissioned",
                "model_not_available",
                "invalid_model",
                "not_found_error",
                "5007",
                "3042",
                "resourcenotfoundexception",
            ],
            [
                "model not found",
                "supported api model names",
                "does not exist",
                "has been deprecated",
                "decommissioned",
                "no such model",
                "not supported by any provider",
                "on-demand throughput",
                "model identifier is invalid",
                "access to the model with the specified model id",
                "user location is not supported",
            ]
        ),
        new(
            FailureClass.RateLimited,
            null,
            [
                "rate_limit_exceeded",
                "rate_limit_error",
                "resource_exhausted",
                "too_many_requests",
                "queue_exceeded",
                "request_quota_exceeded",
                "token_quota_exceeded",
            ],
            ["rate limit"]
        ),
        new(
            FailureClass.Transient,
            null,
            [
                "overloaded_error",
                "server_error",
                "api_error",
                "internal_error",
                "internal_server_error",
                "service_unavailable",
                "unavailable",
                "timeout_error",
                "3040",
                "3007",
                "3008",
                "internalserverexception",
                "serviceunavailableexception",
                "modelstreamerrorexception",
                "modeltimeoutexception",
                "modelerrorexception",
            ],
            ["overloaded", "capacity", "runner process has terminated", "while running the model"]
        ),
        new(FailureClass.BadRequest, null, ["5004", "3039", "3003", "3006"], []),
        new(FailureClass.Credential, [401, 403], [], []),
        new(FailureClass.ModelUnavailable, [404, 410], [], []),
        new(FailureClass.RateLimited, [429], [], []),
        new(FailureClass.Transient, [408, 409, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529], [], []),
        new(FailureClass.BadRequest, [400, 405, 411, 413, 414, 415, 422, 501], [], []),
        new(FailureClass.BadRequest, null, ["invalid_request_error", "invalid_argument", "invalid_prompt", "validationexception"], []),
    ];

    /// <summary>Classes that only say something together with a client error: a 500 whose text mentions an API key is still a 500.</summary>
    private static bool Trusted(FailureClass failure, int? status) =>
        status is null or < 500 || failure is FailureClass.Exhausted or FailureClass.ContextTooLong or FailureClass.Transient;

    /// <summary>An answer with a status that is no success.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="headers">The answer's headers by name.</param>
    /// <param name="body">The answer's body, as far as it was read.</param>
    /// <param name="now">The present, for waits that are given as dates.</param>
    public static ProviderException Classify(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body, headers);
        var failure = ClassOf(status, error);
        var waits = failure is FailureClass.RateLimited or FailureClass.Transient or FailureClass.Exhausted;
        return new ProviderException(failure, $"the provider answered {status}{Code(error)}")
        {
            Status = status,
            RetryAfter = waits ? RetryAfter.Read(headers, error.RetryDelay, now) ?? DailyReset(error, now) : null,
            Detail = error.Message,
        };
    }

    /// <summary>An error that a body or frame reports under a success status; some name the status it would have had.</summary>
    public static ProviderException ClassifyBody(ReadOnlySpan<byte> body)
    {
        var error = ErrorBody.Read(body);
        return new ProviderException(ClassOf(StatusIn(error), error), $"the provider reported an error in its answer{Code(error)}")
        {
            Status = 200,
            Detail = error.Message,
        };
    }

    /// <summary>What was thrown on the way to the provider or from it.</summary>
    public static ProviderException Classify(Exception exception)
    {
        var http = Find<HttpRequestException>(exception);
        var socket = Find<SocketException>(exception);
        var (failure, message, sent) = (http?.HttpRequestError, socket?.SocketErrorCode) switch
        {
            (_, SocketError.ConnectionRefused) => (FailureClass.Transient, "the connection was refused", false),
            (HttpRequestError.NameResolutionError, _) or (_, SocketError.HostNotFound) => (
                FailureClass.Transient,
                "the provider's name could not be resolved",
                false
            ),
            (HttpRequestError.SecureConnectionError, _) => (FailureClass.Transient, "the secure connection could not be made", false),
            (HttpRequestError.ConnectionError, _) => (FailureClass.Transient, "the connection could not be made", false),
            (_, SocketError.ConnectionReset) => (FailureClass.Transient, "the connection was reset", true),
            (HttpRequestError.InvalidResponse, _) => (FailureClass.Drift, "the answer is not valid HTTP", true),
            _ when exception is TaskCanceledException { InnerException: TimeoutException } => (
                FailureClass.Timeout,
                "the connection took too long",
                false
            ),
            _ when exception is JsonException => (FailureClass.Drift, "the answer is not valid JSON", true),
            _ when exception is InvalidDataException => (FailureClass.Drift, "the answer's frames are damaged", true),
            _ when exception is IOException or HttpRequestException => (FailureClass.Transient, "the connection ended in the middle", true),
            _ => (FailureClass.Unknown, $"an unexpected {exception.GetType().Name}", true),
        };
        return new ProviderException(failure, message, exception) { Sent = sent, Detail = exception.Message };
    }

    private static int? StatusIn(ErrorBody error)
    {
        foreach (var code in error.Code.Split(' '))
        {
            if (int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599)
            {
                return status;
            }
        }

        return null;
    }

    private static FailureClass ClassOf(int? status, ErrorBody error)
    {
        var codes = error.Code.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var row in Rows)
        {
            if (
                row.Statuses is { } statuses
                    ? status is { } s && statuses.Contains(s)
                    : Trusted(row.Failure, status) && Says(row, codes, error)
            )
            {
                return row.Failure;
            }
        }

        return status is >= 400 and < 500 ? FailureClass.BadRequest
            : status is >= 500 ? FailureClass.Transient
            : FailureClass.Unknown;
    }

    private static bool Says(Row row, string[] codes, ErrorBody error) =>
        row.Codes.Any(codes.Contains) || row.Words.Any(w => error.Message.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Quotas of a day come back at a known hour, whether the provider says so or not.</summary>
    /// <remarks>Workers AI's free allocation at midnight UTC; Gemini's at midnight in California, which is 08:00 UTC at the latest.</remarks>
    private static TimeSpan? DailyReset(ErrorBody error, DateTimeOffset now)
    {
        var codes = error.Code.Split(' ');
        var hour =
            codes.Contains("3036") ? 0
            : codes.Contains("quota_per_day") ? 8
            : (int?)null;
        return hour is null ? null : now.UtcDateTime.AddHours(-hour.Value).Date.AddDays(1).AddHours(hour.Value) - now.UtcDateTime;
    }

    private static string Code(ErrorBody error) => error.Code.Length == 0 ? "" : $" ({error.Code.Trim()})";

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception is null or T ? (T?)exception : Find<T>(exception.InnerException);

    private sealed record Row(FailureClass Failure, int[]? Statuses, string[] Codes, string[] Words);
}
