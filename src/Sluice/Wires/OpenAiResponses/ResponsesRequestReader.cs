using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiResponses;

/// <summary>Reads a Responses request.</summary>
internal static class ResponsesRequestReader
{
    private const string Encrypted = "reasoning.encrypted_content";
    private const string Probabilities = "message.output_text.logprobs";

    private static readonly HashSet<string> Known =
    [
        "model",
        "input",
        "instructions",
        "tools",
        "parallel_tool_calls",
        "max_output_tokens",
        "temperature",
        "top_p",
        "top_logprobs",
        "service_tier",
        "prompt_cache_key",
        "user",
        "store",
        "stream",
        "stream_options",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var messages = InputReader.Read(root.Get("input"));
        var leading = messages.TakeWhile(m => m.Role == Role.System).ToList();
        var reasoning = root.Get("reasoning");
        return new ChatRequest
        {
            System =
            [
                .. root.Text("instructions") is { Length: > 0 } instructions ? (IEnumerable<Part>)[new TextPart(instructions)] : [],
                .. leading.SelectMany(m => m.Parts),
            ],
            Messages = messages[leading.Count..],
            Tools = [.. ResponsesToolsReader.Tools(root)],
            ToolChoice = ResponsesToolsReader.Choice(root.Get("tool_choice")),
            ServerTools = [.. ResponsesToolsReader.ServerTools(root)],
            ParallelTools = root.Flag("parallel_tool_calls"),
            MaxOutput = root.Integer("max_output_tokens"),
            Temperature = root.Decimal("temperature"),
            TopP = root.Decimal("top_p"),
            Logprobs = Includes(root).Contains(Probabilities) ? true : null,
            TopLogprobs = (int?)root.Integer("top_logprobs"),
            Format = Format(root.Get("text")?.Get("format")),
            ReasoningEffort = reasoning?.Text("effort"),
            ShowReasoning = reasoning?.Get("summary") is null ? null : true,
            ServiceTier = root.Text("service_tier"),
            PromptCacheKey = root.Text("prompt_cache_key"),
            User = root.Text("user"),
            Store = root.Flag("store"),
            Stream = root.Flag("stream") ?? false,
            Extensions = [.. root.Members().SelectMany(Extension)],
            Origin = WireKind.OpenAiResponses,
        };
    }

    private static IEnumerable<string> Includes(JsonElement root) =>
        root.Items("include").Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!);

    private static ResponseFormat? Format(JsonElement? format) =>
        format?.Text("type") switch
        {
            "json_object" => new ResponseFormat(null, null, null),
            "json_schema" => new ResponseFormat(format?.Text("name"), format?.Get("schema")?.Clone(), format?.Flag("strict")),
            _ => null,
        };

    /// <summary>What of a member no record holds. Of an object whose other members are held it is each by its path.</summary>
    private static IEnumerable<KeyValuePair<string, JsonElement>> Extension(JsonProperty member)
    {
        var value = member.Value;
        if (Known.Contains(member.Name) || value.ValueKind is JsonValueKind.Null)
        {
            return [];
        }

        return member.Name switch
        {
            "reasoning" => Inside(member, m => m.Name != "effort" && !(m.Name == "summary" && m.Value.ValueEquals("auto"))),
            "text" => Inside(member, m => m.Name != "format"),
            "tool_choice" => ResponsesToolsReader.IsHeld(value) ? [] : [KeyValuePair.Create(member.Name, value.Clone())],
            "include" when value.ValueKind == JsonValueKind.Array => value
                .EnumerateArray()
                .All(i => i.ValueEquals(Encrypted) || i.ValueEquals(Probabilities))
                ? []
                : [KeyValuePair.Create(member.Name, value.Clone())],
            "truncation" when value.ValueKind == JsonValueKind.String && value.ValueEquals("disabled") => [],
            "background" when value.ValueKind == JsonValueKind.False => [],
            _ => [KeyValuePair.Create(member.Name, value.Clone())],
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Inside(JsonProperty member, Func<JsonProperty, bool> unheld) =>
        member.Value.ValueKind != JsonValueKind.Object
            ? []
            :
            [
                .. member
                    .Value.Members()
                    .Where(m => m.Value.ValueKind != JsonValueKind.Null && unheld(m))
                    .Select(m => KeyValuePair.Create($"{member.Name}.{m.Name}", m.Value.Clone())),
            ];
}
