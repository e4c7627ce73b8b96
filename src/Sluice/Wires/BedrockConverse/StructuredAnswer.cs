using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>How an answer of a given form is had: from the model itself, by a tool that it must call, or by asking for it.</summary>
internal static partial class StructuredAnswer
{
    /// <summary>The tool whose arguments are the answer. Its call is read as text.</summary>
    public const string Tool = "structured_answer";

    public static StructuredAnswerKind Of(ChatRequest request, ModelFamily family, string model) =>
        request.Format switch
        {
            null => StructuredAnswerKind.None,
            { Schema: null } => StructuredAnswerKind.Prompted,
            _ when Constrained().IsMatch(model) => StructuredAnswerKind.Native,
            // A model that thinks cannot be made to call a tool, and others do not know how to be made to.
            _ when family is ModelFamily.Anthropic or ModelFamily.Nova && !Thinks(request) => StructuredAnswerKind.ByTool,
            _ => StructuredAnswerKind.Prompted,
        };

    public static void WriteNative(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("outputConfig");
        json.WriteStartObject("textFormat");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("structure");
        json.WriteStartObject("jsonSchema");
        // The schema is a text here.
        json.WriteString("schema", format.Schema!.Value.GetRawText());
        if (format.Name is { } name)
        {
            json.WriteString("name", name);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool Thinks(ChatRequest request) =>
        request.ThinkingBudget is not null || request.Thinks == true || request.ReasoningEffort is not (null or "none");

    /// <summary>Models whose answers the service holds to a schema. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html.</summary>
    [GeneratedRegex(@"claude-[a-z]+-(4-[5-9]|[5-9])(\D|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Constrained();
}

internal enum StructuredAnswerKind
{
    None,
    Native,
    ByTool,
    Prompted,
}
