using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>
/// Asks for one call at a time. Converse has no member for it; newer models of Anthropic's take their own beside the protocol, which the
/// service adds to what it makes of <c>toolConfig.toolChoice</c>, and refuses where both give the type.
/// </summary>
internal static partial class SingleCalls
{
    public const string Member = "tool_choice";

    /// <summary>Whether one call at a time is asked for, and this model can be told.</summary>
    public static bool Of(ChatRequest request, string model) =>
        request is { ParallelTools: false, Tools.Count: > 0 } && Knowing().IsMatch(model);

    public static void Write(Utf8JsonWriter json, ToolChoice? choice)
    {
        json.WriteStartObject(Member);
        if (choice is null or { Kind: ToolChoiceKind.Auto or ToolChoiceKind.None })
        {
            json.WriteString("type", "auto");
        }

        json.WriteBoolean("disable_parallel_tool_use", true);
        json.WriteEndObject();
    }

    [GeneratedRegex(@"anthropic\.claude-[a-z]+-(4-[5-9]|[5-9])(\D|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Knowing();
}
