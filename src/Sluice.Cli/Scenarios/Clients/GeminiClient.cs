using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Clients;

/// <summary>Google's Gemini.</summary>
internal sealed class GeminiClient : IScenarioClient
{
    public string Name => "gemini";

    public string Preset => "gemini";

    public string Path(string route, bool stream) =>
        $"/v1beta/models/{Uri.EscapeDataString(route)}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}";

    public JsonObject Ask(string route, string prompt, bool stream) =>
        new()
        {
            ["contents"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["parts"] = new JsonArray(new JsonObject { ["text"] = prompt }) }
            ),
        };

    public void Read(JsonElement said, Heard heard)
    {
        if (said.Member("error") is { } error)
        {
            heard.Fail(error.Text("message"), error.Text("status"));
            return;
        }

        heard.Model = said.Text("modelVersion") ?? heard.Model;
        foreach (var candidate in said.Each("candidates"))
        {
            foreach (var part in candidate.Member("content")?.Each("parts") ?? [])
            {
                heard.Say(part.Text("thought") is null ? part.Text("text") : null);
            }

            if (candidate.Text("finishReason") is { } reason)
            {
                heard.End(reason);
            }
        }

        if (said.Member("promptFeedback")?.Text("blockReason") is not null)
        {
            heard.End("refusal");
        }

        if (said.Member("usageMetadata") is { } usage)
        {
            heard.InputTokens = usage.Number("promptTokenCount") ?? heard.InputTokens;
            heard.OutputTokens = usage.Number("candidatesTokenCount") ?? heard.OutputTokens;
        }
    }
}
