using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>What a request loses on its way into a target's wire. Whoever leaves something out says so here.</summary>
/// <param name="wire">The wire's name in what callers read, <c>Messages</c>.</param>
/// <param name="degradations">Receives each loss.</param>
internal sealed class Losses(string wire, ICollection<Degradation> degradations)
{
    /// <summary>Settings of a request by the name callers know them by, with whether a request has them.</summary>
    private static readonly (string Name, Func<ChatRequest, bool> Present)[] Settings =
    [
        ("temperature", r => r.Temperature is not null),
        ("top_p", r => r.TopP is not null),
        ("top_k", r => r.TopK is not null),
        ("stop", r => r.Stop.Count > 0),
        ("seed", r => r.Seed is not null),
        ("frequency_penalty", r => r.FrequencyPenalty is not (null or 0)),
        ("presence_penalty", r => r.PresencePenalty is not (null or 0)),
        ("n", r => r.Choices > 1),
        ("logprobs", r => r.Logprobs == true || r.TopLogprobs > 0),
        ("response_format", r => r.Format is not null),
        ("reasoning_effort", r => r.ReasoningEffort is not null || r.ThinkingBudget is not null),
        ("citations", r => r.Messages.Any(m => m.Parts.Any(p => p is DocumentPart { IsCited: true }))),
        ("parallel_tool_calls", r => r is { ParallelTools: not null, Tools.Count: > 0 }),
        ("tool_choice", r => r is { ToolChoice: not null, Tools.Count: > 0 }),
        ("service_tier", r => r.ServiceTier is not null),
        ("prompt_cache_key", r => r.PromptCacheKey is not null),
        ("user", r => r.User is not null),
        ("store", r => r.Store == true),
    ];

    /// <summary>Something is left out or said otherwise.</summary>
    public void Add(string feature, string action) => degradations.Lose(feature, action);

    /// <summary>Thinking as much as it finds right is what a model that reasons does unasked; others cannot.</summary>
    public void Thinking(ChatRequest request, Target target)
    {
        if (request.Thinks == true && !target.Card.Reasoning)
        {
            Add("thinking", "left out: the model does not reason");
        }
    }

    /// <summary>Something is left out because the wire has no place for it.</summary>
    public void NoPlace(string feature) => Add(feature, $"left out: {wire} has no place for it");

    /// <summary>A tool that the provider would have run itself is left out.</summary>
    public void NoPlace(ServerTool tool) => NoPlace($"tools.{tool.Type}");

    /// <summary>Every setting of the request is left out but these.</summary>
    public void SettingsBut(ChatRequest request, params ReadOnlySpan<string> said)
    {
        foreach (var (name, present) in Settings)
        {
            if (present(request) && !said.Contains(name))
            {
                NoPlace(name);
            }
        }
    }

    /// <summary>Members that belong to another wire and that no record holds are left out.</summary>
    public void Extensions(ChatRequest request)
    {
        foreach (var name in request.Extensions.Select(e => e.Key).Concat(request.Unheld))
        {
            NoPlace(name);
        }
    }
}
