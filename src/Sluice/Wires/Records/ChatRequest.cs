using System.Text.Json;
using Sluice.Catalog;

namespace Sluice.Wires.Records;

/// <summary>A request in our own words: a superset of what the wires can say.</summary>
internal sealed record ChatRequest
{
    /// <summary>System instructions that stand before the conversation.</summary>
    public IReadOnlyList<Part> System { get; init; } = [];

    public required IReadOnlyList<Message> Messages { get; init; }

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ToolChoice? ToolChoice { get; init; }

    public bool? ParallelTools { get; init; }

    public long? MaxOutput { get; init; }

    public decimal? Temperature { get; init; }

    public decimal? TopP { get; init; }

    public long? TopK { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public ResponseFormat? Format { get; init; }

    /// <summary><c>low</c>, <c>medium</c>, <c>high</c> and their like.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Tokens for thinking, as Messages says it.</summary>
    public long? ThinkingBudget { get; init; }

    /// <summary>The end user's id.</summary>
    public string? User { get; init; }

    public bool Stream { get; init; }

    /// <summary>Members of the client's protocol that no record holds, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Extensions { get; init; } = [];

    /// <summary>What stands deeper in the request and no record holds, by path; each once.</summary>
    public IReadOnlyList<string> Unheld { get; init; } = [];

    /// <summary>The wire that <see cref="Extensions"/> belong to.</summary>
    public WireKind? Origin { get; init; }

    /// <summary>One question.</summary>
    public static ChatRequest OfPrompt(string text, bool stream) =>
        new() { Messages = [new Message(Role.User, [new TextPart(text)])], Stream = stream };
}

/// <summary>One turn. Tool results stand in the user's turn.</summary>
internal sealed record Message(Role Role, IReadOnlyList<Part> Parts);

internal enum Role
{
    System,
    User,
    Assistant,
}

/// <summary>A tool that the caller runs.</summary>
/// <param name="Schema">The JSON schema of its parameters.</param>
/// <param name="Strict">Whether arguments must fit the schema exactly.</param>
/// <param name="Cache">The prompt-cache mark behind it.</param>
internal sealed record Tool(string Name, string? Description, JsonElement? Schema, bool? Strict, CacheMark? Cache = null);

/// <summary>Whether tools must be called.</summary>
/// <param name="Name">The tool that must be, with <see cref="ToolChoiceKind.Named"/>.</param>
internal sealed record ToolChoice(ToolChoiceKind Kind, string? Name = null);

internal enum ToolChoiceKind
{
    Auto,
    None,
    Required,
    Named,
}

/// <summary>The form the answer must have.</summary>
/// <param name="Schema">Its JSON schema; <see langword="null"/> for any JSON object.</param>
internal sealed record ResponseFormat(string? Name, JsonElement? Schema, bool? Strict);
