using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires.Records;

namespace Sluice.Cli.Decoding;

/// <summary>A decoded answer as JSON: the same members and words for every wire.</summary>
internal static class DecodedJson
{
    public static JsonObject Write(DecodedAnswer answer) =>
        new()
        {
            ["text"] = answer.Message.Text,
            ["reasoning"] = answer.Message.Reasoning,
            ["refusal"] = answer.Message.Refusal.Length > 0 ? answer.Message.Refusal : null,
            ["toolCalls"] = new JsonArray([.. answer.Message.Calls.Select(c => (JsonNode)CallOf(c))]),
            ["finish"] = answer.Finish is { } finish ? NameOf(finish) : null,
            ["usage"] = answer.Usage is { } usage ? UsageOf(usage) : null,
            ["malformedFrames"] = answer.MalformedFrames,
            ["error"] = answer.Error is { } error
                ? ErrorOf(error.Failure.ToString(), error.Detail is { Length: > 0 } detail ? detail : error.Message)
                : null,
        };

    /// <summary>What cannot be decoded at all.</summary>
    public static JsonObject Failed(string message) => new() { ["error"] = ErrorOf(nameof(FailureClass.BadRequest), message) };

    public static JsonObject Failed(FailureClass failure, string message) => new() { ["error"] = ErrorOf(failure.ToString(), message) };

    /// <summary>An id that can be written again; half a character cannot.</summary>
    public static JsonNode? Readable(JsonNode? id)
    {
        try
        {
            _ = id?.ToJsonString();
            return id;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject ErrorOf(string failure, string message) => new() { ["class"] = failure, ["message"] = message };

    private static JsonObject CallOf(ToolCallPart call) =>
        new()
        {
            ["id"] = call.Id,
            ["name"] = call.Name,
            ["arguments"] = ArgumentsOf(call.Arguments),
        };

    /// <summary>Arguments that a model was cut in are the text it wrote.</summary>
    private static JsonNode ArgumentsOf(string arguments)
    {
        try
        {
            return JsonNode.Parse(arguments.Length == 0 ? "{}" : arguments) as JsonObject ?? (JsonNode)arguments;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return arguments;
        }
    }

    private static JsonObject UsageOf(Usage usage) =>
        new()
        {
            ["inputTokens"] = usage.InputTokens,
            ["outputTokens"] = usage.OutputTokens,
            ["cacheReadTokens"] = usage.CacheReadTokens,
            ["cacheWriteTokens"] = usage.CacheWriteTokens,
            ["cacheWrite1hTokens"] = usage.CacheWrite1hTokens,
            ["reasoningTokens"] = usage.ReasoningTokens,
        };

    private static string NameOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Stop => "stop",
            FinishReason.Length => "length",
            FinishReason.ToolCalls => "tool_calls",
            FinishReason.Refusal => "refusal",
            _ => "paused",
        };
}
