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
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The segments below the provider's base address.</param>
    /// <param name="models">The ids of models whose tokens have a price there: a path that names one runs it.</param>
    public static string? Endpoint(string method, IReadOnlyList<string> path, IEnumerable<string> models)
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

        if (path[^1].EndsWith("rawPredict", StringComparison.OrdinalIgnoreCase))
        {
            return "/v1/messages";
        }

        var whole = $"/{string.Join('/', path)}/";
        return Array.Find(Endings, e => EndsWith(path, e.Ending)).Endpoint
            ?? (models.Any(id => whole.Contains($"/{id}/", StringComparison.OrdinalIgnoreCase)) ? "/v1/chat/completions" : null);
    }

    private static bool EndsWith(IReadOnlyList<string> path, string[] ending) =>
        path.Count >= ending.Length && ending.Select((s, i) => Is(path[path.Count - ending.Length + i], s)).All(same => same);

    /// <summary>Some providers do not care for case.</summary>
    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);
}
