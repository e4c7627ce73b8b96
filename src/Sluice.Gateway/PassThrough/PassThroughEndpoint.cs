using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Gateway.Ids;
using Sluice.Gateway.Protocols;
using Sluice.Gateway.Protocols.AnthropicMessages;
using Sluice.Gateway.Protocols.OpenAiChat;

namespace Sluice.Gateway.PassThrough;

/// <summary><c>/p/PROVIDER/…</c>: what has no codec passes as it is, and is governed like everything else.</summary>
internal sealed partial class PassThroughEndpoint(SluiceEngine engine, GatewayState state, ILogger<PassThroughEndpoint> logger)
{
    private const int Piece = 16 * 1024;

    private static readonly ChatProtocol OpenAi = new();
    private static readonly MessagesProtocol Anthropic = new();

    private readonly PassAdmission _admission = new(state.Made);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/p/{provider}/{**path}", HandleAsync);
        routes.Map("/p", HandleAsync);
    }

    private async Task HandleAsync(HttpContext http)
    {
        var snapshot = engine.Configuration.Current;
        IClientProtocol protocol = IsAnthropic(http, snapshot) ? Anthropic : OpenAi;
        if (state.Authenticate(http) is not { } caller)
        {
            var error = new ClientError(
                401,
                ErrorKind.Unauthenticated,
                "no valid key; send one as Authorization: Bearer, x-api-key or api-key"
            );
            await error.WriteAsync(http, protocol).ConfigureAwait(false);
            return;
        }

        if (!state.TryEnter(snapshot.Server.MaxConcurrent))
        {
            var error = new ClientError(503, ErrorKind.Upstream, "too many calls under way; try again")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
            await error.WriteAsync(http, protocol).ConfigureAwait(false);
            return;
        }

        try
        {
            await AnswerAsync(http, protocol, caller, snapshot).ConfigureAwait(false);
        }
        finally
        {
            state.Leave();
        }
    }

    private async Task AnswerAsync(HttpContext http, IClientProtocol protocol, Caller caller, Snapshot snapshot)
    {
        Call? call = null;
        try
        {
            var passing = _admission.Admit(http, caller, snapshot);
            var route = PassRequest.RouteOf(passing.Request.Provider.Name);
            if (!caller.Pins || !caller.Routes.IsEmpty)
            {
                throw new ClientErrorException(403, ErrorKind.Forbidden, "this key may use routes alone, and nothing that passes through");
            }

            caller = CallHeaders.CallerOf(caller, http.Request, null);
            call = engine.Begin(snapshot, route, new CallFeatures(), caller, CallHeaders.Deadline(http.Request));
            if (engine.GatesOf(snapshot, call) is { } check)
            {
                await PassGates.ApplyAsync(http, check, snapshot.Server.MaxBody).ConfigureAwait(false);
            }

            var committed = await engine.PassAsync(snapshot, call, passing.Request, http.RequestAborted).ConfigureAwait(false);
            await using (committed.ConfigureAwait(false))
            {
                GatedCalls.Report(call);
                await RelayAsync(http, call, committed, passing).ConfigureAwait(false);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            Close(call);
        }
        catch (Exception exception) when (exception is not TruncatedAnswerException && !http.Response.HasStarted)
        {
            var error = ClientError.Of(exception);
            if (error.Kind == ErrorKind.Internal)
            {
                LogInternal(logger, exception, call?.Id);
            }

            http.Response.Clear();
            Close(call);
            if (call is not null)
            {
                CallHeaders.WriteFailure(http.Response, call);
            }

            await error.WriteAsync(http, protocol).ConfigureAwait(false);
        }
        finally
        {
            GateLog.Write(logger, call);
            DriftLog.Write(logger, call);
        }
    }

    private async Task RelayAsync(HttpContext http, Call call, Committed committed, Passing passing)
    {
        var answer = (PassedAnswer)committed.Answer;
        WriteHead(http.Response, committed, answer);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var ids = Learns(answer, passing, call, committed);
        var writer = http.Response.BodyWriter;
        try
        {
            while (!answer.AtEnd)
            {
                var piece = writer.GetMemory(Piece);
                var read = await committed.ReadAsync(piece).ConfigureAwait(false);
                ids?.Read(piece.Span[..read]);
                if (answer.AtEnd)
                {
                    engine.Finish(call, committed);
                }

                writer.Advance(read);
                await writer.FlushAsync(http.RequestAborted).ConfigureAwait(false);
                http.RequestAborted.ThrowIfCancellationRequested();
            }
        }
        catch (ProviderException failure) when (http.Response.HasStarted)
        {
            engine.Finish(call, committed);
            LogCut(logger, call.Id, committed.Candidate.Target.Name, failure.Message);
            throw new TruncatedAnswerException(call.Id);
        }
    }

    private void WriteHead(HttpResponse response, Committed committed, PassedAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
        {
            response.ContentLength = answer.Length;
        }

        CallHeaders.Write(response, committed, state.Sandbox);
    }

    /// <summary>What is made belongs to the key that made it, and is written down before the client hears of it.</summary>
    private AnswerIds? Learns(PassedAnswer answer, Passing passing, Call call, Committed committed)
    {
        var provider = passing.Request.Provider.Name;
        return passing.Learned.Count > 0 && answer is { Status: >= 200 and < 300, IsJson: true }
            ? new AnswerIds(passing.Learned, id => state.Made.Make(provider, id, call.Caller.Key, committed.Candidate.Credential.Id))
            : null;
    }

    private void Close(Call? call)
    {
        if (call is not null)
        {
            engine.Finish(call, null);
        }
    }

    private static bool IsAnthropic(HttpContext http, Snapshot snapshot) =>
        http.GetRouteValue("provider") is string name
        && snapshot.Providers.TryGetValue(name, out var provider)
        && provider.Dialect.Wire == WireKind.AnthropicMessages;

    [LoggerMessage(LogLevel.Warning, "Call {Call}: the answer of {Target} was cut: {Reason}")]
    private static partial void LogCut(ILogger logger, string call, string target, string reason);

    [LoggerMessage(LogLevel.Error, "Call {Call} failed for a reason of ours")]
    private static partial void LogInternal(ILogger logger, Exception exception, string? call);
}
