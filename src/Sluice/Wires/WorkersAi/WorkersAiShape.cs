using System.Text.Json;
using Sluice.Wires.Json;

namespace Sluice.Wires.WorkersAi;

/// <summary>In whose words a model of Workers AI answers.</summary>
internal enum WorkersAiShape
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>An empty object: what a model that cannot stream says to a stream request.</summary>
    Empty,

    /// <summary><c>{"response": …}</c>.</summary>
    Native,

    /// <summary><c>{"choices": […]}</c>.</summary>
    Chat,

    /// <summary><c>{"output": […]}</c>, or events named <c>response.…</c>.</summary>
    Responses,

    /// <summary><c>{"type": "message", "content": […]}</c>, or the events of such a message.</summary>
    Messages,
}

/// <summary>A body or frame out of its envelope.</summary>
internal static class WorkersAiEnvelope
{
    private static readonly string[] NativeMembers =
    [
        "response",
        "reasoning_content",
        "reasoning",
        "tool_calls",
        "usage",
        "finish_reason",
        "p",
    ];

    private static readonly string[] MessageEvents =
    [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "ping",
    ];

    public static JsonElement Open(JsonElement root) =>
        root.Get("result") is { } result && (root.Get("success") is not null || root.Get("errors") is not null) ? result : root;

    /// <summary>Whether it tells of a failure, under whatever status.</summary>
    public static bool Failed(JsonElement root) =>
        root.Flag("success") == false
        || root.Items("errors").Any()
        || root.Get("error") is not null
        || root.Text("type") is "error" or "response.failed";

    public static WorkersAiShape ShapeOf(JsonElement answer) =>
        answer.ValueKind != JsonValueKind.Object ? WorkersAiShape.Unknown
        : answer.Get("choices") is { ValueKind: JsonValueKind.Array } ? WorkersAiShape.Chat
        : answer.Get("output") is { ValueKind: JsonValueKind.Array } || IsEvent(answer, "response.") ? WorkersAiShape.Responses
        : answer.Text("type") == "message" || MessageEvents.Contains(answer.Text("type")) ? WorkersAiShape.Messages
        : NativeMembers.Any(name => answer.TryGetProperty(name, out _)) ? WorkersAiShape.Native
        : answer.Members().Any() ? WorkersAiShape.Unknown
        : WorkersAiShape.Empty;

    private static bool IsEvent(JsonElement answer, string prefix) =>
        answer.Text("type")?.StartsWith(prefix, StringComparison.Ordinal) == true;
}
