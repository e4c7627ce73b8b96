using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Wires.WorkersAi;

/// <summary>Reads <c>{"response": …, "tool_calls": […], "usage": {…}}</c>, of which a stream's frames have one or another.</summary>
internal sealed class WorkersAiNative
{
    /// <summary>The calls under way by their index, which may be that of an earlier call with another id.</summary>
    private readonly Dictionary<int, (int Number, string? Id)> _started = [];
    private int _calls;

    public void Read(JsonElement answer, ICollection<AnswerEvent> events)
    {
        if ((answer.Text("reasoning_content") ?? answer.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            events.Add(new ReasoningDelta(reasoning));
        }

        // What a schema asked for comes as the value itself: an object, a number.
        if (answer.TextOrRaw("response") is { Length: > 0 } text)
        {
            events.Add(new TextDelta(text));
        }

        foreach (var call in answer.Items("tool_calls"))
        {
            ReadCall(call, events);
        }

        if (answer.Get("usage") is { } usage)
        {
            Report(usage, events);
        }

        if (answer.Text("finish_reason") is { Length: > 0 } reason)
        {
            events.Add(new Finished(ReasonOf(reason)));
        }
    }

    /// <summary>Reports what a usage object says, where it says anything.</summary>
    public static void Report(JsonElement usage, ICollection<AnswerEvent> events)
    {
        if (UsageOf(usage) is { } reported)
        {
            events.Add(new UsageReported(reported));
        }
    }

    /// <summary>The usage of Chat Completions, or with the words of Responses.</summary>
    public static Money.Usage? UsageOf(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (usage.Get("input_tokens") is null && usage.Get("output_tokens") is null)
        {
            var reader = JsonCursor.Open(JsonText.Bytes(usage));
            return ChatUsage.Read(ref reader, UsageMembers.Standard);
        }

        return new Money.Usage
        {
            InputTokens = usage.Count("input_tokens") ?? 0,
            OutputTokens = usage.Count("output_tokens") ?? 0,
            CacheReadTokens = usage.Get("input_tokens_details")?.Count("cached_tokens") ?? 0,
            ReasoningTokens = usage.Get("output_tokens_details")?.Count("reasoning_tokens") ?? 0,
            Evidence = Money.UsageEvidence.Reported,
        };
    }

    /// <summary>
    /// A call comes whole and flat (<c>name</c>, <c>arguments</c>), or piece by piece under an index; then a piece without id, name
    /// and arguments ends it, which says nothing.
    /// </summary>
    private void ReadCall(JsonElement call, ICollection<AnswerEvent> events)
    {
        var function = call.Get("function") ?? call;
        var (name, id) = (function.Text("name"), call.Text("id") is { Length: > 0 } given ? given : null);
        var index = (int)(call.Integer("index") ?? (string.IsNullOrEmpty(name) ? _started.Count - 1 : _started.Count));
        if (!string.IsNullOrEmpty(name) && IsNew(index, id))
        {
            _started[index] = (_calls, id);
            events.Add(new ToolCallStarted(_calls, id ?? $"call_{_calls}", name));
            _calls++;
        }

        if (_started.TryGetValue(index, out var started) && function.TextOrRaw("arguments") is { Length: > 0 } arguments)
        {
            events.Add(new ToolArgumentsDelta(started.Number, arguments));
        }
    }

    private bool IsNew(int index, string? id) =>
        !_started.TryGetValue(index, out var known) || id is not null && known.Id is not null && known.Id != id;

    private FinishReason ReasonOf(string reason) =>
        reason switch
        {
            "length" or "model_length" => FinishReason.Length,
            "content_filter" => FinishReason.Refusal,
            _ => _calls > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
        };
}
