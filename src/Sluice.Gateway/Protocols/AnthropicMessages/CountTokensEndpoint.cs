using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Gateway.Protocols.AnthropicMessages;

/// <summary><c>/v1/messages/count_tokens</c>: counted by the target where it is Anthropic's, else estimated and marked so.</summary>
internal sealed partial class CountTokensEndpoint(SluiceEngine engine, GatewayState state, ILogger<CountTokensEndpoint> logger)
{
    private readonly MessagesProtocol _protocol = new();

    public async Task HandleAsync(HttpContext http)
    {
        var snapshot = engine.Configuration.Current;
        var refused =
            state.Authenticate(http) is null ? new ClientError(401, ErrorKind.Unauthenticated, "no valid key; send one as x-api-key")
            : state.TryEnter(snapshot.Server.MaxConcurrent) ? null
            : new ClientError(503, ErrorKind.Upstream, "too many calls under way; try again") { RetryAfter = TimeSpan.FromSeconds(1) };
        if (refused is not null)
        {
            await refused.WriteAsync(http, _protocol).ConfigureAwait(false);
            return;
        }

        try
        {
            await AnswerAsync(http, snapshot).ConfigureAwait(false);
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

    private async Task AnswerAsync(HttpContext http, Configuration.Snapshot snapshot)
    {
        if (await BodyReader.ReadAsync(http, snapshot.Server.MaxBody).ConfigureAwait(false) is not { } body)
        {
            throw new ClientErrorException(413, ErrorKind.TooLarge, $"the body is longer than {snapshot.Server.MaxBody} bytes");
        }

        var head = engine.Wires[WireKind.AnthropicMessages].ReadHead(body);
        var route = snapshot.Table.Resolve(head.Model);
        var headers = CallHeaders.PassedUp(http.Request, WireKind.AnthropicMessages);
        var count = await engine
            .CountTokensAsync(route, WireKind.AnthropicMessages, head, headers, http.RequestAborted)
            .ConfigureAwait(false);
        http.Response.Headers["x-sluice-route"] = route.Name;
        http.Response.Headers["x-sluice-target"] = count.Target.Name;
        if (count.Estimated)
        {
            http.Response.Headers["x-sluice-degraded"] = "count_tokens";
        }

        http.Response.ContentType = "application/json";
        await http
            .Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"input_tokens\":{count.Tokens}}}"), http.RequestAborted)
            .ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Error, "Counting tokens failed for a reason of ours")]
    private static partial void LogInternal(ILogger logger, Exception exception);
}
