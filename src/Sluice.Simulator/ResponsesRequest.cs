using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator;

/// <summary>Says a Responses request in the words of Chat Completions, as far as an answer depends on it.</summary>
internal static class ResponsesRequest
{
    public static JsonElement InWordsOfChat(JsonElement request)
    {
        var chat = new JsonObject { ["messages"] = new JsonArray([.. Messages(request)]) };
        foreach (var (from, to) in new[] { ("tools", "tools"), ("max_output_tokens", "max_completion_tokens"), ("instructions", "system") })
        {
            if (request.TryGetProperty(from, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                chat[to] = JsonNode.Parse(value.GetRawText());
            }
        }

        if (request.TryGetProperty("tool_choice", out var choice))
        {
            chat["tool_choice"] =
                choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("name", out var name)
                    ? new JsonObject { ["function"] = new JsonObject { ["name"] = name.GetString() } }
                    : JsonNode.Parse(choice.GetRawText());
        }

        if (request.TryGetProperty("text", out var text) && text.TryGetProperty("format", out var format))
        {
            chat["response_format"] = new JsonObject
            {
                ["type"] = format.GetProperty("type").GetString(),
                ["json_schema"] = JsonNode.Parse(format.GetRawText()),
            };
        }

        return JsonSerializer.SerializeToElement(chat);
    }

    private static IEnumerable<JsonNode> Messages(JsonElement request)
    {
        if (!request.TryGetProperty("input", out var input))
        {
            return [];
        }

        return input.ValueKind == JsonValueKind.String
            ? [new JsonObject { ["role"] = "user", ["content"] = input.GetString() }]
            : input.EnumerateArray().Select(Message).OfType<JsonNode>();
    }

    private static JsonNode? Message(JsonElement item)
    {
        var type = item.TryGetProperty("type", out var t) ? t.GetString() : "message";
        if (type == "function_call_output")
        {
            return new JsonObject { ["role"] = "tool", ["content"] = Content(item.GetProperty("output")) };
        }

        return type == "message"
            ? new JsonObject { ["role"] = item.GetProperty("role").GetString(), ["content"] = Content(item.GetProperty("content")) }
            : null;
    }

    private static JsonNode Content(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        return new JsonArray([
            .. content
                .EnumerateArray()
                .Select(part =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["type"] = part.GetProperty("type").GetString() switch
                            {
                                "input_image" => "image_url",
                                "input_text" or "output_text" => "text",
                                var other => other,
                            },
                            ["text"] = part.TryGetProperty("text", out var text) ? text.GetString() : null,
                        }
                ),
        ]);
    }
}
