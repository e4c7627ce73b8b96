using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Gateway.Ids;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Gateway.Protocols;

/// <summary>One endpoint of one protocol: HTTP in, a call through the engine, HTTP out.</summary>
internal sealed partial class CallEndpoint(SluiceEngine engine, IClientProtocol protocol, GatewayState state, ILogger<CallEndpoint> logger)
{
    private readonly IWire _wire = protocol.In(engine.Wires);

    public Task HandleAsync(HttpContext http)
    {
        if (state.Authenticate(http) is not { } caller)
        {
            return WriteErrorAsync(
                http,
                new ClientError(401, ErrorKind.Unauthenticated, "no valid key; send one as Authorization: Bearer, x-api-key or api-key")
            );
        }

        var snapshot = engine.Configuration.Current;
        return state.TryEnter(snapshot.Server.MaxConcurrent)
            ? AnswerAsync(http, caller, snapshot)
            : WriteErrorAsync(
                http,
                new ClientError(503, ErrorKind.Upstream, "too many calls under way; try again") { RetryAfter = TimeSpan.FromSeconds(1) }
            );
    }

    private async Task AnswerAsync(HttpContext http, Caller caller, Snapshot snapshot)
    {
        Call? call = null;
        try
        {
            if (await BodyReader.ReadAsync(http, snapshot.Server.MaxBody).ConfigureAwait(false) is not { } body)
            {
                await WriteErrorAsync(
                        http,
                        new ClientError(413, ErrorKind.TooLarge, $"the body is longer than {snapshot.Server.MaxBody} bytes")
                    )
                    .ConfigureAwait(false);
                return;
            }

            var lost = new List<string>();
            var head = _wire.ReadHead(protocol.ReadBody(body, lost), protocol.AddressOf(http.Request));
            var continuation = Continuation.Of(snapshot, head, _wire.Kind, caller, state.Made);
            caller = CallHeaders.CallerOf(caller, http.Request, HeadMembers.User(head.Members));
            call = engine.Begin(
                snapshot,
                head.Model,
                head.Features,
                caller,
                CallHeaders.Deadline(http.Request),
                continuation.Keeper,
                CallHeaders.WishesOf(http.Request)
            );
            var request = new ClientRequest(engine.Wires, _wire, head, CallHeaders.PassedUp(http.Request, _wire.Kind));
            var committed = await engine.SendAsync(snapshot, call, request, http.RequestAborted).ConfigureAwait(false);
            if (call.Redirection is { Rule: Redirection.Override } instead)
            {
                LogOverride(logger, call.Id, caller.Key ?? "(no key)", head.Model, instead.Use, instead.Because);
            }

            await using (committed.ConfigureAwait(false))
            {
                call.Lose(lost);
                await RelayAsync(http, call, head, committed, new AnswerMemory(state.Made, committed, continuation.Mentions))
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
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

            Close(call);
            if (call is not null)
            {
                CallHeaders.WriteFailure(http.Response, call);
                LimitHeaders.Write(http.Response, _wire.Kind, engine, call.Caller);
            }

            await WriteErrorAsync(http, error).ConfigureAwait(false);
        }
        finally
        {
            GateLog.Write(logger, call);
            DriftLog.Write(logger, call);
            state.Leave();
        }
    }

    private async Task RelayAsync(HttpContext http, Call call, RequestHead head, Committed committed, AnswerMemory memory)
    {
        var answer = committed.Answer;
        var translation =
            answer.Wire == _wire
            && head.Features.Stream == answer is PrimedStream
            && !answer.WrapsSignatures
            && !StructuredOutput.ChangesAnswer(answer.Form)
                ? null
                : new Translation(answer, _wire, call, head, engine.Time);
        if (translation is null)
        {
            foreach (var (name, value) in answer.Headers)
            {
                http.Response.Headers[name] = value;
            }
        }

        if (answer is WholeAnswer whole)
        {
            var bytes = translation is null
                ? protocol.WriteBody(whole.Body, call)
                : translation.Whole(whole.Body.Span, head.Features.Stream);
            engine.Finish(call, committed);
            memory.Whole(whole.Body.Span);
            memory.End();
            CallHeaders.Write(http.Response, committed, state.Sandbox);
            LimitHeaders.Write(http.Response, _wire.Kind, engine, call.Caller);
            bytes = head.Features.Stream && protocol.Form() is { } form ? Formed(bytes, form) : bytes;
            http.Response.ContentType = head.Features.Stream ? protocol.StreamType : "application/json";
            http.Response.ContentLength = bytes.Length;
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
            return;
        }

        CallHeaders.Write(http.Response, committed, state.Sandbox);
        LimitHeaders.Write(http.Response, _wire.Kind, engine, call.Caller);
        http.Response.ContentType = protocol.StreamType;
        http.Response.Headers.CacheControl = "no-cache";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var output = new StreamOutput(http.Response.BodyWriter, protocol.Form());
        try
        {
            await RelayStreamAsync(http, call, committed, translation, output, memory).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            LogCut(logger, call.Id, committed.Candidate.Target.Name, failure.Message);
            var rest = committed.Continuing is null ? null : new RestOfStream(committed, translation, _wire, head, engine.Time);
            var end = rest is null ? failure : await GoOnAsync(http, committed, rest, failure, output).ConfigureAwait(false);
            if (end is null)
            {
                return;
            }

            engine.Finish(call, committed);
            var cut = new CutAnswer(
                answer.Facts.Id ?? call.Id,
                answer.Facts.Model ?? answer.Target.Model,
                call.StartedAt,
                rest?.Events ?? translation?.Events ?? answer.Facts.Events
            );
            output.Frames.Write(protocol.ErrorEvent(ClientError.OfCut(end), cut));
            output.Pass(complete: false);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
            throw new TruncatedAnswerException(call.Id);
        }
    }

    private async Task RelayStreamAsync(
        HttpContext http,
        Call call,
        Committed committed,
        Translation? translation,
        StreamOutput output,
        AnswerMemory memory
    )
    {
        while (true)
        {
            var batch = await committed.ReadAsync().ConfigureAwait(false);
            memory.Frames(batch.Bytes.Span);
            if (translation is null)
            {
                output.Frames.Write(batch.Bytes.Span);
            }
            else
            {
                translation.Frames(batch.Bytes.Span, batch.Last, output.Frames);
            }

            if (batch.Last)
            {
                var receipt = engine.Finish(call, committed);
                memory.End();
                if (CallHeaders.WantsReceipt(http.Request))
                {
                    protocol.WriteReceipt(receipt, output.Frames);
                }
            }

            output.Pass(complete: batch.Last);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
            http.RequestAborted.ThrowIfCancellationRequested();
            if (batch.Last)
            {
                return;
            }
        }
    }

    /// <summary>Relays what other targets go on with.</summary>
    /// <returns>Why the answer stays cut; <see langword="null"/> when it is whole.</returns>
    private async Task<ProviderException?> GoOnAsync(
        HttpContext http,
        Committed committed,
        RestOfStream rest,
        ProviderException cut,
        StreamOutput output
    )
    {
        try
        {
            await foreach (var answerEvent in committed.Continuing!.GoOnAsync(committed.Answer, cut).ConfigureAwait(false))
            {
                rest.Writer.WriteFrames(answerEvent, output.Frames);
                output.Pass(complete: false);
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
                http.RequestAborted.ThrowIfCancellationRequested();
            }
        }
        catch (ProviderException again)
        {
            return again;
        }

        rest.Writer.WriteEnd(output.Frames);
        LogContinued(logger, committed.Call.Id, committed.Last.Target.Name);
        var receipt = engine.Finish(committed.Call, committed);
        if (CallHeaders.WantsReceipt(http.Request))
        {
            protocol.WriteReceipt(receipt, output.Frames);
        }

        output.Pass(complete: true);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        return null;
    }

    /// <summary>A stream that came whole, in the form its client asked for.</summary>
    private static ReadOnlyMemory<byte> Formed(ReadOnlyMemory<byte> frames, IStreamForm form)
    {
        var output = new ArrayBufferWriter<byte>(frames.Length + 16);
        form.Write(frames.Span, output);
        form.WriteEnd(output);
        return output.WrittenMemory;
    }

    private void Close(Call? call)
    {
        if (call is not null)
        {
            engine.Finish(call, null);
        }
    }

    private async Task WriteErrorAsync(HttpContext http, ClientError error)
    {
        error.WriteHeaders(http.Response);
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(protocol.Error(error), http.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Warning, "Call {Call}: the answer of {Target} was cut: {Reason}")]
    private static partial void LogCut(ILogger logger, string call, string target, string reason);

    [LoggerMessage(LogLevel.Information, "Call {Call}: {Target} went on with the answer to its end")]
    private static partial void LogContinued(ILogger logger, string call, string target);

    [LoggerMessage(LogLevel.Information, "Call {Call}: {Key} overrode {Route} with {Use}: {Because}")]
    private static partial void LogOverride(ILogger logger, string call, string key, string route, string use, string because);

    [LoggerMessage(LogLevel.Error, "Call {Call} failed for a reason of ours")]
    private static partial void LogInternal(ILogger logger, Exception exception, string? call);
}

/// <summary>Ends a response without its terminating chunk: what was sent arrives, and no client can take it for complete.</summary>
/// <remarks>An exception is the one way by which Kestrel does so gracefully; an abort at once would lose what a slow reader has not read.</remarks>
internal sealed class TruncatedAnswerException(string call)
    : Exception($"The answer of call {call} was cut and has been reported to the client.");
