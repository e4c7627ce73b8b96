using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>How a model of Anthropic's is to think, in the words its generation takes, on whichever wire it is asked.</summary>
/// <param name="Type"><c>enabled</c>, <c>adaptive</c> or <c>disabled</c>.</param>
/// <param name="Budget">The tokens it may think with, when <c>enabled</c>.</param>
/// <param name="Effort">What goes into <c>output_config.effort</c>.</param>
/// <param name="Show">Whether its text is asked for; <see langword="null"/> leaves it to the model.</param>
/// <remarks>Source: https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking.</remarks>
internal sealed record ClaudeThinking(string? Type, long? Budget, string? Effort, bool? Show)
{
    private static readonly ClaudeThinking Unsaid = new(null, null, null, null);

    /// <summary>Whether it thinks: then it takes no temperature but 1, and no tool can be forced.</summary>
    public bool Thinks => Type is "enabled" or "adaptive";

    /// <param name="request">What is asked.</param>
    /// <param name="target">Who is asked.</param>
    /// <param name="turns">The conversation as it is written.</param>
    /// <param name="losses">Receives what becomes of the wish.</param>
    public static ClaudeThinking Of(ChatRequest request, Target target, IReadOnlyList<Message> turns, Losses losses)
    {
        var (wish, change) = Wish(request, target.Card);
        var obstacle = wish.Thinks ? Obstacle(request, target, turns, wish) : null;
        if (obstacle is not null)
        {
            change = new Degradation("reasoning_effort", $"left out: {obstacle}");
        }

        if (change is not null)
        {
            losses.Add(change.Feature, change.Action);
        }

        return obstacle is null ? wish : Unsaid;
    }

    /// <summary>Writes <c>thinking</c>, where there is something to say.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Type is null)
        {
            return;
        }

        json.WriteStartObject("thinking");
        json.WriteString("type", Type);
        if (Budget is { } tokens)
        {
            json.WriteNumber("budget_tokens", tokens);
        }

        if (Show is { } shown && Thinks)
        {
            json.WriteString("display", shown ? "summarized" : "omitted");
        }

        json.WriteEndObject();
    }

    private static (ClaudeThinking Wish, Degradation? Change) Wish(ChatRequest request, ModelCard card)
    {
        // An effort of Anthropic's own says how hard to work, and not that the model should think.
        var own = request.Origin == WireKind.AnthropicMessages;
        var effort = request.ReasoningEffort;
        return request switch
        {
            { ThinkingBudget: { } budget } when card.Thinking == ThinkingStyle.Adaptive => Adaptive(request, budget),
            { ThinkingBudget: { } budget } => (new("enabled", budget, own ? effort : null, Shown(request)), null),
            { Thinks: true } when card.Thinking == ThinkingStyle.Budget => Enabled(request, "thinking", effort ?? "high"),
            { Thinks: true } => (new("adaptive", null, effort, request.ShowReasoning), null),
            { Thinks: false } when card.Thinking != ThinkingStyle.Adaptive => (new("disabled", null, own ? effort : null, null), null),
            _ when own => (Unsaid with { Effort = effort }, null),
            { ReasoningEffort: null or "none" } => (Unsaid, null),
            _ when card.Thinking == ThinkingStyle.Adaptive => Adaptive(request, null),
            _ => Enabled(request, "reasoning_effort", effort!),
        };
    }

    /// <summary>The model finds how much it thinks; its text, which it keeps to itself unasked, is asked for as other models give it.</summary>
    private static (ClaudeThinking Wish, Degradation? Change) Adaptive(ChatRequest request, long? budget)
    {
        var effort = request.ReasoningEffort;
        var said = effort switch
        {
            "minimal" => "low",
            "low" or "medium" or "high" or "xhigh" or "max" => effort,
            _ => budget switch
            {
                null => null,
                < 4_096 => "low",
                < 16_384 => "medium",
                _ => "high",
            },
        };
        var change =
            budget is not null ? new Degradation("thinking.budget_tokens", $"said as effort '{said}': the model takes no budget")
            : said is null ? new Degradation("reasoning_effort", $"'{effort}' was left out")
            : said != effort ? new Degradation("reasoning_effort", $"'{effort}' was said as '{said}'")
            : null;
        return (said is null ? Unsaid : new("adaptive", null, said, request.ShowReasoning ?? true), change);
    }

    private static (ClaudeThinking Wish, Degradation? Change) Enabled(ChatRequest request, string feature, string effort)
    {
        // The least that thinks at all, a quarter and a half of a default answer.
        long? budget = effort switch
        {
            "low" or "minimal" => 1_024,
            "medium" => 4_096,
            "high" or "xhigh" or "max" => 8_192,
            _ => null,
        };
        if (budget is null)
        {
            return (Unsaid, new Degradation(feature, $"'{effort}' was left out"));
        }

        return (
            new("enabled", budget, null, Shown(request)),
            new Degradation(feature, $"'{effort}' was said as a thinking budget of {budget} tokens")
        );
    }

    /// <summary>Other wires' callers do not speak of it: there the text comes as it always has.</summary>
    private static bool? Shown(ChatRequest request) => request.Origin is null or WireKind.AnthropicMessages ? request.ShowReasoning : null;

    private static string? Obstacle(ChatRequest request, Target target, IReadOnlyList<Message> turns, ClaudeThinking wish) =>
        request.ThinkingBudget is null && request.Thinks is null && !target.Card.Reasoning ? "the model does not reason"
        : wish.Budget >= request.MaxOutput ? "the output limit leaves no room for thinking"
        : request.ToolChoice is { Kind: ToolChoiceKind.Required or ToolChoiceKind.Named }
            ? "a tool is demanded, before which it cannot think"
        : wish.Type == "enabled" && InToolLoop(turns) ? "the turn began without thinking that the model has signed"
        : null;

    /// <summary>Results of tools are handed in, and the turn that called them has no thinking: with a budget, the model refuses to begin with it now.</summary>
    private static bool InToolLoop(IReadOnlyList<Message> turns) =>
        turns.Count > 1
        && turns[^1].Parts.Any(p => p is ToolResultPart)
        && turns[^2].Role == Role.Assistant
        && turns[^2].Parts[0] is not ReasoningPart;
}
