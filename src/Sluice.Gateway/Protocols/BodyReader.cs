using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Protocols;

/// <summary>Reads a request's body whole, up to the limit.</summary>
internal static class BodyReader
{
    /// <returns>The body, or <see langword="null"/> when it is longer than allowed.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http, long limit)
    {
        if (http.Request.ContentLength > limit)
        {
            return null;
        }

        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
