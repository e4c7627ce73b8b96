using System.Text;
using Sluice.Catalog;
using Sluice.Simulator;

namespace Sluice.Tests.Wires;

/// <summary>An answer of a real provider, as it was recorded.</summary>
internal sealed record Recording(string Name, WireKind Wire, string? Request, int Status, byte[] Body)
{
    public bool Streamed =>
        Encoding
            .UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2000)))
            .Split('\n')
            .Any(l => l.StartsWith("data:", StringComparison.Ordinal) || l.StartsWith("event:", StringComparison.Ordinal));
}

/// <summary>The recordings of every wire, found by SLUICE_RECORDINGS.</summary>
internal static class Recordings
{
    public static string? Root => Environment.GetEnvironmentVariable("SLUICE_RECORDINGS") is { Length: > 0 } root ? root : null;

    /// <summary>Every recorded exchange of the wires that are spoken, from the cassettes.</summary>
    public static IReadOnlyList<Recording> All()
    {
        Assert.SkipWhen(Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");

        return
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root!, "cassettes"), "*.y*ml", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(Read),
        ];
    }

    private static IEnumerable<Recording> Read(string file)
    {
        var exchanges = Cassette.Read(file);
        for (var i = 0; i < exchanges.Count; i++)
        {
            var exchange = exchanges[i];
            if (WireOf(exchange.Path) is { } wire && exchange.Body.Length > 0)
            {
                yield return new Recording(
                    $"{Path.GetRelativePath(Root!, file)}#{i + 1}",
                    wire,
                    exchange.Request,
                    exchange.Status,
                    exchange.Path.EndsWith("-stream", StringComparison.Ordinal) ? BinaryEvents.Frames(exchange.Body) : exchange.Body
                );
            }
        }
    }

    private static WireKind? WireOf(string path) =>
        path.EndsWith("/chat/completions", StringComparison.Ordinal) ? WireKind.OpenAiChat
        : path.EndsWith("/messages", StringComparison.Ordinal) ? WireKind.AnthropicMessages
        : path.EndsWith("/converse", StringComparison.Ordinal) || path.EndsWith("/converse-stream", StringComparison.Ordinal)
            ? WireKind.BedrockConverse
        : null;
}
