using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires.Gemini;

/// <summary>How much a model is to think: a budget of tokens for older models, a level for newer ones, never both.</summary>
/// <remarks>The budgets of efforts are those of Google's own compatibility endpoint: https://ai.google.dev/gemini-api/docs/openai.</remarks>
internal static class GeminiThinking
{
    /// <summary>The least that the models think that cannot do without.</summary>
    private const int LeastOfPro = 128;

    /// <summary>The model decides; those of the third generation do so unasked.</summary>
    private const long Dynamic = -1;

    public static void Write(Utf8JsonWriter json, ChatRequest request, Target target, Losses losses)
    {
        if (!target.Card.Reasoning && request.Origin != WireKind.Gemini)
        {
            if (request.ThinkingBudget is not null || request.Thinks == true || request.ReasoningEffort is not (null or "none"))
            {
                losses.Add("reasoning_effort", "left out: the model does not reason");
            }

            return;
        }

        var budget =
            request.ThinkingBudget
            ?? (request is { Thinks: true, ReasoningEffort: null } && !GeminiModel.IsThird(target.Model) ? Dynamic : null);
        string? level = null;
        if (budget is null && (request.Thinks == false ? "none" : request.ReasoningEffort) is { } effort)
        {
            if (GeminiModel.IsThird(target.Model))
            {
                level = LevelOf(effort, GeminiModel.IsPro(target.Model), losses);
            }
            else
            {
                budget = BudgetOf(effort, GeminiModel.IsPro(target.Model), losses);
            }
        }

        // Who gives a budget on another wire expects to see the thoughts; here they are shown on request only.
        var show = request.ShowReasoning ?? (request.ThinkingBudget is not null || request.Thinks == true ? true : null);
        if (budget is null && level is null && show is null)
        {
            return;
        }

        json.WriteStartObject("thinkingConfig");
        if (budget is { } tokens)
        {
            json.WriteNumber("thinkingBudget", tokens);
        }

        if (level is not null)
        {
            json.WriteString("thinkingLevel", level);
        }

        if (show is { } shown)
        {
            json.WriteBoolean("includeThoughts", shown);
        }

        json.WriteEndObject();
    }

    private static string? LevelOf(string effort, bool pro, Losses losses)
    {
        var level = effort switch
        {
            "none" or "minimal" => pro ? "low" : "minimal",
            "low" or "medium" or "high" => effort,
            "xhigh" or "max" => "high",
            _ => null,
        };
        if (level != effort)
        {
            losses.Add("reasoning_effort", level is null ? $"'{effort}' was left out" : $"'{effort}' was said as '{level}'");
        }

        return level;
    }

    private static long? BudgetOf(string effort, bool pro, Losses losses)
    {
        long? budget = effort switch
        {
            "none" => pro ? LeastOfPro : 0,
            "minimal" or "low" => 1_024,
            "medium" => 8_192,
            "high" or "xhigh" or "max" => 24_576,
            _ => null,
        };
        if (budget is null or LeastOfPro || effort is "xhigh" or "max")
        {
            losses.Add(
                "reasoning_effort",
                budget is null ? $"'{effort}' was left out" : $"'{effort}' was said as a thinking budget of {budget} tokens"
            );
        }

        return budget;
    }
}
