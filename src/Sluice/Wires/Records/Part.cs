using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Wires.Records;

/// <summary>A piece of a turn.</summary>
internal abstract record Part
{
    /// <summary>A prompt-cache mark stands behind it.</summary>
    public bool Cached { get; init; }
}

internal sealed record TextPart(string Text) : Part;

/// <summary>Reasoning, with what its issuer needs to take it back.</summary>
internal sealed record ReasoningPart(string Text, string? Signature, string? Redacted = null) : Part;

/// <param name="Arguments">JSON as the model wrote it; empty for none.</param>
internal sealed record ToolCallPart(string Id, string Name, string Arguments) : Part;

internal sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content, bool IsError) : Part;

/// <summary>An image, by its base64 data or its address.</summary>
internal sealed record ImagePart(string? MediaType, string? Data, string? Url) : Part;

/// <summary>A document, by its base64 data or its address.</summary>
internal sealed record DocumentPart(string? MediaType, string? Data, string? Url, string? Name) : Part;

internal sealed record RefusalPart(string Text) : Part;

/// <summary>Something only its own wire understands.</summary>
internal sealed record OpaquePart(string Type, JsonElement Json, WireKind Origin) : Part;
