using System.Text;
using Sluice.Catalog;
using Sluice.Simulator;

namespace Sluice.Tests.Wires;

/// <summary>An answer of a real provider, as it was recorded.</summary>
internal sealed record Recording(string Name, WireKind Wire, string? Request, int Status, byte[] Body)
{
    /// <summary>The vendor's own row, where it has one.</summary>
    public Dialect Dialect => Recordings.DialectOf(this);

    public bool Streamed => Wire == WireKind.Ollama ? Body.AsSpan().Trim("\r\n"u8).Contains((byte)'\n') : HasEvents;

    private bool HasEvents =>
        Encoding
            .UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2000)))
            .Split('\n')
            .Any(l => l.StartsWith("data:", StringComparison.Ordinal) || l.StartsWith("event:", StringComparison.Ordinal));
}

/// <summary>The recordings of all wires, found by SLUICE_RECORDINGS.</summary>
internal static class Recordings
{
    private static readonly IReadOnlyDictionary<string, Dialect> Dialects = CatalogData.Dialects();

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
            .. ResponsesFiles(),
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

    /// <summary>The folder of a cassette is its vendor.</summary>
    public static Dialect DialectOf(Recording recording)
    {
        var folder = recording.Name.Split('/', '\\')[1] is "llamacpp" ? "llama-cpp" : recording.Name.Split('/', '\\')[1];
        return Dialects.TryGetValue(folder, out var dialect) && dialect.Wire == recording.Wire
            ? dialect
            : TestTargets.DialectOf(recording.Wire);
    }

    private static WireKind? WireOf(string path) =>
        path.EndsWith("/chat/completions", StringComparison.Ordinal) ? WireKind.OpenAiChat
        : path.EndsWith("/messages", StringComparison.Ordinal) ? WireKind.AnthropicMessages
        : path.EndsWith("/responses", StringComparison.Ordinal) ? WireKind.OpenAiResponses
        : path.EndsWith("/api/chat", StringComparison.Ordinal) ? WireKind.Ollama
        : path.EndsWith("/converse", StringComparison.Ordinal) || path.EndsWith("/converse-stream", StringComparison.Ordinal)
            ? WireKind.BedrockConverse
        : path.EndsWith("enerateContent", StringComparison.Ordinal) ? WireKind.Gemini
        : null;

    /// <summary>The answers that are kept as files of their own: bodies as they came, and lists of payloads whose framing is put back.</summary>
    private static IEnumerable<Recording> ResponsesFiles()
    {
        foreach (
            var file in new[] { "openai", "xai", "azure" }
                .SelectMany(vendor => Directory.EnumerateFiles(Path.Combine(Root!, vendor), "*", SearchOption.AllDirectories))
                .Order(StringComparer.Ordinal)
        )
        {
            var text = File.ReadAllText(file);
            if (
                text.Contains("\"object\":\"response\"", StringComparison.Ordinal)
                || text.Contains("\"object\": \"response\"", StringComparison.Ordinal)
            )
            {
                var body = file.EndsWith(".chunks.txt", StringComparison.Ordinal)
                    ? string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"data: {l.TrimEnd('\r')}\n\n"))
                    : text;
                yield return new Recording(
                    Path.GetRelativePath(Root!, file),
                    WireKind.OpenAiResponses,
                    null,
                    200,
                    Encoding.UTF8.GetBytes(body)
                );
            }
        }
    }
}
