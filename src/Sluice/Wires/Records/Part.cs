using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Wires.Records;

/// <summary>A piece of a turn.</summary>
internal abstract record Part
{
    /// <summary>The prompt-cache mark behind it.</summary>
    public CacheMark? Cache { get; init; }
}

internal sealed record TextPart(string Text) : Part
{
    /// <summary>What the text rests on.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];
}

/// <summary>Reasoning, with what its issuer needs to take it back.</summary>
/// <param name="Text">What it shows; empty where only the issuer can read it.</param>
/// <param name="Signature">The issuer's proof, or the reasoning itself in encrypted form. It stands for what comes next where the text is empty.</param>
/// <param name="Redacted">Reasoning that its issuer withholds, encrypted.</param>
internal sealed record ReasoningPart(string Text, string? Signature, string? Redacted = null) : Part
{
    /// <summary>Whether its issuer can know it again.</summary>
    public bool IsSigned => Redacted is not null || !string.IsNullOrEmpty(Signature);
}

/// <param name="Arguments">JSON as the model wrote it; empty for none.</param>
internal sealed record ToolCallPart(string Id, string Name, string Arguments) : Part;

/// <param name="Name">The tool's name, where the wire says it; others know it from the call.</param>
internal sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content, bool IsError, string? Name = null) : Part;

/// <summary>An image, by its base64 data or its address.</summary>
/// <param name="Detail"><c>low</c>, <c>high</c>, <c>auto</c>: how closely it is to be looked at.</param>
internal sealed record ImagePart(string? MediaType, string? Data, string? Url, string? Detail = null) : Part;

/// <summary>A document, by its base64 data or its address, or as plain text.</summary>
internal sealed record DocumentPart(string? MediaType, string? Data, string? Url, string? Name) : Part
{
    public string? Text { get; init; }

    /// <summary>Whether the answer is to cite it.</summary>
    public bool IsCited { get; init; }
}

/// <summary>Sound, by its base64 data or its address.</summary>
internal sealed record AudioPart(string? MediaType, string? Data, string? Url = null) : Part;

/// <summary>A file that a provider keeps, by its id there.</summary>
internal sealed record FilePart(string Id, string? MediaType, string? Name) : Part;

internal sealed record RefusalPart(string Text) : Part;

/// <summary>Something only its own wire understands.</summary>
internal sealed record OpaquePart(string Type, JsonElement Json, WireKind Origin) : Part;

/// <summary>A source that a piece of text rests on.</summary>
/// <param name="Url">Where it stands, for a page.</param>
/// <param name="Quote">The words it is cited with.</param>
/// <param name="Start">The first character of the text that rests on it.</param>
/// <param name="End">One past the last.</param>
/// <param name="Json">The source in its own wire's words.</param>
/// <param name="Origin">That wire; <see langword="null"/> for a source that no provider gave, which has no <paramref name="Json"/>.</param>
internal sealed record Citation(string? Url, string? Title, string? Quote, int? Start, int? End, JsonElement Json, WireKind? Origin);
