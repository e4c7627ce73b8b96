using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Calls;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Messages and options of Microsoft.Extensions.AI as our records.</summary>
internal static class RequestProjection
{
    public static ChatRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var given = messages.ToList();
        var all = given.Select(m => new Message(RoleOf(m.Role), [.. m.Contents.Select(PartOf).OfType<Part>()])).ToList();
        var leading = all.TakeWhile(m => m.Role == Role.System).ToList();
        IEnumerable<Part> instructions = options?.Instructions is { Length: > 0 } text ? [new TextPart(text)] : [];
        return new ChatRequest
        {
            System = [.. instructions, .. leading.SelectMany(m => m.Parts)],
            Messages = all[leading.Count..],
            Tools =
            [
                .. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(f => new Tool(f.Name, f.Description, f.JsonSchema, null)),
            ],
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
            ReasoningEffort = EffortOf(options?.Reasoning?.Effort),
            ShowReasoning = options?.Reasoning?.Output is { } output ? output != ReasoningOutput.None : null,
            Unheld = [.. Unheld(given, options).Distinct()],
            Format = options?.ResponseFormat is ChatResponseFormatJson json ? new ResponseFormat(json.SchemaName, json.Schema, null) : null,
            Stream = stream,
        };
    }

    /// <summary>What no record holds; it is left out and reported.</summary>
    private static IEnumerable<string> Unheld(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        foreach (var tool in (options?.Tools ?? []).Where(t => t is not AIFunctionDeclaration))
        {
            yield return $"tools.{tool.Name}";
        }

        if (options?.ConversationId is not null)
        {
            yield return "conversationId";
        }

        foreach (var content in messages.SelectMany(m => m.Contents).Where(c => c is not UsageContent && PartOf(c) is null))
        {
            yield return content.GetType().Name;
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
            Images = request.Messages.Sum(m => m.Parts.Count(p => p is ImagePart)),
            UnboundedInput = request.Messages.Any(m => m.Parts.Any(p => p is ImagePart { Url: not null } or DocumentPart or AudioPart)),
        };

    private static Role RoleOf(ChatRole role) =>
        role == ChatRole.Assistant ? Role.Assistant
        : role == ChatRole.System ? Role.System
        : Role.User;

    private static Part? PartOf(AIContent content) =>
        content switch
        {
            TextReasoningContent reasoning => ReasoningProjection.Read(reasoning),
            TextContent text => new TextPart(text.Text),
            FunctionCallContent call => new ToolCallPart(call.CallId, call.Name, Arguments(call.Arguments)),
            FunctionResultContent result => new ToolResultPart(
                result.CallId,
                [new TextPart(result.Exception?.Message ?? TextOf(result.Result))],
                result.Exception is not null
            ),
            DataContent data when data.HasTopLevelMediaType("image") => new ImagePart(data.MediaType, data.Base64Data.ToString(), null),
            DataContent data when data.HasTopLevelMediaType("audio") => new AudioPart(data.MediaType, data.Base64Data.ToString()),
            DataContent data => new DocumentPart(data.MediaType, data.Base64Data.ToString(), null, data.Name),
            UriContent uri when uri.HasTopLevelMediaType("image") => new ImagePart(uri.MediaType, null, uri.Uri.ToString()),
            UriContent uri when uri.HasTopLevelMediaType("audio") => new AudioPart(uri.MediaType, null, uri.Uri.ToString()),
            ErrorContent { ErrorCode: "Refusal" } refusal => new RefusalPart(refusal.Message),
            UriContent uri => new DocumentPart(uri.MediaType, null, uri.Uri.ToString(), null),
            _ => null,
        };

    private static string Arguments(IDictionary<string, object?>? arguments)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonStyle.Compact))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, object?>())
            {
                json.WritePropertyName(name);
                json.WriteRawValue(JsonOf(value));
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string TextOf(object? result) =>
        result as string ?? (result is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString()! : JsonOf(result));

    /// <summary>Results of tools are serialized as Microsoft.Extensions.AI itself serializes them.</summary>
    private static string JsonOf(object? value) =>
        value is null ? "null"
        : value is JsonElement element ? element.GetRawText()
        : JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));

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
