using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Simulator;

/// <summary>One request and its answer between a client and a request delegate in the same process.</summary>
/// <remarks>What the client sees is what a socket shows it: headers with the first byte, a broken body after a cut.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The source has no timer and links to nothing; the answer may outlive the exchange and still be abandoned."
)]
internal sealed class MemoryExchange : IHttpRequestLifetimeFeature
{
    private readonly Pipe _body = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource<HttpResponseMessage> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DefaultHttpContext _context = new();
    private Exception? _broken;

    private MemoryExchange()
    {
        RequestAborted = _aborted.Token;
        _context.Features.Set<IHttpRequestLifetimeFeature>(this);
        _context.Features.Set<IHttpResponseFeature>(new BegunResponse(() => _started.Task.IsCompleted));
        _context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new AnswerStream(_body.Writer, Start)));
    }

    public CancellationToken RequestAborted { get; set; }

    public static async Task<MemoryExchange> OfAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = new MemoryExchange();
        var target = exchange._context.Request;
        target.Method = request.Method.Method;
        target.Scheme = request.RequestUri!.Scheme;
        target.Host = HostString.FromUriComponent(request.RequestUri);
        target.Path = PathString.FromUriComponent(request.RequestUri);
        target.QueryString = QueryString.FromUriComponent(request.RequestUri);
        exchange._context.Connection.LocalPort = request.RequestUri.Port;
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            target.Headers[name] = values.ToArray();
        }

        if (request.Content is { } content)
        {
            var body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            target.Body = new MemoryStream(body);
            target.ContentLength = body.Length;
        }

        return exchange;
    }

    /// <summary>Runs the delegate to its end in the background; returns as soon as the answer has begun.</summary>
    public async Task<HttpResponseMessage> RunAsync(RequestDelegate answer, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((MemoryExchange)state!).Abort(), this);
        _ = AnswerAsync(answer);
        try
        {
            return await _started.Task.ConfigureAwait(false);
        }
        catch (HttpRequestException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Abort()
    {
        _started.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, "the connection was reset"));
        _aborted.Cancel();
    }

    private async Task AnswerAsync(RequestDelegate answer)
    {
        try
        {
            await answer(_context).ConfigureAwait(false);
            Start();
            await _body.Writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var broken = new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was closed", exception);
            _started.TrySetException(broken);
            // What was sent still arrives, as over a socket: a pipe that ends with an exception would lose what nobody has read yet.
            _broken = new IOException(broken.Message, broken);
            await _body.Writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void Start()
    {
        if (_started.Task.IsCompleted)
        {
            return;
        }

        var response = new HttpResponseMessage((System.Net.HttpStatusCode)_context.Response.StatusCode)
        {
            Content = new StreamContent(new AbandonedStream(_body.Reader.AsStream(), _aborted, () => _broken)),
        };
        foreach (var (name, values) in _context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        _started.TrySetResult(response);
    }
}

/// <summary>Status and headers of an answer that knows when they are sent and cannot be changed any more.</summary>
internal sealed class BegunResponse(Func<bool> begun) : HttpResponseFeature
{
    public override bool HasStarted => begun();
}
