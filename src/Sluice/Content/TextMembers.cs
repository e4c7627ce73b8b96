using System.Collections.Frozen;
using Sluice.Catalog;

namespace Sluice.Content;

/// <summary>What the members of all wires hold, by their names: which are no text, and what kind of text the others are.</summary>
internal static class TextMembers
{
    /// <summary>Names, ids, kinds, proofs and encoded bytes. A text that stands there reaches nobody as one.</summary>
    private static readonly FrozenSet<string> NoText = FrozenSet.Create(
        "model",
        "type",
        "role",
        "id",
        "object",
        "name",
        "tool_call_id",
        "tool_use_id",
        "toolUseId",
        "call_id",
        "callId",
        "item_id",
        "response_id",
        "responseId",
        "previous_response_id",
        "file_id",
        "container_id",
        "conversation",
        "signature",
        "thoughtSignature",
        "thought_signature",
        "encrypted_content",
        "redactedContent",
        "data",
        "bytes",
        "images",
        "embedding",
        "media_type",
        "mediaType",
        "mimeType",
        "mime_type",
        "format",
        "effort",
        "status",
        "detail",
        "service_tier",
        "system_fingerprint",
        "finish_reason",
        "native_finish_reason",
        "finishReason",
        "stop_reason",
        "stopReason",
        "done_reason",
        "modelVersion",
        "created_at",
        "obfuscation",
        "required",
        "include"
    );

    /// <summary>What may be a whole file in its own address.</summary>
    private static readonly FrozenSet<string> Addresses = FrozenSet.Create(
        "url",
        "uri",
        "fileUri",
        "image_url",
        "file_url",
        "file_data",
        "audio_url",
        "video_url"
    );

    /// <summary>What goes on from frame to frame.</summary>
    private static readonly FrozenSet<string> Continued = FrozenSet.Create(
        "content",
        "text",
        "reasoning_content",
        "reasoning",
        "thinking",
        "partial_json",
        "arguments",
        "refusal",
        "response",
        "input",
        "transcript"
    );

    public static bool IsNoText(string name, ReadOnlySpan<byte> value) =>
        NoText.Contains(name)
        || (Addresses.Contains(name) && value.StartsWith("data:"u8) && value[..Math.Min(value.Length, 128)].IndexOf(";base64,"u8) > 0);

    /// <summary>Whether what stands there in a stream's frame goes on in later frames.</summary>
    public static bool Continues(string name, WireKind? wire) =>
        wire == WireKind.OpenAiResponses ? name == "delta" : Continued.Contains(name);

    public static ContentParts? PartOf(string name) =>
        name switch
        {
            "reasoning_content" or "reasoning" or "thinking" or "reasoning_details" or "reasoningContent" => ContentParts.Reasoning,
            "arguments" or "partial_json" or "toolUse" => ContentParts.ToolArguments,
            "toolResult" => ContentParts.ToolResults,
            _ => null,
        };

    /// <summary>What an object of a tool's own words is, by the name it stands under.</summary>
    /// <param name="name">That name.</param>
    /// <param name="parent">The name of what it is in.</param>
    public static (ContentParts? Part, bool Opaque) OfToolObject(string name, string parent) =>
        name switch
        {
            "input" or "args" or "arguments" => (ContentParts.ToolArguments, true),
            "response" when parent is "functionResponse" or "function_response" => (ContentParts.ToolResults, true),
            _ => (null, false),
        };

    public static bool IsInstruction(string name) =>
        name is "system" or "instructions" or "systemInstruction" or "system_instruction" or "tools";

    public static bool IsProbabilities(string name) => name is "logprobs" or "logprobsResult" or "top_logprobs" or "avgLogprobs";

    /// <summary>What an answer repeats of its request, and what it says of itself: a request's texts were seen before it was sent.</summary>
    public static bool EchoesRequest(string name) =>
        name is "instructions" or "tools" or "tool_choice" or "metadata" or "usage" or "usageMetadata";

    public static ContentRole? RoleOf(string role) =>
        role switch
        {
            "system" or "developer" => ContentRole.System,
            "user" => ContentRole.User,
            "assistant" or "model" => ContentRole.Assistant,
            "tool" or "function" => ContentRole.Tool,
            _ => null,
        };

    public static bool IsThinking(string? type) => type is "thinking" or "reasoning" or "reasoning_text" or "summary_text";

    public static bool IsResult(string? type) =>
        type is not null && (type.EndsWith("_output", StringComparison.Ordinal) || type.EndsWith("tool_result", StringComparison.Ordinal));

    /// <summary>Whether what such an object holds is encoded bytes.</summary>
    public static bool IsBinary(string? type) =>
        type is "response.audio.delta" or "image_generation_call" or "response.image_generation_call.partial_image";

    /// <summary>Whether an event of Responses brings a further piece of a text.</summary>
    public static bool IsDelta(string? type) => type?.EndsWith(".delta", StringComparison.Ordinal) == true;

    public static ContentParts PartOfDelta(string? type) =>
        type is null ? ContentParts.Text
        : type.Contains("reasoning", StringComparison.Ordinal) ? ContentParts.Reasoning
        : type.Contains("arguments", StringComparison.Ordinal) || type.Contains("tool_call_input", StringComparison.Ordinal)
            ? ContentParts.ToolArguments
        : ContentParts.Text;
}
