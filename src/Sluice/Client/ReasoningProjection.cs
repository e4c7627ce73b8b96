using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Reasoning with who signed it, so that a conversation stored and loaded again goes on with the same target only.</summary>
internal static class ReasoningProjection
{
    private const string Issuer = "sluice.issuer";
    private const string Redacted = "sluice.redacted";

    public static TextReasoningContent Write(ReasoningPart part)
    {
        var content = new TextReasoningContent(part.Text)
        {
            ProtectedData = part.Signature ?? part.Redacted,
            AdditionalProperties = new AdditionalPropertiesDictionary { [Issuer] = part.Issuer },
        };
        if (part.Redacted is not null)
        {
            content.AdditionalProperties[Redacted] = true;
        }

        return content;
    }

    public static ReasoningPart Read(TextReasoningContent content)
    {
        var redacted = content.AdditionalProperties?.ContainsKey(Redacted) == true;
        return new ReasoningPart(content.Text, redacted ? null : content.ProtectedData, redacted ? content.ProtectedData : null)
        {
            Issuer = TextOf(content.AdditionalProperties?.GetValueOrDefault(Issuer)),
        };
    }

    /// <summary>A conversation that was stored has its properties as JSON.</summary>
    private static string? TextOf(object? value) =>
        value as string ?? (value is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString() : null);
}
