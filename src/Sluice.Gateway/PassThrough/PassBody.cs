using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.Attempts;
using Sluice.Gateway.Ids;

namespace Sluice.Gateway.PassThrough;

/// <summary>A client's body on its way to a provider: piece by piece, never whole in memory.</summary>
/// <param name="http">Where it comes from.</param>
/// <param name="watch">Looks for what belongs to other keys; <see langword="null"/> where there are none.</param>
internal sealed class PassBody(HttpContext http, BodyIds? watch) : HttpContent
{
    /// <summary>Whether any of it has left.</summary>
    public bool Started { get; private set; }

    protected override bool TryComputeLength(out long length)
    {
        length = http.Request.ContentLength ?? 0;
        return http.Request.ContentLength is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, http.RequestAborted);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        var sent = 0L;
        while (true)
        {
            var read = await ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var piece in read.Buffer)
            {
                sent += piece.Length;
                // The bytes that complete an id must not leave, and the last ones complete the request.
                if (watch?.Sees(piece.Span, last: sent == http.Request.ContentLength) == true)
                {
                    throw NotFound();
                }

                Started = true;
                await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                if (watch?.Sees([], last: true) == true)
                {
                    throw NotFound();
                }

                return;
            }

            // What a slow client has sent so far is not kept until there is more.
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<System.IO.Pipelines.ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await http.Request.BodyReader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            throw new PassBodyException(exception.StatusCode, exception.Message, exception);
        }
    }

    private static PassBodyException NotFound() =>
        new(StatusCodes.Status404NotFound, "the request refers to something that does not exist, or was not made with this key");
}
