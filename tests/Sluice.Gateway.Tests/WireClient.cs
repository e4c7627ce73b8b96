using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Gateway.Tests;

/// <summary>A client of one protocol, in its own words: asks, and reads text, thinking and calls out of what it is answered.</summary>
internal sealed class WireClient(string name)
{
    public const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public string Path =>
        name switch
        {
            "chat" => "/v1/chat/completions",
            "messages" => "/v1/messages",
            "ollama" => "/api/chat",
            "prompt" => "/api/generate",
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };

    /// <summary>A question, with members of the protocol's own beside it.</summary>
    public string Ask(string route, bool stream, string text = "hello", JsonObject? more = null, bool image = false)
    {
        var body = more ?? [];
        body["model"] = route;
        body["stream"] = stream;
        if (name == "prompt")
        {
            body["prompt"] = text;
            if (image)
            {
                body["images"] = new JsonArray(Pixel);
            }

            return body.ToJsonString();
        }

        var message = new JsonObject { ["role"] = "user", ["content"] = text };
        if (image && name == "ollama")
        {
            message["images"] = new JsonArray(Pixel);
        }
        else if (image)
        {
            var source =
                name == "chat"
                    ? $$$"""{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Pixel}}}"}}"""
                    : $$$"""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Pixel}}}"}}""";
            message["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }, JsonNode.Parse(source));
        }

        body["messages"] = new JsonArray(message);
        if (name == "messages")
        {
            body["max_tokens"] = 1000;
        }

        return body.ToJsonString();
    }

    /// <summary>The one tool, as the protocol offers it.</summary>
    public JsonObject Tools() =>
        JsonNode
            .Parse(
                name == "messages"
                    ? """{"tools":[{"name":"weather","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]}"""
                    : """{"tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}"""
            )!
            .AsObject();

    /// <summary>What was said: thinking, text, calls as <c>name arguments</c>.</summary>
    public Said Read(string body, bool stream)
    {
        var said = new Said();
        foreach (var json in Payloads(body, stream))
        {
            using var document = JsonDocument.Parse(json);
            Read(document.RootElement, said);
        }

        return said;
    }

    private IEnumerable<string> Payloads(string body, bool stream) =>
        !stream ? [body]
        : name is "ollama" or "prompt" ? body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : body.Split('\n')
            .Where(l => l.StartsWith("data: ", StringComparison.Ordinal) && l != "data: [DONE]")
            .Select(l => l["data: ".Length..]);

    private void Read(JsonElement root, Said said)
    {
        switch (name)
        {
            case "prompt":
                said.Add(root.Text("thinking"), root.Text("response"));
                said.Done |= root.Text("done") == "True";
                break;
            case "ollama":
                if (root.TryGetProperty("message", out var message))
                {
                    said.Add(message.Text("thinking"), message.Text("content"));
                    foreach (var call in message.Each("tool_calls").Select(c => c.GetProperty("function")))
                    {
                        said.Call(call.Text("name"), call.GetProperty("arguments").GetRawText());
                    }
                }

                said.Done |= root.Text("done") == "True";
                break;
            case "chat":
                foreach (var choice in root.Each("choices"))
                {
                    var delta = choice.TryGetProperty("delta", out var d) ? d : choice.GetProperty("message");
                    said.Add(delta.Text("reasoning_content"), delta.Text("content"));
                    foreach (var call in delta.Each("tool_calls").Select(c => c.GetProperty("function")))
                    {
                        said.Call(call.Text("name"), call.Text("arguments"));
                    }

                    said.Done |= choice.Text("finish_reason") is not null;
                }

                break;
            default:
                ReadMessages(root, said);
                break;
        }
    }

    private static void ReadMessages(JsonElement root, Said said)
    {
        foreach (var block in root.Each("content").Concat(root.TryGetProperty("content_block", out var started) ? [started] : []))
        {
            said.Add(block.Text("thinking"), block.Text("text"));
            if (block.Text("type") == "tool_use")
            {
                said.Call(block.Text("name"), block.GetProperty("input").GetRawText() is var input && input != "{}" ? input : "");
            }
        }

        if (root.TryGetProperty("delta", out var delta))
        {
            said.Add(delta.Text("thinking"), delta.Text("text"));
            said.Call(null, delta.Text("partial_json"));
        }

        said.Done |= root.Text("type") == "message_stop" || root.Text("stop_reason") is not null;
    }
}

/// <summary>What a client was told.</summary>
internal sealed class Said
{
    private readonly List<(string Name, string Arguments)> _calls = [];

    public string Thinking { get; private set; } = "";

    public string Text { get; private set; } = "";

    public IEnumerable<string> Calls => _calls.Select(c => $"{c.Name} {c.Arguments}");

    public bool Done { get; set; }

    public void Add(string? thinking, string? text)
    {
        Thinking += thinking;
        Text += text;
    }

    /// <summary>Begins a call, or goes on with the last one where there is no name.</summary>
    public void Call(string? name, string? arguments)
    {
        if (name is not null)
        {
            _calls.Add((name, arguments ?? ""));
        }
        else if (!string.IsNullOrEmpty(arguments))
        {
            _calls[^1] = (_calls[^1].Name, _calls[^1].Arguments + arguments);
        }
    }
}

internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ToString()
            : null;

    public static IEnumerable<JsonElement> Each(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
