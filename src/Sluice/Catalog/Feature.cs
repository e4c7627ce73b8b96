namespace Sluice.Catalog;

/// <summary>What a vendor can be asked for.</summary>
[Flags]
internal enum Feature
{
    None = 0,
    Tools = 1 << 0,
    ParallelTools = 1 << 1,
    ToolChoice = 1 << 2,

    /// <summary>An answer that fits a JSON schema.</summary>
    JsonSchema = 1 << 3,

    /// <summary>An answer that is any JSON object.</summary>
    JsonObject = 1 << 4,

    /// <summary>The beginning of the answer, given by the caller.</summary>
    Prefill = 1 << 5,
    Images = 1 << 6,
    Documents = 1 << 7,
    Audio = 1 << 8,
    Reasoning = 1 << 9,
    Stop = 1 << 10,
    Seed = 1 << 11,
    Penalties = 1 << 12,
    Logprobs = 1 << 13,

    /// <summary>Several answers at once.</summary>
    Choices = 1 << 14,
    ServiceTier = 1 << 15,
    PromptCacheKey = 1 << 16,
    User = 1 << 17,

    /// <summary>A tool that must be called is called, whatever the model and its mode.</summary>
    ForcedTool = 1 << 18,

    /// <summary>A form of the answer beside tools.</summary>
    JsonWithTools = 1 << 19,

    /// <summary>An answer as it comes.</summary>
    Stream = 1 << 21,

    /// <summary>A search that the vendor runs itself, as all tools from here on.</summary>
    WebSearch = 1 << 22,
    CodeExecution = 1 << 23,
    UrlContext = 1 << 24,
    FileSearch = 1 << 25,
    ImageGeneration = 1 << 26,

    /// <summary>Servers of the Model Context Protocol that the vendor itself calls.</summary>
    RemoteMcp = 1 << 27,

    /// <summary>Tools that a vendor runs itself.</summary>
    ServerTools = WebSearch | CodeExecution | UrlContext | FileSearch | ImageGeneration | RemoteMcp,

    /// <summary>What a row's list of features says nothing of: it has members of its own for it.</summary>
    SaidApart = Stream | ServerTools,
    All = (1 << 20) - 1 | SaidApart,

    /// <summary>Marks in Chat Completions up to which a prompt is cached: a vendor's own addition, which only its row can promise.</summary>
    CacheMarks = 1 << 20,
}

/// <summary>Features by the names of the data files, each with the members of Chat Completions that ask for it.</summary>
internal static class FeatureTable
{
    private static readonly (Feature Feature, string Name, string[] Members)[] Rows =
    [
        (Feature.Tools, "tools", ["tools", "tool_choice", "parallel_tool_calls"]),
        (Feature.ParallelTools, "parallel_tools", ["parallel_tool_calls"]),
        (Feature.ToolChoice, "tool_choice", ["tool_choice"]),
        (Feature.ForcedTool, "forced_tool", []),
        (Feature.JsonSchema, "json_schema", []),
        (Feature.JsonObject, "json_object", []),
        (Feature.JsonWithTools, "json_with_tools", []),
        (Feature.Prefill, "prefill", []),
        (Feature.Images, "images", []),
        (Feature.Documents, "documents", []),
        (Feature.Audio, "audio", []),
        (Feature.Reasoning, "reasoning", ["reasoning_effort"]),
        (Feature.Stop, "stop", ["stop"]),
        (Feature.Seed, "seed", ["seed"]),
        (Feature.Penalties, "penalties", ["frequency_penalty", "presence_penalty"]),
        (Feature.Logprobs, "logprobs", ["logprobs", "top_logprobs"]),
        (Feature.Choices, "n", ["n"]),
        (Feature.ServiceTier, "service_tier", ["service_tier"]),
        (Feature.PromptCacheKey, "prompt_cache_key", ["prompt_cache_key"]),
        (Feature.User, "user", ["user"]),
        (Feature.CacheMarks, "cache_marks", []),
        (Feature.Stream, "stream", []),
        (Feature.WebSearch, "web_search", []),
        (Feature.CodeExecution, "code_execution", []),
        (Feature.UrlContext, "url_context", []),
        (Feature.FileSearch, "file_search", []),
        (Feature.ImageGeneration, "image_generation", []),
        (Feature.RemoteMcp, "mcp", []),
    ];

    /// <summary>The tools that a vendor of a wire runs itself, where its row does not list them.</summary>
    public static Feature ServerToolsOf(WireKind wire) =>
        wire switch
        {
            WireKind.AnthropicMessages => Feature.WebSearch | Feature.CodeExecution | Feature.UrlContext | Feature.RemoteMcp,
            WireKind.OpenAiResponses => Feature.ServerTools & ~Feature.UrlContext,
            WireKind.Gemini => Feature.WebSearch | Feature.CodeExecution | Feature.UrlContext | Feature.FileSearch,
            WireKind.BedrockConverse => Feature.WebSearch | Feature.CodeExecution,
            _ => Feature.None,
        };

    /// <exception cref="InvalidDataException">No feature has this name.</exception>
    public static Feature Parse(IEnumerable<string> names)
    {
        var features = Feature.None;
        foreach (var name in names)
        {
            var row = Array.Find(Rows, r => r.Name == name);
            features |= row.Name is null ? throw new InvalidDataException($"'{name}' is no feature") : row.Feature;
        }

        return features;
    }

    public static IEnumerable<string> NamesOf(Feature features) => Rows.Where(r => (features & r.Feature) != 0).Select(r => r.Name);

    /// <summary>The members that ask for what is not among these features.</summary>
    public static IEnumerable<string> MembersWithout(Feature features) =>
        Rows.Where(r => (features & r.Feature) == 0).SelectMany(r => r.Members).Distinct();
}
