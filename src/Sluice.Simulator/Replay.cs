using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>Serves a recorded answer: a raw body, or a list of payloads whose framing is put back.</summary>
internal static class Replay
{
    public static async Task WriteAsync(HttpContext context, string folder, string file, IWireTemplate wire)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, file));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(wire.Error(404, null, $"no recording {file}"), context.RequestAborted).ConfigureAwait(false);
            return;
        }

        var bytes = await File.ReadAllBytesAsync(path, context.RequestAborted).ConfigureAwait(false);
        if (path.EndsWith(".chunks.txt", StringComparison.Ordinal))
        {
            var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var end = wire is ChatTemplate ? "data: [DONE]\n\n" : "";
            bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => $"data: {l.TrimEnd('\r')}\n\n")) + end);
        }

        var isStream = !(bytes.Length > 0 && bytes[0] is (byte)'{' or (byte)'[');
        context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
