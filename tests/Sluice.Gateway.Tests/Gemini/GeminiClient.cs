using System.Text.Json;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>What tests with Gemini's protocol share.</summary>
internal static class GeminiClient
{
    public const string Base = "/v1beta/models";

    /// <summary>A target of the same wire and one of each other.</summary>
    public static TheoryData<string> Targets => ["gem", "oai", "ant"];

    public static Task<GatewayFixture> StartAsync(string provider) =>
        GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                (
                    "r",
                    provider switch
                    {
                        "gem" => "\"gem/gemini-2.5-flash\"",
                        "ant" => "\"ant/claude-sonnet-4-6\"",
                        _ => "\"oai/gpt-4o-mini\"",
                    },
                    null
                )
            )
        );

    public static async Task<JsonElement> AskAsync(GatewayFixture fixture, string route, string body)
    {
        using var response = await fixture.PostAsync($"{Base}/{route}:generateContent", body);
        var answer = await JsonAsync(response);
        response.IsSuccessStatusCode.ShouldBeTrue(answer.GetRawText());
        return answer;
    }

    public static Task<HttpResponseMessage> AskStreamAsync(GatewayFixture fixture, string client, string route) =>
        client == "chat"
            ? fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask(route, stream: true))
            : fixture.PostAsync($"{Base}/{route}:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"hello"}]}]}""");

    public static async Task<JsonElement> GetAsync(GatewayFixture fixture, string path) =>
        JsonDocument.Parse(await fixture.Http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    public static List<JsonElement> ChunksOf(string text) =>
        [
            .. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(f => JsonDocument.Parse(f["data: ".Length..]).RootElement),
        ];

    public static string TextOf(JsonElement answer) =>
        string.Concat(
            answer
                .GetProperty("candidates")[0]
                .GetProperty("content")
                .GetProperty("parts")
                .EnumerateArray()
                .Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : "")
        );
}
