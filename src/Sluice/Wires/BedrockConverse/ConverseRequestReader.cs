using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Wires.BedrockConverse;

/// <summary>Reads a Converse request.</summary>
internal static class ConverseRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "messages",
        "system",
        "inferenceConfig",
        "toolConfig",
        "outputConfig",
        "serviceTier",
        "additionalModelRequestFields",
    ];

    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        var inference = root.Get("inferenceConfig") ?? default;
        var tools = root.Get("toolConfig") ?? default;
        var fields = root.Get("additionalModelRequestFields") ?? default;
        return new ChatRequest
        {
            System = [.. ConverseContentReader.Read(root.Items("system"))],
            Messages = [.. root.Items("messages").Select(ReadMessage)],
            Tools = [.. ReadTools(tools)],
            ServerTools = [.. tools.Items("tools").Where(t => t.Get("systemTool") is not null).Select(ReadServerTool)],
            ToolChoice = ReadChoice(tools.Get("toolChoice")),
            MaxOutput = inference.Integer("maxTokens"),
            Temperature = inference.Decimal("temperature"),
            TopP = inference.Decimal("topP"),
            TopK = fields.Integer("top_k"),
            Stop = [.. inference.Items("stopSequences").Select(s => s.GetString()!)],
            ThinkingBudget = fields.Get("thinking")?.Integer("budget_tokens"),
            Format = ReadFormat(root.Get("outputConfig")?.Get("textFormat")?.Get("structure")?.Get("jsonSchema")),
            ServiceTier = root.Get("serviceTier")?.Text("type"),
            Extensions = [.. Extensions(root, fields)],
            Origin = WireKind.BedrockConverse,
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Extensions(JsonElement root, JsonElement fields)
    {
        foreach (var member in root.Members())
        {
            if (!Known.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
            {
                yield return KeyValuePair.Create(member.Name, member.Value.Clone());
            }
        }

        if (Unheld(fields) is { } rest)
        {
            yield return KeyValuePair.Create("additionalModelRequestFields", rest);
        }
    }

    /// <summary>What goes to the model beside the protocol, without what a record holds.</summary>
    private static JsonElement? Unheld(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var rest = JsonObject.Create(fields.Clone())!;
        rest.Remove("top_k");
        if (fields.Get("thinking")?.Integer("budget_tokens") is not null)
        {
            rest.Remove("thinking");
        }

        if (rest.Count == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(rest.ToJsonString());
        return document.RootElement.Clone();
    }

    private static Message ReadMessage(JsonElement message) =>
        new(message.Text("role") == "assistant" ? Role.Assistant : Role.User, [.. ConverseContentReader.Read(message.Items("content"))]);

    private static IEnumerable<Tool> ReadTools(JsonElement config)
    {
        Tool? waiting = null;
        foreach (var item in config.Items("tools"))
        {
            if (item.Get("cachePoint") is { } mark && waiting is not null)
            {
                waiting = waiting with { Cache = new CacheMark(mark.Text("ttl")) };
                continue;
            }

            if (item.Get("toolSpec") is { } spec)
            {
                if (waiting is not null)
                {
                    yield return waiting;
                }

                waiting = new Tool(
                    spec.Text("name") ?? "",
                    spec.Text("description"),
                    spec.Get("inputSchema")?.Get("json")?.Clone(),
                    spec.Flag("strict")
                );
            }
        }

        if (waiting is not null)
        {
            yield return waiting;
        }
    }

    private static ServerTool ReadServerTool(JsonElement tool) =>
        new(
            tool.Get("systemTool")?.Text("name") == "nova_grounding" ? ServerToolKind.WebSearch : ServerToolKind.Other,
            tool.Get("systemTool")?.Text("name") ?? "systemTool",
            tool.Clone(),
            WireKind.BedrockConverse
        );

    private static ToolChoice? ReadChoice(JsonElement? choice) =>
        choice is not { } given ? null
        : given.Get("tool") is { } tool ? new ToolChoice(ToolChoiceKind.Named, tool.Text("name"))
        : given.Get("any") is not null ? new ToolChoice(ToolChoiceKind.Required)
        : given.Get("auto") is not null ? new ToolChoice(ToolChoiceKind.Auto)
        : null;

    private static ResponseFormat? ReadFormat(JsonElement? schema)
    {
        if (schema?.Text("schema") is not { } text)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return new ResponseFormat(schema?.Text("name"), document.RootElement.Clone(), null);
        }
        catch (JsonException)
        {
            throw new RequestException("the schema is a text that holds JSON, and this one does not", "outputConfig.textFormat");
        }
    }
}
