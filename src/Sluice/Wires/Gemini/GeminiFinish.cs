using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>Why Gemini ended an answer, in its words and in ours.</summary>
internal static class GeminiFinish
{
    public const string Stop = "STOP";

    private static readonly string[] Faults =
    [
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE",
    ];

    /// <summary>Whether the model failed at its answer, so that another one may do better.</summary>
    public static bool IsFault(string reason) => Faults.Contains(reason);

    /// <summary>It stops with STOP also for calls of tools; whatever is not an end of its own will is a filter of some kind.</summary>
    public static FinishReason ReasonOf(string reason, bool calls) =>
        reason switch
        {
            Stop or "FINISH_REASON_UNSPECIFIED" => calls ? FinishReason.ToolCalls : FinishReason.Stop,
            "MAX_TOKENS" => FinishReason.Length,
            _ => FinishReason.Refusal,
        };

    /// <summary>A paused turn is no plain stop: the caller is to go on, which MAX_TOKENS says best here.</summary>
    public static string NameOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length or FinishReason.Paused => "MAX_TOKENS",
            FinishReason.Refusal => "SAFETY",
            _ => Stop,
        };
}
