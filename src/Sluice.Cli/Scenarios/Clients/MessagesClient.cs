using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>Anthropic Messages.</summary>
internal sealed class MessagesClient : IScenarioClient
{
    public string Name => "messages";

    public string Preset => "anthropic";

    public string Path(string route, bool stream) => "/v1/messages";

    public JsonObject Ask(string route, string prompt, bool stream)
    {
        var question = IScenarioClient.InMessages(route, prompt, stream);
        question["max_tokens"] = 1000;
        return question;
    }

    public void Read(JsonElement said, Heard heard)
    {
        switch (said.Text("type"))
        {
            case "error":
                heard.Fail(said.Member("error")?.Text("message"), said.Member("error")?.Text("type"));
                break;
            case "message":
                Begin(said, heard);
                foreach (var block in said.Each("content"))
                {
                    heard.Say(block.Text("text"));
                }

                heard.End(said.Text("stop_reason"));
                break;
            case "message_start" when said.Member("message") is { } message:
                Begin(message, heard);
                break;
            case "content_block_delta":
                heard.Say(said.Member("delta")?.Text("text"));
                break;
            case "message_delta":
                heard.InputTokens = said.Member("usage")?.Number("input_tokens") ?? heard.InputTokens;
                heard.OutputTokens = said.Member("usage")?.Number("output_tokens") ?? heard.OutputTokens;
                if (said.Member("delta")?.Text("stop_reason") is { } reason)
                {
                    heard.End(reason);
                }

                break;
            case "message_stop":
                heard.End(null);
                break;
        }
    }

    private static void Begin(JsonElement message, Heard heard)
    {
        heard.Model = message.Text("model");
        if (message.Member("usage") is { } usage)
        {
            (heard.InputTokens, heard.OutputTokens) = (usage.Number("input_tokens"), usage.Number("output_tokens"));
        }
    }
}
