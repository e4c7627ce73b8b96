using Microsoft.Extensions.AI;
using Sluice.Calls;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Messages and options of Microsoft.Extensions.AI as our records.</summary>
internal static class RequestProjection
{
    public static ChatRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var unheld = new List<string>(Unheld(options));
        var all = messages.Select(m => TurnProjection.Read(m, unheld)).ToList();
        var leading = all.TakeWhile(m => m.Role == Role.System).ToList();
        IEnumerable<Part> instructions = options?.Instructions is { Length: > 0 } text ? [new TextPart(text)] : [];
        return new ChatRequest
        {
            System = [.. instructions, .. leading.SelectMany(m => m.Parts)],
            Messages = all[leading.Count..],
            Tools = [.. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(ToolProjection.ReadFunction)],
            ServerTools = [.. (options?.Tools ?? []).Select(ToolProjection.ReadHosted).OfType<ServerTool>()],
            ToolChoice = ChoiceOf(options?.ToolMode),
            ParallelTools = options?.AllowMultipleToolCalls,
            MaxOutput = options?.MaxOutputTokens,
            Temperature = (decimal?)options?.Temperature,
            TopP = (decimal?)options?.TopP,
            TopK = options?.TopK,
            Stop = [.. options?.StopSequences ?? []],
            Seed = options?.Seed,
            FrequencyPenalty = (decimal?)options?.FrequencyPenalty,
            PresencePenalty = (decimal?)options?.PresencePenalty,
            ReasoningEffort = options?.ReasoningEffortName ?? EffortOf(options?.Reasoning?.Effort),
            ThinkingBudget = options?.ThinkingBudgetTokens,
            Thinks = options?.AdaptiveThinking == true ? true : null,
            ShowReasoning = options?.Reasoning?.Output is { } output ? output != ReasoningOutput.None : null,
            Logprobs = options?.Logprobs ?? (options?.TopLogprobs > 0 ? true : null),
            TopLogprobs = options?.TopLogprobs,
            ServiceTier = options?.ServiceTier,
            PromptCacheKey = options?.PromptCacheKey,
            User = options?.EndUserId,
            Unheld = [.. unheld.Distinct()],
            Format = options?.ResponseFormat is ChatResponseFormatJson json
                ? new ResponseFormat(json.SchemaName, json.Schema, options.AdditionalProperties.Flag(ToolProjection.Strict))
                : null,
            Stream = stream,
        };
    }

    /// <summary>What no record holds; it is left out and reported.</summary>
    private static IEnumerable<string> Unheld(ChatOptions? options)
    {
        foreach (var name in (options?.Tools ?? []).SelectMany(ToolProjection.Unheld))
        {
            yield return name;
        }

        if (options?.ConversationId is not null)
        {
            yield return "conversationId";
        }

        if (options?.AllowBackgroundResponses == true)
        {
            yield return "allowBackgroundResponses";
        }

        if (options?.RawRepresentationFactory is not null)
        {
            yield return "rawRepresentationFactory";
        }
    }

    private static string? EffortOf(ReasoningEffort? effort) =>
        effort switch
        {
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => null,
        };

    public static CallFeatures FeaturesOf(ChatRequest request) =>
        new()
        {
            Stream = request.Stream,
            OutputLimit = request.MaxOutput is >= 0 ? request.MaxOutput : null,
            Tools = request.Tools.Count > 0,
            ServerTools = request.ServerTools.Count > 0,
            ThinkingBudget = request.ThinkingBudget,
            Images = request.Messages.Sum(m => m.Parts.Count(p => p is ImagePart)),
            UnboundedInput = request.Messages.Any(m =>
                m.Parts.Any(p => p is ImagePart { Url: not null } or DocumentPart { Text: null } or AudioPart or FilePart)
            ),
        };

    private static ToolChoice? ChoiceOf(ChatToolMode? mode) =>
        mode switch
        {
            NoneChatToolMode => new ToolChoice(ToolChoiceKind.None),
            RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice(ToolChoiceKind.Named, name),
            RequiredChatToolMode => new ToolChoice(ToolChoiceKind.Required),
            AutoChatToolMode => new ToolChoice(ToolChoiceKind.Auto),
            _ => null,
        };
}
