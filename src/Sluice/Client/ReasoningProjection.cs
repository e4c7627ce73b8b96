using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>Reasoning with its signature, which says in its envelope whose it is: a conversation stored and loaded again goes on with the same target only.</summary>
internal static class ReasoningProjection
{
    /// <summary>Stands before protected data that is reasoning itself and no signature. Updates are merged by their data alone.</summary>
    private const string Redacted = "redacted:";

    public static TextReasoningContent Write(ReasoningPart part) =>
        new(part.Text) { ProtectedData = part.Redacted is { } data ? Redacted + data : part.Signature };

    /// <summary>Reasoning that is withheld may have been merged with what was shown before it.</summary>
    public static IReadOnlyList<ReasoningPart> Read(TextReasoningContent content) =>
        content.ProtectedData?.StartsWith(Redacted, StringComparison.Ordinal) != true
            ? [new ReasoningPart(content.Text, content.ProtectedData)]
        : content.Text.Length == 0 ? [new ReasoningPart("", null, content.ProtectedData[Redacted.Length..])]
        : [new ReasoningPart(content.Text, null), new ReasoningPart("", null, content.ProtectedData[Redacted.Length..])];
}
