using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Reasoning with its signature, which says in its envelope whose it is: a conversation stored and loaded again goes on with the same target only.</summary>
internal static class ReasoningProjection
{
    private const string Redacted = "sluice.redacted";

    public static TextReasoningContent Write(ReasoningPart part) =>
        new(part.Text)
        {
            ProtectedData = part.Signature ?? part.Redacted,
            AdditionalProperties = part.Redacted is null ? null : new AdditionalPropertiesDictionary { [Redacted] = true },
        };

    public static ReasoningPart Read(TextReasoningContent content)
    {
        var redacted = content.AdditionalProperties?.ContainsKey(Redacted) == true;
        return new ReasoningPart(content.Text, redacted ? null : content.ProtectedData, redacted ? content.ProtectedData : null);
    }
}
