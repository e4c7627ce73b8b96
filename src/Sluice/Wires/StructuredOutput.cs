using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Wires;

/// <summary>How an answer gets the form that was asked for.</summary>
internal enum StructuredBy
{
    /// <summary>No form was asked for, or the target's own mode gives it.</summary>
    Nothing,

    /// <summary>By the arguments of a tool that must be called.</summary>
    Tool,

    /// <summary>By words, and by the beginning of the answer.</summary>
    Prefill,

    /// <summary>By words, and by the target's mode for any JSON object.</summary>
    ObjectAndWords,

    /// <summary>By words alone.</summary>
    Words,
}

/// <summary>Asks for an answer of a given form: natively, by a tool or in words, in this order of what the target can.</summary>
internal static class StructuredOutput
{
    /// <summary>The tool whose arguments are the answer.</summary>
    public const string ToolName = "give_structured_answer";

    /// <summary>With what an object begins.</summary>
    public const string Beginning = "{";

    private const string Instruction = "Respond with one valid JSON object and nothing else.";

    /// <summary>Whether the answer must be read as events before it is what was asked for.</summary>
    public static bool ChangesAnswer(StructuredBy form) => form is StructuredBy.Tool or StructuredBy.Prefill;

    public static StructuredBy Of(ChatRequest request, Target target)
    {
        if (request.Format is not { } format)
        {
            return StructuredBy.Nothing;
        }

        var besideTools = request.Tools.Count + request.ServerTools.Count == 0 || target.Can(Feature.JsonWithTools);
        var objects = besideTools && target.Can(Feature.JsonObject) && target.Wire != WireKind.AnthropicMessages;
        if (format.Schema is null)
        {
            return objects ? StructuredBy.Nothing
                : MayBegin(request, target) ? StructuredBy.Prefill
                : StructuredBy.Words;
        }

        return besideTools && target.Can(Feature.JsonSchema) ? StructuredBy.Nothing
            : MayForceTool(request, target) ? StructuredBy.Tool
            : objects ? StructuredBy.ObjectAndWords
            : StructuredBy.Words;
    }

    /// <summary>The request as its target can be asked it; what is not said natively is reported.</summary>
    public static ChatRequest For(ChatRequest request, Target target, ICollection<Degradation> degradations)
    {
        var losses = new Losses("", degradations);
        switch (Of(request, target))
        {
            case StructuredBy.Tool:
                losses.Add("response_format", $"asked for as the arguments of a tool: {target.Name} has no mode for a schema");
                var answer = new Tool(ToolName, "Gives the answer. Its arguments are the whole of it.", request.Format!.Schema, null);
                return request with
                {
                    Format = null,
                    Tools = [.. request.Tools, answer],
                    ToolChoice =
                        request.Tools.Count == 0 ? new ToolChoice(ToolChoiceKind.Named, ToolName) : new ToolChoice(ToolChoiceKind.Required),
                };
            case StructuredBy.Prefill:
                return InWords(request, target, losses) with
                {
                    Messages = [.. request.Messages, new Message(Role.Assistant, [new TextPart(Beginning)])],
                };
            case StructuredBy.ObjectAndWords:
                return InWords(request, target, losses) with { Format = new ResponseFormat(null, null, null) };
            case StructuredBy.Words:
                return InWords(request, target, losses);
            default:
                return request;
        }
    }

    private static ChatRequest InWords(ChatRequest request, Target target, Losses losses)
    {
        losses.Add("response_format", $"asked for in words: {target.Name} has no mode for it");
        return request with { Format = null, System = [.. request.System, new TextPart(Prompt(request.Format!))] };
    }

    /// <summary>What is asked for in words.</summary>
    public static string Prompt(ResponseFormat format) =>
        format.Schema is { } schema ? $"{Instruction} It must fit this JSON schema: {schema.GetRawText()}" : Instruction;

    /// <summary>A tool can be forced where the caller leaves the choice open, and where nothing is thought before it.</summary>
    private static bool MayForceTool(ChatRequest request, Target target) =>
        target.Can(Feature.Tools | Feature.ForcedTool)
        && request.ToolChoice is null or { Kind: ToolChoiceKind.Auto or ToolChoiceKind.Required }
        && !Thinks(request, target);

    /// <summary>Whether the target goes on from a beginning of its answer.</summary>
    public static bool MayBegin(ChatRequest request, Target target) =>
        target.Wire == WireKind.AnthropicMessages
        && target.Can(Feature.Prefill)
        && request.Messages is [.., { Role: not Role.Assistant }]
        && !Thinks(request, target);

    /// <summary>Messages takes neither a forced tool nor a beginning together with thinking.</summary>
    private static bool Thinks(ChatRequest request, Target target) =>
        target.Wire == WireKind.AnthropicMessages
        && (request.ThinkingBudget is not null || request.Thinks == true || request.ReasoningEffort is not (null or "none"));
}
