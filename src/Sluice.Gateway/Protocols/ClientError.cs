using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Admission;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Content;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>What a caller is told, before it takes the shape of his protocol.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Message">May reach the caller.</param>
internal sealed record ClientError(int Status, ErrorKind Kind, string Message)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the client's own SDK should leave retrying alone, because it was done here.</summary>
    public bool Retried { get; init; }

    public string? Parameter { get; init; }

    /// <summary>The code by which SDKs of the client's protocol know what to do about it.</summary>
    public string? Code { get; init; }

    public static ClientError Of(Exception exception) =>
        exception switch
        {
            RequestException request => new(400, ErrorKind.InvalidRequest, request.Message)
            {
                Parameter = request.Parameter,
                Code = request.Code,
            },
            NotKeptException kept => NotKept(kept.Reference),
            RouteNotFoundException route => new(404, ErrorKind.NotFound, route.Message),
            ContentDeniedException denied => new(400, ErrorKind.Refused, denied.Message) { Retried = true },
            RouteForbiddenException forbidden => new(403, ErrorKind.Forbidden, forbidden.Message),
            RouteExhaustedException exhausted => Of(exhausted),
            ClientErrorException told => told.Error,
            PassBodyException { Status: 404 } body => new(404, ErrorKind.NotFound, body.Message) { Code = "not_found" },
            PassBodyException { Status: 413 } body => new(413, ErrorKind.TooLarge, body.Message),
            PassBodyException body => new(body.Status, ErrorKind.InvalidRequest, body.Message),
            PassRefusedException refused => Of(refused.Refusal),
            ProviderException failure => new(failure.Failure == FailureClass.Timeout ? 504 : 502, ErrorKind.Upstream, failure.Message),
            _ => new(500, ErrorKind.Internal, "an internal error; the log has its cause"),
        };

    /// <summary>Something that is kept for another, or not at all: which of both, nobody is told.</summary>
    public static ClientError NotKept(StateReference reference) =>
        new(404, ErrorKind.NotFound, $"nothing with the id '{reference.Id}' is kept for this key; send the content itself")
        {
            Parameter = reference.Member,
            Code = reference.Member == "previous_response_id" ? "previous_response_not_found" : "not_found",
        };

    /// <summary>What is told in a stream that had begun.</summary>
    public static ClientError OfCut(ProviderException failure) =>
        failure.Denial is not null
            ? new(400, ErrorKind.Refused, failure.Message) { Retried = true }
            : new(502, ErrorKind.Upstream, $"the answer was cut: {failure.Message}") { Retried = true };

    public void WriteHeaders(HttpResponse response)
    {
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Retried)
        {
            response.Headers["x-should-retry"] = "false";
        }
    }

    /// <summary>Answers a request with it.</summary>
    public Task WriteAsync(HttpContext http, IClientProtocol protocol)
    {
        WriteHeaders(http.Response);
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(protocol.Error(this), http.RequestAborted).AsTask();
    }

    private static ClientError Of(Refusal refusal) =>
        refusal.Gate == "budget"
            ? new ClientError(402, ErrorKind.Budget, refusal.Reason)
            {
                RetryAfter = refusal.RetryAfter,
                Retried = refusal.RetryAfter is null,
            }
            : new ClientError(refusal.OfCaller ? 429 : 503, refusal.OfCaller ? ErrorKind.RateLimited : ErrorKind.Upstream, refusal.Reason)
            {
                RetryAfter = refusal.RetryAfter,
            };

    private static ClientError Of(RouteExhaustedException exhausted)
    {
        if (exhausted.BudgetRefused)
        {
            return new ClientError(402, ErrorKind.Budget, exhausted.Budget?.Reason ?? exhausted.Message)
            {
                RetryAfter = exhausted.RetryAfter,
                Retried = exhausted.RetryAfter is null,
            };
        }

        return exhausted.Failure switch
        {
            // The caller's own request is what is wrong: the provider's words on it are for him.
            FailureClass.BadRequest or FailureClass.ContextTooLong or FailureClass.Refused => new ClientError(
                exhausted.Status is >= 400 and < 500 and var status ? status : 400,
                exhausted.Failure == FailureClass.Refused ? ErrorKind.Refused : ErrorKind.InvalidRequest,
                string.IsNullOrEmpty(exhausted.Detail) ? exhausted.Message : exhausted.Detail
            )
            {
                Retried = true,
            },
            FailureClass.RateLimited => new ClientError(429, ErrorKind.RateLimited, exhausted.Message)
            {
                RetryAfter = exhausted.RetryAfter ?? TimeSpan.FromSeconds(1),
                Retried = true,
            },
            _ => new ClientError(503, ErrorKind.Upstream, exhausted.Message) { RetryAfter = exhausted.RetryAfter, Retried = true },
        };
    }
}

internal enum ErrorKind
{
    InvalidRequest,
    Unauthenticated,
    Forbidden,
    NotFound,

    /// <summary>Not the model, but the path: nothing is served there.</summary>
    UnknownPath,
    TooLarge,
    Budget,
    RateLimited,
    Refused,
    Upstream,
    Internal,
}

/// <summary>A request ends here, with this error.</summary>
internal sealed class ClientErrorException(int status, ErrorKind kind, string message) : Exception(message)
{
    public ClientError Error { get; } = new(status, kind, message) { Code = kind == ErrorKind.NotFound ? "not_found" : null };
}
