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
        new(new ChatMessage(ChatRole.Assistant, [.. message.Parts.SelectMany(PartProjection.Write)]))
        {
            ResponseId = answer.Facts.Id ?? receipt.Call,
            ModelId = answer.Facts.Model ?? answer.Target.Model,
            CreatedAt = receipt.StartedAt,
            FinishReason = ReasonOf(message.Finish),
            Usage = UsageOf(receipt.Usage),
            AdditionalProperties = PropertiesOf(receipt, message.Logprobs, message.StopSequence),
        };

    public static AdditionalPropertiesDictionary PropertiesOf(Receipt receipt, IReadOnlyList<JsonElement> logprobs, string? stopSequence)
    {
        var properties = new AdditionalPropertiesDictionary { [Properties.Receipt] = ReceiptJson.Write(receipt) };
        if (logprobs.Count > 0)
        {
            properties[Properties.Logprobs] = LogprobsProjection.Write(logprobs);
        }

        if (stopSequence is not null)
        {
            properties[Properties.StopSequence] = stopSequence;
        }

        return properties;
    }

    public static ChatFinishReason ReasonOf(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length => ChatFinishReason.Length,
            FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
            FinishReason.Refusal => ChatFinishReason.ContentFilter,
            FinishReason.Paused => ChatFinishReason.Paused,
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
            AdditionalCounts = CountsOf(usage),
        };

    private static AdditionalPropertiesDictionary<long>? CountsOf(Usage usage)
    {
        AdditionalPropertiesDictionary<long>? counts = null;
        Add("CacheWriteInputTokenCount", usage.CacheWriteTokens);
        Add("CacheWrite1hInputTokenCount", usage.CacheWrite1hTokens);
        Add("InputAudioTokenCount", usage.InputAudioTokens);
        Add("OutputAudioTokenCount", usage.OutputAudioTokens);
        Add("WebSearchRequestCount", usage.WebSearchRequests);
        return counts;

        void Add(string name, long count)
        {
            if (count > 0)
            {
                (counts ??= [])[name] = count;
            }
        }
    }
}
