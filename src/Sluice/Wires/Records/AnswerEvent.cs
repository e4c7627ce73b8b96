using System.Text.Json;
using Sluice.Money;

namespace Sluice.Wires.Records;

/// <summary>One event of an answer, streamed or whole.</summary>
internal abstract record AnswerEvent;

internal sealed record TextDelta(string Text) : AnswerEvent;

internal sealed record ReasoningDelta(string Text) : AnswerEvent;

/// <summary>Closes a piece of reasoning with its issuer's signature. Without reasoning before it, it stands for the call or text that follows.</summary>
internal sealed record ReasoningSigned(string Signature) : AnswerEvent;

internal sealed record ReasoningRedacted(string Data) : AnswerEvent;

/// <summary>A tool call begins; its arguments follow by index.</summary>
internal sealed record ToolCallStarted(int Index, string Id, string Name) : AnswerEvent;

internal sealed record ToolArgumentsDelta(int Index, string Json) : AnswerEvent;

internal sealed record RefusalDelta(string Text) : AnswerEvent;

/// <summary>A source of the text so far.</summary>
internal sealed record Cited(Citation Citation) : AnswerEvent;

/// <summary>The text so far is a block of its own: what follows begins another, with sources of its own.</summary>
internal sealed record TextEnded : AnswerEvent;

/// <summary>A piece that comes whole: an image, sound, or something only its own wire understands.</summary>
/// <param name="Feature">Its name on the provider's wire: <c>server_tool_use</c>, <c>inlineData</c>.</param>
internal sealed record PartReported(string Feature, Part Part) : AnswerEvent;

/// <summary>Probabilities of the text so far, in the words of Chat Completions: <c>{"content": […]}</c>.</summary>
internal sealed record LogprobsReported(JsonElement Json) : AnswerEvent;

/// <summary>A part of the answer that no record holds; it is left out and the caller is told.</summary>
/// <param name="Feature">Its name on the provider's wire: <c>executed_tools</c>, <c>n</c>.</param>
internal sealed record Omitted(string Feature) : AnswerEvent;

internal sealed record UsageReported(Usage Usage) : AnswerEvent;

/// <param name="StopSequence">The sequence that stopped it, where the provider tells.</param>
internal sealed record Finished(FinishReason Reason, string? StopSequence = null) : AnswerEvent;

internal enum FinishReason
{
    Stop,
    Length,
    ToolCalls,

    /// <summary>The model or a filter refused.</summary>
    Refusal,

    /// <summary>The provider paused a long turn of its own tools; the caller is to go on.</summary>
    Paused,
}
