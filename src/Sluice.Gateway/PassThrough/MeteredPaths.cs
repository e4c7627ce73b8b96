namespace Sluice.Gateway.PassThrough;

/// <summary>What is paid for by tokens and has an endpoint of its own here: passed through, a price per call would be no price.</summary>
internal static class MeteredPaths
{
    private static readonly (string[] Ending, string Endpoint)[] Endings =
    [
        (["chat", "completions"], "/v1/chat/completions"),
        (["responses"], "/v1/responses"),
        (["embeddings"], "/v1/embeddings"),
        (["v1", "messages"], "/v1/messages"),
        (["api", "chat"], "/api/chat"),
        (["api", "generate"], "/api/generate"),
        (["api", "embed"], "/api/embed"),
        (["converse"], "/v1/chat/completions"),
        (["converse-stream"], "/v1/chat/completions"),
    ];

    /// <summary>The endpoint that takes such a call; <see langword="null"/> where it may pass.</summary>
    public static string? Endpoint(string method, IReadOnlyList<string> path)
    {
        if (method != "POST")
        {
            return null;
        }

        if (path is [var only] && Is(only, "messages"))
        {
            return "/v1/messages";
        }

        if (path[^1].EndsWith("generateContent", StringComparison.OrdinalIgnoreCase))
        {
            return "/v1beta/models/…:generateContent";
        }

        return Array.Find(Endings, e => EndsWith(path, e.Ending)).Endpoint;
    }

    private static bool EndsWith(IReadOnlyList<string> path, string[] ending) =>
        path.Count >= ending.Length && ending.Select((s, i) => Is(path[path.Count - ending.Length + i], s)).All(same => same);

    /// <summary>Some providers do not care for case.</summary>
    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);
}
