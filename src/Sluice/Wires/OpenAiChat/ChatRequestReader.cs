using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.OpenAiChat;

/// <summary>Reads a Chat Completions request.</summary>
internal static class ChatRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "model",
        "messages",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "stop",
        "response_format",
        "reasoning_effort",
        "user",
        "seed",
        "frequency_penalty",
        "presence_penalty",
        "n",
        "logprobs",
        "top_logprobs",
        "service_tier",
        "prompt_cache_key",
        "web_search_options",
        "stream",
        "stream_options",
    ];

    /// <summary>Members of a message that no record holds.</summary>
    private static readonly string[] UnheldOfMessages = ["name", "audio", "function_call"];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var messages = root.Items("messages").Select(ReadMessage).ToList();
        var leading = messages.TakeWhile(m => m.Role == Role.System).ToList();
        return new ChatRequest
        {
            System = [.. leading.SelectMany(m => m.Parts)],
            Messages = messages[leading.Count..],
            Tools = [.. root.Items("tools").Select(ReadTool).OfType<Tool>()],
            ToolChoice = ReadChoice(root.Get("tool_choice")),
            ParallelTools = root.Flag("parallel_tool_calls"),
            MaxOutput = root.Integer("max_completion_tokens") ?? root.Integer("max_tokens"),
            Temperature = root.Decimal("temperature"),
            TopP = root.Decimal("top_p"),
            Stop = root.Text("stop") is { } one ? [one] : [.. root.Texts("stop")],
            Format = ReadFormat(root.Get("response_format")),
            ReasoningEffort = root.Text("reasoning_effort"),
            User = root.Text("user"),
            Seed = root.Integer("seed"),
            FrequencyPenalty = root.Decimal("frequency_penalty"),
            PresencePenalty = root.Decimal("presence_penalty"),
            Choices = (int?)root.Integer("n"),
            Logprobs = root.Flag("logprobs"),
            TopLogprobs = (int?)root.Integer("top_logprobs"),
            ServiceTier = root.Text("service_tier"),
            PromptCacheKey = root.Text("prompt_cache_key"),
            ServerTools = root.Get("web_search_options") is { } search
                ? [new ServerTool(ServerToolKind.WebSearch, "web_search_options", search.Clone(), WireKind.OpenAiChat)]
                : [],
            Stream = root.Flag("stream") ?? false,
            Extensions =
            [
                .. root.Members()
                    .Where(m => !Known.Contains(m.Name) && AsksForSomething(m))
                    .Select(m => KeyValuePair.Create(m.Name, m.Value.Clone())),
            ],
            Unheld = [.. Unheld(root).Distinct()],
            Origin = WireKind.OpenAiChat,
        };
    }

    /// <summary>Clients write out what is so anyway: nothing is lost with it.</summary>
    private static bool AsksForSomething(JsonProperty member) =>
        member.Value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Number when member.Name is "frequency_penalty" or "presence_penalty" => member.Value.GetDouble() != 0,
            JsonValueKind.Number when member.Name == "n" => member.Value.GetDouble() != 1,
            _ => true,
        };

    private static IEnumerable<string> Unheld(JsonElement root)
    {
        foreach (var tool in root.Items("tools").Where(t => ReadTool(t) is null))
        {
            yield return $"tools.{tool.Text("type")}";
        }

        if (root.Get("tool_choice") is { ValueKind: JsonValueKind.Object } choice && ReadChoice(choice) is null)
        {
            yield return $"tool_choice.{choice.Text("type")}";
        }

        foreach (var message in root.Items("messages"))
        {
            foreach (var name in UnheldOfMessages.Where(n => message.Get(n) is not null))
            {
                yield return $"messages.{name}";
            }

            foreach (var call in message.Items("tool_calls").Where(c => ReadToolCall(c) is null))
            {
                yield return $"messages.tool_calls.{call.Text("type")}";
            }

            if (message.Items("content").Any(p => p.Get("image_url")?.Text("detail") is { } detail && detail != "auto"))
            {
                yield return "messages.image_url.detail";
            }
        }
    }

    private static Message ReadMessage(JsonElement message)
    {
        var content = ReadContent(message.Get("content")).ToList();
        switch (message.Text("role"))
        {
            case "system" or "developer":
                return new Message(Role.System, content);
            case "assistant":
                return new Message(Role.Assistant, ReadAssistant(message, content));
            case "tool":
                return new Message(Role.User, [new ToolResultPart(message.Text("tool_call_id") ?? "", content, IsError: false)]);
            default:
                return new Message(Role.User, content);
        }
    }

    private static List<Part> ReadAssistant(JsonElement message, List<Part> content)
    {
        var (parts, ofCalls, after) = ReasoningDetails.Read(message);
        parts.AddRange(content);
        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            parts.Add(new RefusalPart(refusal));
        }

        parts.AddRange(after);
        foreach (var call in message.Items("tool_calls").Select(ReadToolCall).OfType<ToolCallPart>())
        {
            if (ofCalls.TryGetValue(call.Id, out var signature))
            {
                parts.Add(signature);
            }

            parts.Add(call);
        }

        return parts;
    }

    private static ToolCallPart? ReadToolCall(JsonElement call) =>
        call.Get("function") is { } function && function.Text("name") is { Length: > 0 } name
            ? new ToolCallPart(call.Text("id") ?? "", name, function.TextOrRaw("arguments") ?? "")
            : null;

    private static IEnumerable<Part> ReadContent(JsonElement? content) =>
        content switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? [new TextPart(said)] : [],
            { ValueKind: JsonValueKind.Array } parts => parts.EnumerateArray().Select(ReadPart).OfType<Part>(),
            _ => [],
        };

    private static Part? ReadPart(JsonElement part)
    {
        var type = part.Text("type") ?? "";
        Part? read = type switch
        {
            "text" => new TextPart(part.Text("text") ?? ""),
            "refusal" => new RefusalPart(part.Text("refusal") ?? ""),
            "image_url" => ReadImage(part.Get("image_url")),
            "input_audio" when part.Get("input_audio") is { } audio => new AudioPart(
                AudioFormat.MediaTypeOf(audio.Text("format")),
                audio.Text("data")
            ),
            "file" when part.Get("file") is { } file && file.Text("file_data") is { } data => DataUrl.TryRead(
                data,
                out var media,
                out var base64
            )
                ? new DocumentPart(media, base64, null, file.Text("filename"))
                : new OpaquePart(type, part.Clone(), WireKind.OpenAiChat),
            _ => new OpaquePart(type, part.Clone(), WireKind.OpenAiChat),
        };
        return read is null ? null : read with { Cache = CacheMark.Of(part) };
    }

    public static ImagePart? ReadImage(JsonElement? image)
    {
        var url = image is { ValueKind: JsonValueKind.String } text ? text.GetString() : image?.Text("url");
        var detail = image is { ValueKind: JsonValueKind.Object } described ? described.Text("detail") : null;
        return url is null ? null
            : DataUrl.TryRead(url, out var media, out var data) ? new ImagePart(media, data, null, detail)
            : new ImagePart(null, null, url, detail);
    }

    private static Tool? ReadTool(JsonElement tool) =>
        tool.Get("function") is { } function && function.Text("name") is { } name
            ? new Tool(name, function.Text("description"), function.Get("parameters")?.Clone(), function.Flag("strict"), CacheMark.Of(tool))
            : null;

    private static ToolChoice? ReadChoice(JsonElement? choice) =>
        choice switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() switch
            {
                "none" => new ToolChoice(ToolChoiceKind.None),
                "required" => new ToolChoice(ToolChoiceKind.Required),
                _ => new ToolChoice(ToolChoiceKind.Auto),
            },
            { } named when named.Get("function") is { } function => new ToolChoice(ToolChoiceKind.Named, function.Text("name")),
            _ => null,
        };

    private static ResponseFormat? ReadFormat(JsonElement? format) =>
        format?.Text("type") switch
        {
            "json_object" => new ResponseFormat(null, null, null),
            "json_schema" when format?.Get("json_schema") is { } schema => new ResponseFormat(
                schema.Text("name"),
                schema.Get("schema")?.Clone(),
                schema.Flag("strict")
            ),
            _ => null,
        };
}
