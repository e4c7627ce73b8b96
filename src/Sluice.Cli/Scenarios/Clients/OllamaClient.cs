using System.Text.Json;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>Ollama's chat.</summary>
internal sealed class OllamaClient : IScenarioClient
{
    public string Name => "ollama";

    public string Preset => "ollama";

    public string Path(string route, bool stream) => "/api/chat";

    public void Read(JsonElement said, Heard heard)
    {
        if (said.Text("error") is { } error)
        {
            heard.Fail(error);
            return;
        }

        heard.Model = said.Text("model") ?? heard.Model;
        heard.Say(said.Member("message")?.Text("content"));
        if (said.Member("done") is { ValueKind: JsonValueKind.True })
        {
            (heard.InputTokens, heard.OutputTokens) = (said.Number("prompt_eval_count"), said.Number("eval_count"));
            heard.End(said.Text("done_reason"));
        }
    }

    public IEnumerable<string> Events(string stream) => stream.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
