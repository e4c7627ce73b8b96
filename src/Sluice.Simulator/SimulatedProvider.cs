using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Simulator;

/// <summary>A provider that speaks every wire, counts tokens, streams, and fails on request; over sockets or in memory.</summary>
public sealed class SimulatedProvider
{
    private static readonly IWireTemplate[] Wires =
    [
        new ChatTemplate(),
        new MessagesTemplate(),
        new ResponsesTemplate(),
        new GeminiTemplate(),
        new OllamaTemplate(),
        new WorkersAiTemplate(),
        new EmbeddingsTemplate(),
        new ConverseTemplate(),
        new InvokeTemplate(),
    ];

    private readonly SimulatorOptions _options;
    private readonly MadeThings _things = new();
    private readonly ConcurrentQueue<SimulatedRequest> _requests = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _scripts = new();
    private readonly Channel<SimulatedRequest> _arrived = Channel.CreateUnbounded<SimulatedRequest>();

    internal SimulatedProvider(SimulatorOptions options) => _options = options;

    /// <summary>Decides what each request meets, in place of a script; <see langword="null"/> leaves it to what the model's name says.</summary>
    internal Func<SimulatedRequest, Fault?>? Faults { get; init; }

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyCollection<SimulatedRequest> Requests => _requests;

    /// <summary>The next requests for a model meet these faults, one each; after them, what its name says.</summary>
    /// <param name="model">The model, or <c>*</c> for any.</param>
    /// <param name="faults">In order.</param>
    public void Script(string model, params Fault[] faults)
    {
        var queue = _scripts.GetOrAdd(model, _ => new ConcurrentQueue<Fault>());
        foreach (var fault in faults)
        {
            queue.Enqueue(fault);
        }
    }

    /// <summary>The next request that was not waited for before, once it has arrived.</summary>
    public ValueTask<SimulatedRequest> NextRequestAsync(CancellationToken cancellationToken = default) =>
        _arrived.Reader.ReadAsync(cancellationToken);

    internal async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (ResponsesTemplate.Stored(context.Request.Method, path) is { } stored)
        {
            _requests.Enqueue(SimulatedRequest.WithoutBody(context.Request));
            await WriteJsonAsync(context, 200, stored).ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            await WriteJsonAsync(
                    context,
                    200,
                    """{"object":"list","data":[{"id":"sim","object":"model","created":1760000000,"owned_by":"simulator"}]}"""
                )
                .ConfigureAwait(false);
            return;
        }

        if (await _things.MakeAsync(context.Request).ConfigureAwait(false) is { } made)
        {
            _requests.Enqueue(SimulatedRequest.WithoutBody(context.Request));
            await WriteJsonAsync(context, 200, made).ConfigureAwait(false);
            return;
        }

        if (Wires.FirstOrDefault(w => w.Serves(path)) is not { } wire)
        {
            await WriteJsonAsync(context, 404, """{"error":{"message":"no such path","type":"invalid_request_error"}}""")
                .ConfigureAwait(false);
            return;
        }

        var request = await ReadAsync(context, path).ConfigureAwait(false);
        using var registration = context.RequestAborted.UnsafeRegister(static state => ((SimulatedRequest)state!).NoteGone(), request);
        _requests.Enqueue(request);
        _arrived.Writer.TryWrite(request);
        try
        {
            await AnswerAsync(context, wire, request, FaultFor(request)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to tell. What waits for the answer hears of it first, so that the registration
            // may be gone before its turn comes.
            request.NoteGone();
        }
    }

    private static async Task<SimulatedRequest> ReadAsync(HttpContext context, string path)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var bytes = body.ToArray();
        using var document = JsonDocument.Parse(bytes);
        return new SimulatedRequest
        {
            Path = path,
            Headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            Body = bytes,
            Json = document.RootElement.Clone(),
        };
    }

    private Fault FaultFor(SimulatedRequest request)
    {
        if (Faults?.Invoke(request) is { } decided)
        {
            return decided;
        }

        foreach (var name in (string[])[request.Model, "*"])
        {
            if (_scripts.TryGetValue(name, out var script) && script.TryDequeue(out var fault))
            {
                return fault;
            }
        }

        return Fault.OfModel(request.Model);
    }

    private async Task AnswerAsync(HttpContext context, IWireTemplate wire, SimulatedRequest request, Fault fault)
    {
        var aborted = context.RequestAborted;
        if (fault.Reset)
        {
            ResetConnection(context);
            return;
        }

        if (fault.Silence)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _options.Time, aborted).ConfigureAwait(false);
        }

        if (fault.Status is { } status)
        {
            if (fault.FirstContent > TimeSpan.Zero)
            {
                await Task.Delay(fault.FirstContent, _options.Time, aborted).ConfigureAwait(false);
            }

            if (fault.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            if (wire.ErrorHeader(status, fault.Code) is { } named)
            {
                context.Response.Headers[named.Key] = named.Value;
            }

            await WriteJsonAsync(context, status, wire.Error(status, fault.Code, $"simulated {status}")).ConfigureAwait(false);
            return;
        }

        if (fault.Html)
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html><body>maintenance</body></html>", aborted).ConfigureAwait(false);
            return;
        }

        if (fault.NoPrefill && Composer.IsBegun(wire.InWordsOfChat(request.Json)))
        {
            const string Message = "This model does not support assistant message prefill. The conversation must end with a user message.";
            await WriteJsonAsync(context, 400, wire.Error(400, null, Message)).ConfigureAwait(false);
            return;
        }

        if (request.Model.StartsWith("replay:", StringComparison.Ordinal) && _options.Recordings is { } folder)
        {
            await Replay.WriteAsync(context, folder, request.Model["replay:".Length..], wire).ConfigureAwait(false);
            return;
        }

        if (wire.Direct(request.Path, request.Json) is { } direct)
        {
            await WriteJsonAsync(context, 200, direct).ConfigureAwait(false);
            return;
        }

        var answer = Composer.Compose(wire.InWordsOfChat(request.Json), fault);
        if (request.Stream && fault.NoStream && wire.NoStream is { } nothing)
        {
            await WriteJsonAsync(context, 200, nothing).ConfigureAwait(false);
            return;
        }

        if (request.Stream)
        {
            await StreamAsync(context, wire, wire.Stream(answer, request.Json, request.Model, fault), fault).ConfigureAwait(false);
            return;
        }

        if (fault.FirstContent > TimeSpan.Zero)
        {
            await Task.Delay(fault.FirstContent, _options.Time, aborted).ConfigureAwait(false);
        }

        var whole = wire.Whole(answer, request.Json, request.Model);
        if (fault.CutAfter is not null)
        {
            // A Content-Length that is never reached.
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Encoding.UTF8.GetByteCount(whole);
            await context.Response.WriteAsync(whole[..(whole.Length / 2)], aborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(aborted).ConfigureAwait(false);
            throw new CutException();
        }

        await WriteJsonAsync(context, 200, whole).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, IWireTemplate wire, StreamScript script, Fault fault)
    {
        context.Response.ContentType = wire.StreamType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        if (fault.ErrorAfter == -1)
        {
            await SendAsync(context, wire, wire.ErrorFrame("simulated overload")).ConfigureAwait(false);
            return;
        }

        foreach (var frame in script.Head)
        {
            await SendAsync(context, wire, frame).ConfigureAwait(false);
        }

        if (fault.FirstContent > TimeSpan.Zero)
        {
            await Task.Delay(fault.FirstContent, _options.Time, context.RequestAborted).ConfigureAwait(false);
        }

        for (var i = 0; i <= script.Content.Count; i++)
        {
            if (fault.CutAfter == i)
            {
                throw new CutException();
            }

            if (fault.StallAfter == i)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _options.Time, context.RequestAborted).ConfigureAwait(false);
            }

            if (fault.ErrorAfter == i)
            {
                await SendAsync(context, wire, wire.ErrorFrame("simulated overload")).ConfigureAwait(false);
                return;
            }

            if (fault.MalformedAfter == i)
            {
                await SendAsync(context, wire, wire.Malformed).ConfigureAwait(false);
            }

            if (i < script.Content.Count)
            {
                await SendAsync(context, wire, script.Content[i]).ConfigureAwait(false);
                if (fault.BetweenTokens > TimeSpan.Zero)
                {
                    await Task.Delay(fault.BetweenTokens, _options.Time, context.RequestAborted).ConfigureAwait(false);
                }
            }
        }

        foreach (var frame in script.Tail)
        {
            await SendAsync(context, wire, frame).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpContext context, IWireTemplate wire, string frame)
    {
        await context.Response.Body.WriteAsync(wire.Encode(frame), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static Task WriteJsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Closes with a TCP reset: an open socket with linger 0.</summary>
    private static void ResetConnection(HttpContext context)
    {
        context.Features.Get<IConnectionSocketFeature>()?.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        context.Abort();
    }
}

/// <summary>Ends an answer in the middle: what was sent still arrives, which an abort at once would not grant.</summary>
internal sealed class CutException() : Exception("cut on request");
