using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>
/// Pieces that only their own wire understands: shown as the content that comes nearest, whatever that is, while the piece itself rides
/// along and alone goes back.
/// </summary>
internal static class OpaqueProjection
{
    public static IEnumerable<AIContent> Write(OpaquePart part)
    {
        var (content, shown) = part.Origin switch
        {
            WireKind.AnthropicMessages => (MessagesBlocks.Show(part.Type, part.Json), null),
            WireKind.OpenAiResponses => ResponsesItems.Show(part.Type, part.Json),
            WireKind.Gemini => (GeminiParts.Show(part.Type, part.Json), null),
            WireKind.OpenAiChat when part.Type == SpokenContent.Type => (SpokenContent.Show(part.Json), null),
            _ => (new AIContent(), null),
        };
        content.RawRepresentation = part.Json;
        content.AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [Properties.Wire] = WireName.Of(part.Origin),
            [Properties.Type] = part.Type,
            [Properties.Json] = content is DataContent ? SpokenContent.WithoutSound(part.Json) : part.Json,
        };
        yield return content;
        if (shown is not null)
        {
            shown.AdditionalProperties = new AdditionalPropertiesDictionary { [Properties.Shown] = true };
            yield return shown;
        }
    }

    /// <returns><see langword="null"/> for a content that is no such piece.</returns>
    public static OpaquePart? Read(AIContent content) =>
        content.AdditionalProperties.Element(Properties.Json) is { } json
        && content.AdditionalProperties.Text(Properties.Wire) is { } name
        && WireName.Parse(name) is { } wire
            ? new OpaquePart(content.AdditionalProperties.Text(Properties.Type) ?? "", json, wire)
            : null;
}
