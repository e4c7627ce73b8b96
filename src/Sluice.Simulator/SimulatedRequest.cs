using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator;

/// <summary>A request as the simulator received it.</summary>
public sealed class SimulatedRequest
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The path, <c>/v1/chat/completions</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Headers by name, lower case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as received.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body as JSON.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>The model asked for, in the body or in the address.</summary>
    public string Model =>
        Json.ValueKind != JsonValueKind.Object ? ""
        : Json.TryGetProperty("model", out var model) ? model.GetString() ?? ""
        : Path.Split("/ai/run/") is [_, var run] ? run
        : Path.Split("/model/") is [_, var rest] ? rest[..rest.LastIndexOf('/')]
        : Path.Split("/publishers/anthropic/models/") is [_, var named] ? named[..named.LastIndexOf(':')]
        : Path.Split("/models/") is [_, var called] ? called[..(called.LastIndexOf(':') is var colon && colon >= 0 ? colon : called.Length)]
        : "";

    /// <summary>Whether a stream was asked for, in the body or in the address; Ollama streams unless told otherwise.</summary>
    public bool Stream =>
        Json.TryGetProperty("stream", out var stream)
            ? stream.ValueKind == JsonValueKind.True
            : Path.EndsWith("-stream", StringComparison.Ordinal)
                || Path.EndsWith("/api/chat", StringComparison.Ordinal)
                || Path.EndsWith(":streamGenerateContent", StringComparison.Ordinal);

    /// <summary>Completes when the client goes away before the answer is whole.</summary>
    public Task ClientGone => _gone.Task;

    internal static SimulatedRequest WithoutBody(HttpRequest request) =>
        new()
        {
            Path = request.Path.Value ?? "",
            Headers = request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            Body = default,
            Json = default,
        };

    internal void NoteGone() => _gone.TrySetResult();
}
