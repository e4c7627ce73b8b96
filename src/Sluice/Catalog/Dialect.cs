namespace Sluice.Catalog;

/// <summary>How one vendor deviates from its wire: a row of <c>data/providers.jsonc</c>.</summary>
internal sealed record Dialect
{
    /// <summary>The preset's name, <c>groq</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What others call the vendor, <c>google</c>; taken wherever its own name is.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required WireKind Wire { get; init; }

    /// <summary>The preset whose model cards hold here too, where one vendor serves the same models over several wires.</summary>
    public required string Models { get; init; }

    /// <summary>Where requests go, with <see cref="Variables"/> in braces; without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The vendor's name in the address of Cloudflare's AI Gateway, in place of <see cref="BaseUrl"/>; <see langword="null"/> where it has none.</summary>
    public string? AiGateway { get; init; }

    /// <summary>
    /// The path below <see cref="BaseUrl"/>, <c>/chat/completions</c>. <c>{model}</c> stands for the model's id, escaped, and
    /// <c>{+model}</c> for the same with its slashes; where either stands, the body carries no model.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The path of a stream, where it is another one.</summary>
    public string? StreamPath { get; init; }

    /// <summary>The path below <see cref="BaseUrl"/> where it serves OpenAI's embeddings; <see langword="null"/> where it does not.</summary>
    public string? EmbeddingsPath { get; init; }

    /// <summary>The path below <see cref="BaseUrl"/> where it counts the tokens of a request of its wire, free of charge.</summary>
    public string? CountTokensPath { get; init; }

    /// <summary>Whether the model is named in the address and not in the body.</summary>
    public bool ModelInPath => Path.Contains("model}", StringComparison.Ordinal);

    /// <summary>How a key is sent.</summary>
    public required AuthScheme Auth { get; init; }

    /// <summary>What stands in for a key where none is given; a token of it is sent as <c>Authorization: Bearer</c>.</summary>
    public LoginKind Login { get; init; }

    /// <summary>The environment variables that hold a key, in order of preference.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>What stands in braces in <see cref="BaseUrl"/> and the paths, each with where its value comes from.</summary>
    public IReadOnlyDictionary<string, AddressVariable> Variables { get; init; } = new Dictionary<string, AddressVariable>();

    /// <summary>Headers sent with every request, <c>anthropic-version</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The header that says which calls belong together, <c>x-session-affinity</c>, for vendors that cache by it.</summary>
    public string? SessionHeader { get; init; }

    /// <summary>Whether streams report usage.</summary>
    public StreamUsage StreamUsage { get; init; }

    /// <summary>Members that every request carries, as JSON text by name: <c>anthropic_version</c> where a cloud hosts Anthropic's models.</summary>
    public IReadOnlyDictionary<string, string> Inserts { get; init; } = new Dictionary<string, string>();

    /// <summary>The member that limits output, <c>max_completion_tokens</c>; a dot leads into an object.</summary>
    public required string OutputLimit { get; init; }

    /// <summary>Request members that have another name here.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Request members this vendor rejects, those of features it has not included.</summary>
    public IReadOnlyList<string> Drops { get; init; } = [];

    /// <summary>What it can be asked for; everything its wire can say, where the row does not tell.</summary>
    public Feature Features { get; init; } = Feature.All;

    /// <summary>Where usage stands besides the wire's own places.</summary>
    public UsageMembers Usage { get; init; } = UsageMembers.Standard;

    /// <summary>The members that hold the text of reasoning, best first.</summary>
    public IReadOnlyList<string> ReasoningText { get; init; } = ["reasoning_content", "reasoning"];

    /// <summary>How reasoning of earlier turns is given back.</summary>
    public ReasoningReturn ReasoningReturn { get; init; }

    /// <summary>The vendor's own finish reasons, by what they mean: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>refusal</c>, <c>paused</c>.</summary>
    public IReadOnlyDictionary<string, string> FinishReasons { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Which tools the vendor runs itself, and how they are asked for where the wire does not say; the first rule that fits a model holds.
    /// Without any they are those of <see cref="Features"/>, with every model.
    /// </summary>
    public IReadOnlyList<ServerToolRule> ServerTools { get; init; } = [];

    /// <summary>Request members that are said elsewhere here, in the address, and leave the body.</summary>
    public IReadOnlyList<string> Removes { get; init; } = [];

    /// <summary>Headers of the wire that are members of the body here: lists of names, separated by commas.</summary>
    public IReadOnlyDictionary<string, string> HeaderMembers { get; init; } = new Dictionary<string, string>();

    /// <summary>When the row was last compared with the vendor's page.</summary>
    public required DateOnly Checked { get; init; }

    /// <summary>The vendor's page.</summary>
    public required string Source { get; init; }

    /// <summary>Runs on the user's own machine: free of charge, any model.</summary>
    public bool Local { get; init; }
}

/// <summary>How a tool that the vendor runs itself is asked for.</summary>
/// <param name="Tool">What it does, <c>web_search</c>.</param>
/// <param name="Models">The models it holds for, with <c>*</c> for any characters.</param>
/// <param name="Request">Members of the request that ask for it, as a JSON object; with several tools they are merged.</param>
/// <param name="Entry">The entry in <c>tools</c> that asks for it, as a JSON object.</param>
/// <param name="Alone">Whether the caller's own tools have no place beside it.</param>
internal sealed record ServerToolRule(string Tool, string Models, string? Request, string? Entry, bool Alone)
{
    public bool Fits(string model) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Models, model);
}

internal enum ReasoningReturn
{
    /// <summary>It is left out.</summary>
    No,

    /// <summary>Its text, in the member it came in.</summary>
    Text,

    /// <summary>Text, signatures and encrypted data, in <c>reasoning_details</c>.</summary>
    Details,

    /// <summary>Its text, as a part of the content.</summary>
    Content,
}

/// <summary>A part of an address that differs from one customer to the next.</summary>
/// <param name="Environment">The environment variables that hold it, in order of preference; the configuration's member of its name wins.</param>
/// <param name="Default">What holds when nobody says anything.</param>
/// <param name="BaseUrls">Where requests go instead of the row's base address, for some of its values: Vertex AI's <c>global</c>.</param>
internal sealed record AddressVariable(IReadOnlyList<string> Environment, string? Default, IReadOnlyDictionary<string, string> BaseUrls);

/// <summary>What stands in for a key.</summary>
internal enum LoginKind
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>An access key of Amazon's, which signs requests.</summary>
    Aws,

    /// <summary>Google's Application Default Credentials, for which there are tokens.</summary>
    Google,

    /// <summary>A client of Entra ID with its secret, for which there are tokens.</summary>
    Entra,
}

/// <summary>How a key is sent.</summary>
internal enum AuthScheme
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key: KEY</c>.</summary>
    XApiKey,

    /// <summary><c>api-key: KEY</c>.</summary>
    ApiKey,

    /// <summary><c>x-goog-api-key: KEY</c>.</summary>
    GoogApiKey,

    /// <summary>No credential.</summary>
    None,
}

internal enum StreamUsage
{
    /// <summary>Every stream reports usage.</summary>
    Always,

    /// <summary>Only with <c>stream_options.include_usage</c>.</summary>
    OnRequest,

    /// <summary>Never.</summary>
    Never,
}
