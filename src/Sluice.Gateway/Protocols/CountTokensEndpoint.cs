using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Routing;
using Sluice.Wires;

namespace Sluice.Gateway.Protocols;

/// <summary>How long a request is: counted by the target where it speaks the caller's wire, else estimated and marked so.</summary>
internal sealed partial class CountTokensEndpoint(SluiceEngine engine, ITokenCounting counting, GatewayState state, ILogger logger)
{
    private readonly IClientProtocol _protocol = counting.Protocol;

    public async Task HandleAsync(HttpContext http)
    {
        var snapshot = engine.Configuration.Current;
        var caller = state.Authenticate(http);
        var refused =
            caller is null ? new ClientError(401, ErrorKind.Unauthenticated, "no valid key; send one as x-api-key")
            : state.TryEnter(snapshot.Server.MaxConcurrent) ? null
            : new ClientError(503, ErrorKind.Upstream, "too many calls under way; try again") { RetryAfter = TimeSpan.FromSeconds(1) };
        if (refused is not null)
        {
            await refused.WriteAsync(http, _protocol).ConfigureAwait(false);
            return;
        }

        try
        {
            await AnswerAsync(http, caller!, snapshot).ConfigureAwait(false);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
        catch (ProviderException failure)
        {
            var error = new ClientError(failure.Status ?? 400, ErrorKind.InvalidRequest, failure.Detail ?? failure.Message);
            await error.WriteAsync(http, _protocol).ConfigureAwait(false);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            var error = ClientError.Of(exception);
            if (error.Kind == ErrorKind.Internal)
            {
                LogInternal(logger, exception);
            }

            await error.WriteAsync(http, _protocol).ConfigureAwait(false);
        }
        finally
        {
            state.Leave();
        }
    }

    private async Task AnswerAsync(HttpContext http, Caller caller, Configuration.Snapshot snapshot)
    {
        if (await BodyReader.ReadAsync(http, snapshot.Server.MaxBody).ConfigureAwait(false) is not { } body)
        {
            throw new ClientErrorException(413, ErrorKind.TooLarge, $"the body is longer than {snapshot.Server.MaxBody} bytes");
        }

        var wire = _protocol.Wire;
        var head = engine.Wires[wire].ReadHead(body, _protocol.AddressOf(http.Request));
        var continuation = Continuation.Of(snapshot, head, wire, caller, state.Made);
        caller = CallHeaders.CallerOf(caller, http.Request, HeadMembers.User(head.Members));
        var wishes = CallHeaders.WishesOf(http.Request);
        var call = engine.Begin(snapshot, head.Model, head.Features, caller, keeper: continuation.Keeper, wishes: wishes);
        var route = SluiceEngine.Asked(snapshot, call);
        var headers = CallHeaders.PassedUp(http.Request, wire);
        head = await GatedAsync(snapshot, call, head, http).ConfigureAwait(false);
        var count = await engine.CountTokensAsync(route, wire, head, counting.BodyFor, headers, http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers["x-sluice-route"] = route.Name;
        http.Response.Headers["x-sluice-target"] = count.Target.Name;
        if (count.Answer is null)
        {
            http.Response.Headers["x-sluice-degraded"] = "count_tokens";
        }

        http.Response.ContentType = "application/json";
        await http
            .Response.Body.WriteAsync(count.Answer ?? ErrorText.Utf8(counting.Estimate(count.Tokens)), http.RequestAborted)
            .ConfigureAwait(false);
    }

    /// <summary>What is counted is sent, too: it passes the same gates as a call.</summary>
    private async ValueTask<RequestHead> GatedAsync(Configuration.Snapshot snapshot, Call call, RequestHead head, HttpContext http)
    {
        if (engine.GatesOf(snapshot, call) is not { } check)
        {
            return head;
        }

        var request = new ClientRequest(engine.Wires, engine.Wires[_protocol.Wire], head, []);
        return (await GatedCalls.AdmitAsync(check, request, http.RequestAborted).ConfigureAwait(false)).Head!;
    }

    [LoggerMessage(LogLevel.Error, "Counting tokens failed for a reason of ours")]
    private static partial void LogInternal(ILogger logger, Exception exception);
}

/// <summary>How a protocol counts tokens.</summary>
internal interface ITokenCounting
{
    IClientProtocol Protocol { get; }

    /// <summary>The body as the target is sent it, which names the model as the target knows it.</summary>
    ReadOnlyMemory<byte> BodyFor(RequestHead head, Target target);

    /// <summary>The answer where nobody has counted.</summary>
    JsonObject Estimate(long tokens);
}
