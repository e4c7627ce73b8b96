using System.Text.Json;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>OpenAI Chat Completions.</summary>
internal sealed class ChatClient : IScenarioClient
{
    public string Name => "chat";

    public string Preset => "openai";

    public string Path(string route, bool stream) => "/v1/chat/completions";

    public void Read(JsonElement said, Heard heard)
    {
        if (said.Member("error") is { } error)
        {
            heard.Fail(error.Text("message"), error.Text("type"), error.Text("code"));
            return;
        }

        heard.Model = said.Text("model") ?? heard.Model;
        foreach (var choice in said.Each("choices"))
        {
            heard.Say((choice.Member("delta") ?? choice.Member("message"))?.Text("content"));
            if (choice.Text("finish_reason") is { } reason)
            {
                heard.End(reason);
            }
        }

        if (said.Member("usage") is { } usage)
        {
            (heard.InputTokens, heard.OutputTokens) = (usage.Number("prompt_tokens"), usage.Number("completion_tokens"));
        }
    }
}
