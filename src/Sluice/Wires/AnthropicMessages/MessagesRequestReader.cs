using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.AnthropicMessages;

/// <summary>Reads a Messages request.</summary>
internal static class MessagesRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "model",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "max_tokens",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "thinking",
        "output_config",
        "output_format",
        "metadata",
        "service_tier",
        "stream",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var choice = root.Get("tool_choice");
        var output = root.Get("output_config");
        return new ChatRequest
        {
            System = [.. ReadContent(root.Get("system"))],
            Messages = [.. root.Items("messages").Select(ReadMessage)],
            Tools = [.. root.Items("tools").Where(IsCallersOwn).Select(ReadTool)],
            ToolChoice = ReadChoice(choice),
            ParallelTools = choice?.Flag("disable_parallel_tool_use") is { } disabled ? !disabled : null,
            MaxOutput = root.Integer("max_tokens"),
            Temperature = root.Decimal("temperature"),
            TopP = root.Decimal("top_p"),
            TopK = root.Integer("top_k"),
            Stop = [.. root.Texts("stop_sequences")],
            Format = ReadFormat(output?.Get("format") ?? root.Get("output_format")),
            ReasoningEffort = output?.Text("effort"),
            ThinkingBudget = root.Get("thinking")?.Integer("budget_tokens"),
            Thinks = root.Get("thinking")?.Text("type") switch
            {
                "adaptive" => true,
                "disabled" => false,
                _ => null,
            },
            ShowReasoning = root.Get("thinking")?.Text("display") switch
            {
                "summarized" => true,
                "omitted" => false,
                _ => null,
            },
            ServerTools = [.. root.Items("tools").Where(t => !IsCallersOwn(t)).Select(ReadServerTool)],
            ServiceTier = root.Text("service_tier"),
            User = root.Get("metadata")?.Text("user_id"),
            Stream = root.Flag("stream") ?? false,
            Extensions = [.. Extensions(root)],
            Unheld = [.. Unheld(root)],
            RefusedElsewhere = RefusalOfThread(root),
            Origin = WireKind.AnthropicMessages,
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Extensions(JsonElement root)
    {
        foreach (var member in root.Members())
        {
            if (!Known.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
            {
                yield return KeyValuePair.Create(member.Name, member.Value.Clone());
            }
        }
    }

    private static IEnumerable<string> Unheld(JsonElement root)
    {
        if (root.Get("output_config") is { ValueKind: JsonValueKind.Object } output)
        {
            foreach (var member in output.Members().Where(m => m.Name is not ("format" or "effort")))
            {
                yield return $"output_config.{member.Name}";
            }
        }
    }

    /// <summary>A thread is the provider's memory of a conversation: who has not got it needs the whole of it again.</summary>
    private static RequestException? RefusalOfThread(JsonElement root) =>
        root.Get("thread") is null
            ? null
            : new RequestException("this target holds no threads; send the whole conversation", "thread")
            {
                Code = "thread_unsupported_request",
                CodeAfterFailover = "thread_not_found",
            };

    private static ResponseFormat? ReadFormat(JsonElement? format) =>
        format?.Text("type") == "json_schema" ? new ResponseFormat(null, format?.Get("schema")?.Clone(), null) : null;

    private static bool IsCallersOwn(JsonElement tool) => tool.Text("type") is null or "custom";

    private static ServerTool ReadServerTool(JsonElement tool)
    {
        var type = tool.Text("type")!;
        var kind =
            type.StartsWith("web_search_", StringComparison.Ordinal) ? ServerToolKind.WebSearch
            : type.StartsWith("code_execution_", StringComparison.Ordinal) ? ServerToolKind.CodeExecution
            : type.StartsWith("web_fetch_", StringComparison.Ordinal) ? ServerToolKind.UrlContext
            : ServerToolKind.Other;
        return new ServerTool(kind, type, tool.Clone(), WireKind.AnthropicMessages);
    }

    private static Message ReadMessage(JsonElement message)
    {
        var role = message.Text("role") switch
        {
            "assistant" => Role.Assistant,
            "system" => Role.System,
            _ => Role.User,
        };
        return new Message(role, [.. ReadContent(message.Get("content"))]);
    }

    private static IEnumerable<Part> ReadContent(JsonElement? content) =>
        content switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? [new TextPart(said)] : [],
            { ValueKind: JsonValueKind.Array } blocks => blocks.EnumerateArray().Select(ReadBlock),
            _ => [],
        };

    private static Part ReadBlock(JsonElement block)
    {
        var type = block.Text("type") ?? "";
        Part part = type switch
        {
            "text" => new TextPart(block.Text("text") ?? "") { Citations = [.. block.Items("citations").Select(MessagesCitations.Read)] },
            "thinking" => new ReasoningPart(block.Text("thinking") ?? "", block.Text("signature")),
            "redacted_thinking" => new ReasoningPart("", null, block.Text("data")),
            "tool_use" => new ToolCallPart(block.Text("id") ?? "", block.Text("name") ?? "", block.Get("input")?.GetRawText() ?? "{}"),
            "tool_result" => new ToolResultPart(
                block.Text("tool_use_id") ?? "",
                [.. ReadContent(block.Get("content"))],
                block.Flag("is_error") ?? false
            ),
            "image" when block.Get("source") is { } source && Readable(source) => new ImagePart(
                source.Text("media_type"),
                source.Text("data"),
                source.Text("url")
            ),
            "document" when block.Get("source") is { } source && Readable(source) => new DocumentPart(
                source.Text("media_type"),
                source.Text("data"),
                source.Text("url"),
                block.Text("title")
            )
            {
                IsCited = IsCited(block),
            },
            "document" when block.Get("source") is { } source && source.Text("type") == "text" => new DocumentPart(
                source.Text("media_type"),
                null,
                null,
                block.Text("title")
            )
            {
                Text = source.Text("data"),
                IsCited = IsCited(block),
            },
            _ => new OpaquePart(type, block.Clone(), WireKind.AnthropicMessages),
        };
        return part with { Cache = CacheMark.Of(block) };
    }

    private static bool IsCited(JsonElement block) => block.Get("citations")?.Flag("enabled") == true;

    private static bool Readable(JsonElement source) => source.Text("type") is "base64" or "url";

    private static Tool ReadTool(JsonElement tool) =>
        new(tool.Text("name") ?? "", tool.Text("description"), tool.Get("input_schema")?.Clone(), tool.Flag("strict"), CacheMark.Of(tool));

    private static ToolChoice? ReadChoice(JsonElement? choice) =>
        choice?.Text("type") switch
        {
            "auto" => new ToolChoice(ToolChoiceKind.Auto),
            "none" => new ToolChoice(ToolChoiceKind.None),
            "any" => new ToolChoice(ToolChoiceKind.Required),
            "tool" => new ToolChoice(ToolChoiceKind.Named, choice?.Text("name")),
            _ => null,
        };
}
