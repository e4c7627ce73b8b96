using System.Text.Json;

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
        Json.TryGetProperty("model", out var model) ? model.GetString() ?? ""
        : Path.Split("/model/") is [_, var rest] ? rest[..rest.LastIndexOf('/')]
        : Path.Split("/publishers/anthropic/models/") is [_, var named] ? named[..named.LastIndexOf(':')]
        : "";

    /// <summary>Whether a stream was asked for, in the body or in the address.</summary>
    public bool Stream =>
        Json.TryGetProperty("stream", out var stream)
            ? stream.ValueKind == JsonValueKind.True
            : Path.EndsWith("-stream", StringComparison.Ordinal);

    /// <summary>Completes when the client goes away before the answer is whole.</summary>
    public Task ClientGone => _gone.Task;

    internal void NoteGone() => _gone.TrySetResult();
}
