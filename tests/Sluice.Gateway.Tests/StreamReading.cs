using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>How a client of each protocol asks for a stream, and what it makes of one: text, ids, and whether it ended as it should.</summary>
internal sealed record StreamReading
{
    public static IReadOnlyList<string> Protocols { get; } = ["chat", "responses", "messages", "gemini", "ollama", "prompt"];

    public string Text { get; private set; } = "";

    /// <summary>How often the stream was told to be over, as it should.</summary>
    public int Ends { get; private set; }

    public string? Finish { get; private set; }

    public int Errors { get; private set; }

    public List<string> Ids { get; } = [];

    public List<string> Models { get; } = [];

    public long Input { get; private set; }

    public long Output { get; private set; }

    /// <summary>The types of the events, where the protocol names them.</summary>
    public List<string> Types { get; } = [];

    /// <summary>Numbers of events, where they have any.</summary>
    public List<long> Numbers { get; } = [];

    public List<string> Items { get; } = [];

    /// <summary>The text as the last event tells it once more.</summary>
    public string? Told { get; private set; }

    public static (string Path, string Body) Ask(string protocol, string route, string text = "hello", string more = "") =>
        protocol switch
        {
            "chat" => (
                "/v1/chat/completions",
                $$"""{"model":"{{route}}","stream":true,"stream_options":{"include_usage":true}{{more}},"messages":[{"role":"user","content":"{{text}}"}]}"""
            ),
            "responses" => ("/v1/responses", $$"""{"model":"{{route}}","stream":true{{more}},"input":"{{text}}"}"""),
            "messages" => (
                "/v1/messages",
                $$"""{"model":"{{route}}","stream":true,"max_tokens":500{{more}},"messages":[{"role":"user","content":"{{text}}"}]}"""
            ),
            "gemini" => (
                $"/v1beta/models/{route}:streamGenerateContent?alt=sse",
                $$"""{"contents":[{"role":"user","parts":[{"text":"{{text}}"}]}]{{more}}}"""
            ),
            "ollama" => (
                "/api/chat",
                $$"""{"model":"{{route}}","stream":true{{more}},"messages":[{"role":"user","content":"{{text}}"}]}"""
            ),
            _ => ("/api/generate", $$"""{"model":"{{route}}","stream":true{{more}},"prompt":"{{text}}"}"""),
        };

    public static StreamReading Read(string protocol, string body)
    {
        var reading = new StreamReading();
        foreach (var line in body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "data: [DONE]")
            {
                reading.Ends++;
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) || line[0] == '{')
            {
                using var document = JsonDocument.Parse(line[line.IndexOf('{')..]);
                reading.Read(protocol, document.RootElement);
            }
        }

        return reading;
    }

    private void Read(string protocol, JsonElement root)
    {
        Errors +=
            root.TryGetProperty("error", out _) && protocol != "messages" || root.Text("type") is "error" or "response.failed" ? 1 : 0;
        switch (protocol)
        {
            case "chat":
                ReadChat(root);
                break;
            case "responses":
                ReadResponses(root);
                break;
            case "messages":
                ReadMessages(root);
                break;
            case "gemini":
                ReadGemini(root);
                break;
            default:
                Text += root.TryGetProperty("message", out var message) ? message.Text("content") : root.Text("response");
                Note(null, root.Text("model"));
                if (root.Text("done") == "True")
                {
                    (Ends, Finish) = (Ends + 1, root.Text("done_reason"));
                    Count(root, "prompt_eval_count", "eval_count");
                }

                break;
        }
    }

    private void ReadChat(JsonElement root)
    {
        Note(root.Text("id"), root.Text("model"));
        foreach (var choice in root.Each("choices"))
        {
            Text += choice.GetProperty("delta").Text("content");
            Types.AddRange(choice.GetProperty("delta").Text("role") is null ? [] : ["role"]);
            Finish = choice.Text("finish_reason") ?? Finish;
        }

        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Count(usage, "prompt_tokens", "completion_tokens");
        }
    }

    private void ReadResponses(JsonElement root)
    {
        var type = root.Text("type")!;
        Types.Add(type);
        Numbers.Add(root.GetProperty("sequence_number").GetInt64());
        Text += type == "response.output_text.delta" ? root.Text("delta") : "";
        Items.AddRange(root.Text("item_id") is { } item ? [item] : []);
        if (root.TryGetProperty("response", out var response))
        {
            Note(response.Text("id"), response.Text("model"));
        }

        if (type == "response.completed")
        {
            (Ends, Finish) = (Ends + 1, response.Text("status"));
            Count(response.GetProperty("usage"), "input_tokens", "output_tokens");
            Told = response.GetProperty("output")[0].GetProperty("content")[0].Text("text");
            Items.Add(response.GetProperty("output")[0].Text("id")!);
        }
    }

    private void ReadMessages(JsonElement root)
    {
        var type = root.Text("type")!;
        Types.Add(type);
        if (root.TryGetProperty("message", out var message))
        {
            Note(message.Text("id"), message.Text("model"));
        }

        if (root.TryGetProperty("index", out var index))
        {
            Numbers.Add(index.GetInt64());
        }

        if (root.TryGetProperty("delta", out var delta))
        {
            Text += delta.Text("text");
            Finish = delta.Text("stop_reason") ?? Finish;
        }

        if (type == "message_delta")
        {
            Count(root.GetProperty("usage"), "input_tokens", "output_tokens");
        }

        Ends += type == "message_stop" ? 1 : 0;
    }

    private void ReadGemini(JsonElement root)
    {
        Note(root.Text("responseId"), root.Text("modelVersion"));
        foreach (var candidate in root.Each("candidates"))
        {
            foreach (var part in candidate.TryGetProperty("content", out var content) ? content.Each("parts") : [])
            {
                Text += part.Text("text");
            }

            if (candidate.Text("finishReason") is { } reason)
            {
                (Ends, Finish) = (Ends + 1, reason);
                Count(root.GetProperty("usageMetadata"), "promptTokenCount", "candidatesTokenCount");
            }
        }
    }

    private void Note(string? id, string? model)
    {
        Ids.AddRange(id is null ? [] : [id]);
        Models.AddRange(model is null ? [] : [model]);
    }

    private void Count(JsonElement usage, string input, string output) =>
        (Input, Output) = (usage.GetProperty(input).GetInt64(), usage.GetProperty(output).GetInt64());
}
