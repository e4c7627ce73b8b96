namespace Sluice.Catalog;

/// <summary>How one vendor deviates from its wire: a row of <c>data/providers.jsonc</c>.</summary>
internal sealed record Dialect
{
    /// <summary>The preset's name, <c>groq</c>.</summary>
    public required string Name { get; init; }

    public required WireKind Wire { get; init; }

    /// <summary>Where requests go, with <c>{accountId}</c> where the vendor has one; without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The path below <see cref="BaseUrl"/>, <c>/chat/completions</c>.</summary>
    public required string Path { get; init; }

    public required AuthScheme Auth { get; init; }

    /// <summary>The environment variables that hold a key, in order of preference.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>The environment variables that hold the account id, where the base URL needs one.</summary>
    public IReadOnlyList<string> AccountVariables { get; init; } = [];

    /// <summary>Headers sent with every request, <c>anthropic-version</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether streams report usage.</summary>
    public StreamUsage StreamUsage { get; init; }

    /// <summary>The member that limits output, <c>max_completion_tokens</c>.</summary>
    public required string OutputLimit { get; init; }

    /// <summary>Request members that have another name here.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Request members this vendor rejects.</summary>
    public IReadOnlyList<string> Drops { get; init; } = [];

    /// <summary>Runs on the user's own machine: free of charge, any model.</summary>
    public bool Local { get; init; }
}

internal enum AuthScheme
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key: KEY</c>.</summary>
    XApiKey,

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
