using Microsoft.Extensions.AI;
using Sluice.Wires.Records;

namespace Sluice.Client;

/// <summary>One piece of a turn as content, and back.</summary>
internal static class PartProjection
{
    private const string Refusal = "Refusal";

    public static IEnumerable<AIContent> Write(Part part) =>
        part switch
        {
            TextPart text => [Text(text)],
            ReasoningPart reasoning => [ReasoningProjection.Write(reasoning)],
            ToolCallPart call => [FunctionProjection.Write(call)],
            RefusalPart refusal => [Refused(refusal.Text)],
            OpaquePart opaque => OpaqueProjection.Write(opaque),
            _ => [MediaProjection.Write(part)],
        };

    public static ErrorContent Refused(string text) => new(text) { ErrorCode = Refusal };

    /// <param name="content">The content.</param>
    /// <param name="unheld">Receives the names of what is within it and no record holds.</param>
    /// <returns>Nothing for content that no record holds.</returns>
    public static IReadOnlyList<Part> Read(AIContent content, ICollection<string> unheld)
    {
        var parts = Held(content, unheld);
        return MarkOf(content) is { } mark ? [.. parts.Select(p => p with { Cache = mark })] : parts;
    }

    public static CacheMark? MarkOf(AIContent content) =>
        content.AdditionalProperties.Text(Properties.Cache) is { } ttl ? ToolProjection.MarkOf(ttl) : null;

    private static TextContent Text(TextPart text) =>
        new(text.Text) { Annotations = text.Citations.Count == 0 ? null : CitationProjection.Write(text.Citations) };

    private static IReadOnlyList<Part> Held(AIContent content, ICollection<string> unheld) =>
        OpaqueProjection.Read(content) is { } opaque
            ? [opaque]
            : content switch
            {
                TextReasoningContent reasoning => ReasoningProjection.Read(reasoning),
                TextContent text => [new TextPart(text.Text) { Citations = CitationProjection.Read(text.Annotations) }],
                FunctionCallContent call => [FunctionProjection.Read(call)],
                FunctionResultContent result => [FunctionProjection.Read(result, unheld)],
                DataContent data => [MediaProjection.Read(data)],
                UriContent uri => [MediaProjection.Read(uri)],
                HostedFileContent file => [new FilePart(file.FileId, file.MediaType, file.Name)],
                ErrorContent { ErrorCode: Refusal } refusal => [new RefusalPart(refusal.Message)],
                ToolApprovalResponseContent { ToolCall: McpServerToolCallContent } approval => [ApprovalProjection.Read(approval)],
                _ => [],
            };
}
