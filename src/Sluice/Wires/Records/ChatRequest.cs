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

    public long? Seed { get; init; }

    public decimal? FrequencyPenalty { get; init; }

    public decimal? PresencePenalty { get; init; }

    /// <summary>How many answers are asked for.</summary>
    public int? Choices { get; init; }

    /// <summary>Whether probabilities of the tokens are asked for.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>For how many alternatives of each token.</summary>
    public int? TopLogprobs { get; init; }

    public string? ServiceTier { get; init; }

    /// <summary>What prompts of one conversation have in common, so that they meet the same cache.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>Whether the provider is to keep the answer; <see langword="null"/> leaves it to the provider.</summary>
    public bool? Store { get; init; }

    public ResponseFormat? Format { get; init; }

    /// <summary>Tools that the provider runs itself.</summary>
    public IReadOnlyList<ServerTool> ServerTools { get; init; } = [];

    /// <summary>Whether the text of the reasoning is asked for; <see langword="null"/> leaves it to the provider.</summary>
    public bool? ShowReasoning { get; init; }

    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>, as Chat Completions says it.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Tokens for thinking, as Messages says it.</summary>
    public long? ThinkingBudget { get; init; }

    /// <summary>Whether the model is to think as much as it finds right, as Messages' <c>adaptive</c> and <c>disabled</c> say it.</summary>
    public bool? Thinks { get; init; }

    /// <summary>The end user's id.</summary>
    public string? User { get; init; }

    public bool Stream { get; init; }

    /// <summary>Members of the client's protocol that no record holds, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Extensions { get; init; } = [];

    /// <summary>What stands deeper in the request and no record holds, by path; each once.</summary>
    public IReadOnlyList<string> Unheld { get; init; } = [];

    /// <summary>What is said to a caller whose request only a target of its own wire can answer.</summary>
    public RequestException? RefusedElsewhere { get; init; }

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

/// <summary>A tool that the provider runs itself.</summary>
/// <param name="Kind">What it does; <see cref="ServerToolKind.Other"/> is understood by its own wire alone.</param>
/// <param name="Type">Its name on the wire it comes from, <c>web_search_20250305</c>.</param>
/// <param name="Json">The whole of it there.</param>
/// <param name="Origin">That wire; <see langword="null"/> for a tool of the library's callers, which its other members describe.</param>
internal sealed record ServerTool(ServerToolKind Kind, string Type, JsonElement Json, WireKind? Origin)
{
    /// <summary>Ids of the files or the collections of files that it works on.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>How many results it is to bring at most.</summary>
    public int? MaxResults { get; init; }

    /// <summary>The server whose tools they are, for <see cref="ServerToolKind.Mcp"/>.</summary>
    public McpServer? Server { get; init; }
}

internal enum ServerToolKind
{
    Other,
    WebSearch,
    CodeExecution,
    UrlContext,
    FileSearch,
    ImageGeneration,
    Mcp,
}

/// <summary>A server of the Model Context Protocol that the provider itself calls.</summary>
/// <param name="Address">Its URL, or the id of one of the provider's own connectors.</param>
internal sealed record McpServer(string Name, string Address, string? Description)
{
    /// <summary>The tools that may be called; <see langword="null"/> for all.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Before which calls the caller is asked; <see langword="null"/> leaves it to the provider.</summary>
    public McpApproval? Approval { get; init; }
}

/// <summary>Before which calls of a server's tools the caller is asked.</summary>
/// <param name="Always">Whether before all or none; <see langword="null"/> where it depends on the tool.</param>
internal sealed record McpApproval(bool? Always)
{
    public IReadOnlyList<string> AlwaysFor { get; init; } = [];

    public IReadOnlyList<string> NeverFor { get; init; } = [];
}

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
