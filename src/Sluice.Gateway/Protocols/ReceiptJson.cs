using System.Buffers;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Money;

namespace Sluice.Gateway.Protocols;

/// <summary>A receipt as JSON. Money is in dollars, durations are in milliseconds.</summary>
internal static class ReceiptJson
{
    public static void Write(Receipt receipt, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("call", receipt.Call);
        json.WriteString("route", receipt.Route);
        json.WriteString("actualRoute", receipt.ActualRoute);
        json.WriteString("target", receipt.Target);
        if (receipt.Rule is { } rule)
        {
            json.WriteString("rule", rule);
            json.WriteString("because", receipt.Because);
        }

        json.WriteString("key", receipt.Key);
        json.WriteString("startedAt", receipt.StartedAt);
        json.WriteNumber("revision", receipt.Revision);
        json.WriteBoolean("complete", receipt.Complete);
        if (receipt.Continued)
        {
            json.WriteBoolean("continued", true);
        }

        json.WriteNumber("cost", receipt.Cost.Dollars);
        if (receipt.OutputLimitSet is { } limit)
        {
            json.WriteNumber("outputLimitSet", limit);
        }

        WriteUsage(json, receipt.Usage);
        if (receipt.Order.Count > 0)
        {
            json.WriteStartArray("order");
            foreach (var place in receipt.Order)
            {
                json.WriteStartObject();
                json.WriteString("target", place.Target);
                json.WriteString("route", place.Route);
                json.WriteString("reason", place.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("attempts");
        foreach (var attempt in receipt.Attempts)
        {
            Write(json, attempt);
        }

        json.WriteEndArray();
        json.WriteStartArray("rejections");
        foreach (var rejection in receipt.Rejections)
        {
            json.WriteStartObject();
            json.WriteString("target", rejection.Target);
            json.WriteString("gate", rejection.Gate);
            json.WriteString("reason", rejection.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("degradations");
        foreach (var degradation in receipt.Degradations)
        {
            json.WriteStartObject();
            json.WriteString("feature", degradation.Feature);
            json.WriteString("action", degradation.Action);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteGates(json, receipt.Gates);
        json.WriteEndObject();
    }

    private static void WriteGates(Utf8JsonWriter json, IReadOnlyList<GateAction> gates)
    {
        if (gates.Count == 0)
        {
            return;
        }

        json.WriteStartArray("gates");
        foreach (var gate in gates)
        {
            json.WriteStartObject();
            json.WriteString("gate", gate.Gate);
            json.WriteString("stage", gate.Stage.ToString());
            json.WriteString("verdict", gate.Verdict.ToString());
            json.WriteString("reason", gate.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Attempt attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteString("route", attempt.Route);
        json.WriteString("target", $"{attempt.Provider}/{attempt.Model}");
        json.WriteString("credential", attempt.Credential);
        json.WriteString("outcome", attempt.Outcome.ToString());
        json.WriteString("failure", attempt.Failure?.ToString());
        json.WriteString("reason", attempt.Reason);
        if (attempt.Status is { } status)
        {
            json.WriteNumber("status", status);
        }

        if (attempt.Hedged)
        {
            json.WriteBoolean("hedged", true);
        }

        if (attempt.SkippedFrames > 0)
        {
            json.WriteNumber("skippedFrames", attempt.SkippedFrames);
        }

        json.WriteNumber("durationMs", attempt.Duration.TotalMilliseconds);
        if (attempt.TimeToFirstContent is { } first)
        {
            json.WriteNumber("firstContentMs", first.TotalMilliseconds);
        }

        json.WriteString("finishReason", attempt.FinishReason);
        json.WriteNumber("hold", attempt.Hold.Dollars);
        json.WriteNumber("cost", attempt.Cost.Dollars);
        WriteUsage(json, attempt.Usage);
        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("inputTokens", usage.InputTokens);
        json.WriteNumber("cacheReadTokens", usage.CacheReadTokens);
        json.WriteNumber("cacheWriteTokens", usage.CacheWriteTokens);
        json.WriteNumber("cacheWrite1hTokens", usage.CacheWrite1hTokens);
        json.WriteNumber("outputTokens", usage.OutputTokens);
        json.WriteNumber("reasoningTokens", usage.ReasoningTokens);
        json.WriteString("evidence", usage.Evidence.ToString());
        json.WriteEndObject();
    }
}
