using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>Serves a recorded answer: a raw body, a list of payloads whose framing is put back, or one exchange of a cassette.</summary>
internal static class Replay
{
    private const int NotFound = StatusCodes.Status404NotFound;

    /// <param name="folder">The folder of recordings; nothing outside it is served.</param>
    /// <param name="name">The file below it; <c>#3</c> behind it names the third exchange of a cassette, else it is the first.</param>
    public static async Task WriteAsync(HttpContext context, string folder, string name, IWireTemplate wire)
    {
        var (status, body) = Read(folder, name, wire);
        context.Response.StatusCode = status;
        var isJson = body.Length > 0 && body[0] is (byte)'{' or (byte)'[';
        context.Response.ContentType = isJson ? "application/json" : "text/event-stream";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static (int Status, byte[] Body) Read(string folder, string name, IWireTemplate wire)
    {
        var (file, number) =
            name.Split('#') is [var before, var after] && int.TryParse(after, CultureInfo.InvariantCulture, out var n)
                ? (before, n)
                : (name, 1);
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, file));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
        {
            return (NotFound, Encoding.UTF8.GetBytes(wire.Error(NotFound, null, $"no recording {file}")));
        }

        if (Path.GetExtension(path) is ".yaml" or ".yml")
        {
            var exchanges = Cassette.Read(path);
            return number >= 1 && number <= exchanges.Count
                ? (exchanges[number - 1].Status, exchanges[number - 1].Body)
                : (
                    NotFound,
                    Encoding.UTF8.GetBytes(wire.Error(NotFound, null, $"{file} has {exchanges.Count} exchanges, and none is {number}"))
                );
        }

        var bytes = File.ReadAllBytes(path);
        return (StatusCodes.Status200OK, path.EndsWith(".chunks.txt", StringComparison.Ordinal) ? Framed(bytes, wire) : bytes);
    }

    private static byte[] Framed(byte[] payloads, IWireTemplate wire)
    {
        var lines = Encoding.UTF8.GetString(payloads).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var end = wire is ChatTemplate ? "data: [DONE]\n\n" : "";
        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => $"data: {l.TrimEnd('\r')}\n\n")) + end);
    }
}
