using Microsoft.AspNetCore.Http;
using Sluice.Content;
using Sluice.Gateway.Protocols;

namespace Sluice.Gateway.PassThrough;

/// <summary>Takes a body that passes through past the content gates, where there is text in it to read.</summary>
internal static class PassGates
{
    private static readonly string[] Unreadable = ["multipart/", "audio/", "image/", "video/", "application/octet-stream"];

    /// <exception cref="ContentDeniedException">A gate does not allow it.</exception>
    /// <exception cref="ClientErrorException">It is too long to be read.</exception>
    public static async ValueTask ApplyAsync(HttpContext http, ContentCheck check, long longest)
    {
        var type = http.Request.ContentType ?? "";
        if (
            check.Request.IsEmpty
            || http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true
            || Unreadable.Any(u => type.StartsWith(u, StringComparison.OrdinalIgnoreCase))
        )
        {
            return;
        }

        if (await BodyReader.ReadAsync(http, longest).ConfigureAwait(false) is not { } body)
        {
            throw new ClientErrorException(413, ErrorKind.TooLarge, $"the body is longer than {longest} bytes");
        }

        if (!body.IsEmpty)
        {
            var view = BodyView.OfRequest(body);
            var texts = await check.AskAsync(view, check.Request, http.RequestAborted).ConfigureAwait(false);
            body = texts is null ? body : view.With(texts);
        }

        http.Request.Body = new MemoryStream(body.ToArray());
        http.Request.ContentLength = body.Length;
    }
}
