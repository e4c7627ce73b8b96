using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>An answer as Microsoft.Extensions.AI knows it.</summary>
internal static class AnswerProjection
{
    public static ChatResponse Response(WholeMessage message, Answer answer, Receipt receipt) =>
        new(new ChatMessage(ChatRole.Assistant, [.. message.Parts.Select(ContentOf)]))
        {
            ResponseId = answer.Facts.Id ?? receipt.Call,
            ModelId = answer.Facts.Model ?? answer.Target.Model,
            CreatedAt = receipt.StartedAt,
            FinishReason = ReasonOf(message.Finish),
            Usage = UsageOf(receipt.Usage),
            AdditionalProperties = new AdditionalPropertiesDictionary { [SluiceChatExtensions.ReceiptKey] = receipt },
        };

    public static ChatFinishReason ReasonOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length or FinishReason.Paused => ChatFinishReason.Length,
            FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
            FinishReason.Refusal => ChatFinishReason.ContentFilter,
            _ => ChatFinishReason.Stop,
        };

    public static UsageDetails UsageOf(Usage usage) =>
        new()
        {
            InputTokenCount = usage.InputTokens,
            OutputTokenCount = usage.OutputTokens,
            TotalTokenCount = usage.InputTokens + usage.OutputTokens,
            CachedInputTokenCount = usage.CacheReadTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
        };

    public static FunctionCallContent CallOf(string id, string name, string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            var values = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value.Clone());
            return new FunctionCallContent(id, name, values);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The model's arguments are not an object: the caller's tool loop is told instead of guessing.
            return new FunctionCallContent(id, name) { Exception = exception, RawRepresentation = arguments };
        }
    }

    private static AIContent ContentOf(Part part) =>
        part switch
        {
            ReasoningPart reasoning => ReasoningProjection.Write(reasoning),
            ToolCallPart call => CallOf(call.Id, call.Name, call.Arguments),
            RefusalPart refusal => new ErrorContent(refusal.Text) { ErrorCode = "Refusal" },
            TextPart text => new TextContent(text.Text),
            _ => new TextContent(""),
        };
}
