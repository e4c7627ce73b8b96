namespace Sluice.Catalog;

/// <summary>How one vendor deviates from its wire: a row of <c>data/providers.jsonc</c>.</summary>
internal sealed record Dialect
{
    /// <summary>The preset's name, <c>groq</c>.</summary>
    public required string Name { get; init; }

    public required WireKind Wire { get; init; }

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

    /// <summary>Whether the model is named in the address and not in the body.</summary>
    public bool ModelInPath => Path.Contains("model}", StringComparison.Ordinal);

    public required AuthScheme Auth { get; init; }

    /// <summary>The environment variables that hold a key, in order of preference.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>What stands in braces in <see cref="BaseUrl"/> and the paths, each with where its value comes from.</summary>
    public IReadOnlyDictionary<string, AddressVariable> Variables { get; init; } = new Dictionary<string, AddressVariable>();

    /// <summary>Headers sent with every request, <c>anthropic-version</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether streams report usage.</summary>
    public StreamUsage StreamUsage { get; init; }

    /// <summary>Members that every request carries, as JSON text by name: <c>anthropic_version</c> where a cloud hosts Anthropic's models.</summary>
    public IReadOnlyDictionary<string, string> Inserts { get; init; } = new Dictionary<string, string>();

    /// <summary>The member that limits output, <c>max_completion_tokens</c>; a dot leads into an object.</summary>
    public required string OutputLimit { get; init; }

    /// <summary>Request members that have another name here.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Request members this vendor rejects.</summary>
    public IReadOnlyList<string> Drops { get; init; } = [];

    /// <summary>Request members that are said elsewhere here, in the address, and leave the body.</summary>
    public IReadOnlyList<string> Removes { get; init; } = [];

    /// <summary>Headers of the wire that are members of the body here: lists of names, separated by commas.</summary>
    public IReadOnlyDictionary<string, string> HeaderMembers { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs on the user's own machine: free of charge, any model.</summary>
    public bool Local { get; init; }

    /// <summary>Whose cards in the catalogue hold here: its own, unless another preset serves the same models at the same prices.</summary>
    public required string Models { get; init; }
}

/// <summary>A part of an address that differs from one customer to the next.</summary>
/// <param name="Environment">The environment variables that hold it, in order of preference; the configuration's member of its name wins.</param>
/// <param name="Default">What holds when nobody says anything.</param>
/// <param name="BaseUrls">Where requests go instead of the row's base address, for some of its values: Vertex AI's <c>global</c>.</param>
internal sealed record AddressVariable(IReadOnlyList<string> Environment, string? Default, IReadOnlyDictionary<string, string> BaseUrls);

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

    /// <summary>A signature by Amazon's rules, or <c>Authorization: Bearer KEY</c> with a key for Bedrock.</summary>
    SigV4,

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
