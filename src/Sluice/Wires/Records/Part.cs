using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Wires.Records;

/// <summary>A piece of a turn.</summary>
internal abstract record Part
{
    /// <summary>The prompt-cache mark behind it.</summary>
    public CacheMark? Cache { get; init; }
}

internal sealed record TextPart(string Text) : Part;

/// <summary>Reasoning, with what its issuer needs to take it back.</summary>
internal sealed record ReasoningPart(string Text, string? Signature, string? Redacted = null) : Part
{
    /// <summary>The target that signed or hid it, as <c>provider/model</c>, where that is known; nobody else is sent it.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whether this target can take it back.</summary>
    public bool IsFor(string target) => (Redacted is not null || !string.IsNullOrEmpty(Signature)) && (Issuer is null || Issuer == target);
}

/// <param name="Arguments">JSON as the model wrote it; empty for none.</param>
internal sealed record ToolCallPart(string Id, string Name, string Arguments) : Part;

internal sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content, bool IsError) : Part;

/// <summary>An image, by its base64 data or its address.</summary>
internal sealed record ImagePart(string? MediaType, string? Data, string? Url) : Part;

/// <summary>A document, by its base64 data or its address, or as plain text.</summary>
internal sealed record DocumentPart(string? MediaType, string? Data, string? Url, string? Name) : Part
{
    public string? Text { get; init; }
}

internal sealed record RefusalPart(string Text) : Part;

/// <summary>Something only its own wire understands.</summary>
internal sealed record OpaquePart(string Type, JsonElement Json, WireKind Origin) : Part;
