using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>OpenAI Responses.</summary>
internal sealed class ResponsesClient : IScenarioClient
{
    public string Name => "responses";

    public string Preset => "openai-responses";

    public string Path(string route, bool stream) => "/v1/responses";

    public JsonObject Ask(string route, string prompt, bool stream) =>
        new()
        {
            ["model"] = route,
            ["stream"] = stream,
            ["store"] = false,
            ["input"] = prompt,
        };

    public void Read(JsonElement said, Heard heard)
    {
        switch (said.Text("type"))
        {
            case "response.output_text.delta":
                heard.Say(said.Text("delta"));
                break;
            case "response.created" when said.Member("response") is { } response:
                heard.Model = response.Text("model");
                break;
            case "response.completed" or "response.incomplete" or "response.failed" when said.Member("response") is { } response:
                End(response, heard);
                break;
            case "error":
                heard.Fail(said.Text("message"), said.Text("code"));
                break;
            case null when said.Text("object") == "response":
                foreach (var part in said.Each("output").SelectMany(item => item.Each("content")))
                {
                    heard.Say(part.Text("text"));
                }

                End(said, heard);
                break;
            case null when said.Member("error") is { } error:
                heard.Fail(error.Text("message"), error.Text("type"), error.Text("code"));
                break;
        }
    }

    private static void End(JsonElement response, Heard heard)
    {
        heard.Model = response.Text("model");
        if (response.Member("error") is { } error)
        {
            heard.Fail(error.Text("message"), error.Text("code"));
            return;
        }

        if (response.Member("usage") is { } usage)
        {
            (heard.InputTokens, heard.OutputTokens) = (usage.Number("input_tokens"), usage.Number("output_tokens"));
        }

        heard.End(response.Text("status"));
    }
}
