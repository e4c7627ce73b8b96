using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator;

/// <summary>Says a Converse request in the words that the composer understands.</summary>
internal static class ConverseRequest
{
    public static JsonElement InWordsOfChat(JsonElement request)
    {
        var root = JsonNode.Parse(request.GetRawText())!;
        var said = new JsonObject
        {
            ["messages"] = new JsonArray([.. Items(root["messages"]).Select(Message)]),
            ["system"] = root["system"]?.DeepClone(),
            ["tools"] = new JsonArray([.. Items(root["toolConfig"]?["tools"]).Where(t => t["toolSpec"] is not null).Select(Tool)]),
        };
        if (root["inferenceConfig"]?["maxTokens"] is { } limit)
        {
            said["max_tokens"] = limit.DeepClone();
        }

        if (root["toolConfig"]?["toolChoice"] is { } choice && choice["auto"] is null)
        {
            said["tool_choice"] = choice["tool"] is { } named
                ? new JsonObject { ["type"] = "tool", ["name"] = named["name"]!.DeepClone() }
                : new JsonObject { ["type"] = "any" };
        }

        if (root["outputConfig"]?["textFormat"]?["structure"]?["jsonSchema"]?["schema"] is { } schema)
        {
            said["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["schema"] = JsonNode.Parse(schema.GetValue<string>()) },
            };
        }

        using var document = JsonDocument.Parse(said.ToJsonString());
        return document.RootElement.Clone();
    }

    private static JsonObject Message(JsonNode message) =>
        new() { ["role"] = message["role"]!.DeepClone(), ["content"] = new JsonArray([.. Items(message["content"]).Select(Block)]) };

    private static JsonObject Block(JsonNode block) =>
        block["text"] is { } text ? new JsonObject { ["type"] = "text", ["text"] = text.DeepClone() }
        : block["image"] is not null ? new JsonObject { ["type"] = "image" }
        : block["toolResult"] is { } result
            ? new JsonObject
            {
                ["type"] = "tool_result",
                ["is_error"] = result["status"]?.GetValue<string>() == "error",
                ["content"] = new JsonArray([.. Items(result["content"]).Select(Block)]),
            }
        : new JsonObject { ["type"] = "other" };

    private static JsonObject Tool(JsonNode tool) =>
        new()
        {
            ["name"] = tool["toolSpec"]!["name"]!.DeepClone(),
            ["input_schema"] = tool["toolSpec"]!["inputSchema"]!["json"]!.DeepClone(),
        };

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list is JsonArray array ? array.OfType<JsonNode>() : [];
}
