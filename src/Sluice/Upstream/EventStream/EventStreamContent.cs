using System.Net;
using System.Net.Http.Headers;

namespace Sluice.Upstream.EventStream;

/// <summary>An answer's body whose binary events are read as server-sent ones: undone at the transport, as a compression would be.</summary>
internal sealed class EventStreamContent : HttpContent
{
    private const string Binary = "application/vnd.amazon.eventstream";

    private readonly HttpContent _inner;

    private EventStreamContent(HttpContent inner)
    {
        _inner = inner;
        Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
    }

    /// <summary>Undoes the encoding where an answer has it.</summary>
    public static void Decode(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType == Binary)
        {
            response.Content = new EventStreamContent(response.Content);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new EventStreamReader(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var frames = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await using (frames.ConfigureAwait(false))
        {
            await frames.CopyToAsync(stream).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
