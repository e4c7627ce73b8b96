using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>How many tokens a model of Anthropic's may think with.</summary>
internal static class ThinkingBudget
{
    /// <param name="request">What is asked.</param>
    /// <param name="target">Who is asked.</param>
    /// <param name="turns">The conversation as it is written.</param>
    /// <param name="losses">Receives what becomes of the wish.</param>
    /// <returns>The tokens; <see langword="null"/> where the model is not to think or cannot.</returns>
    public static long? Of(ChatRequest request, Target target, IReadOnlyList<Message> turns, Losses losses)
    {
        var budget = request.ThinkingBudget ?? (request.Origin == WireKind.AnthropicMessages ? null : OfEffort(request.ReasoningEffort));
        if (budget is null)
        {
            return null;
        }

        var obstacle =
            request.ThinkingBudget is null && !target.Card.Reasoning ? "the model does not reason"
            : budget >= request.MaxOutput ? "the output limit leaves no room for thinking"
            : request.ToolChoice is { Kind: ToolChoiceKind.Required or ToolChoiceKind.Named }
                ? "a tool is demanded, before which it cannot think"
            : InToolLoop(turns) ? "the turn began without thinking that the model has signed"
            : null;
        if (obstacle is not null)
        {
            losses.Add("reasoning_effort", $"left out: {obstacle}");
            return null;
        }

        if (request.ThinkingBudget is null)
        {
            losses.Add("reasoning_effort", $"'{request.ReasoningEffort}' was said as a thinking budget of {budget} tokens");
        }

        return budget;
    }

    /// <summary>The least that thinks at all, a quarter and a half of a default answer.</summary>
    private static long? OfEffort(string? effort) =>
        effort switch
        {
            "low" or "minimal" => 1_024,
            "medium" => 4_096,
            "high" or "xhigh" => 8_192,
            _ => null,
        };

    /// <summary>Results of tools are handed in, and the turn that called them has no thinking: the model refuses to begin with it now.</summary>
    private static bool InToolLoop(IReadOnlyList<Message> turns) =>
        turns.Count > 1
        && turns[^1].Parts.Any(p => p is ToolResultPart)
        && turns[^2].Role == Role.Assistant
        && turns[^2].Parts[0] is not ReasoningPart;
}
