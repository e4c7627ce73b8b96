using System.Net;
using System.Text.Json;

namespace Sluice.Simulator.Tests;

public sealed class SimulatorTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Usage_StreamedAndNot_IsTheSame(string path)
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = simulator.BaseAddress };
        const string Rest =
            "\"max_tokens\":50,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"count me\"}]}";

        var whole = await PostAsync(http, path, "{\"model\":\"m\"," + Rest);
        var stream = await PostAsync(http, path, "{\"model\":\"m\",\"stream\":true," + Rest);

        var usage = JsonDocument.Parse(whole).RootElement.GetProperty("usage");
        var output = (usage.TryGetProperty("completion_tokens", out var tokens) ? tokens : usage.GetProperty("output_tokens")).GetInt32();
        stream.ShouldContain($"{output}");
        output.ShouldBe(5);
    }

    [Theory]
    [InlineData("sim-status-529", 529)]
    [InlineData("sim-status-429-retry-2", 429)]
    [InlineData("sim-key", 401)]
    [InlineData("sim-context", 400)]
    public async Task Status_OfTheModelName_IsAnswered(string model, int status)
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = simulator.BaseAddress };

        using var response = await http.PostAsync(
            "/v1/messages",
            new StringContent($$"""{"model":"{{model}}","messages":[]}"""),
            TestContext.Current.CancellationToken
        );

        ((int)response.StatusCode).ShouldBe(status);
        response.Headers.Contains("Retry-After").ShouldBe(model.Contains("retry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Script_ComesBeforeTheModelName()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = simulator.BaseAddress };
        simulator.Provider.Script("m", new Fault { Status = 503 });

        using var first = await http.PostAsync(
            "/v1/messages",
            new StringContent("""{"model":"m","messages":[]}"""),
            TestContext.Current.CancellationToken
        );
        using var second = await http.PostAsync(
            "/v1/messages",
            new StringContent("""{"model":"m","messages":[]}"""),
            TestContext.Current.CancellationToken
        );

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK));
        simulator.Provider.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Recording_IsReplayedWithItsFraming()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-replay-");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "a.chunks.txt"),
            "{\"a\":1}\n{\"b\":2}\n",
            TestContext.Current.CancellationToken
        );
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Recordings = folder.FullName },
            TestContext.Current.CancellationToken
        );
        using var http = new HttpClient { BaseAddress = simulator.BaseAddress };

        var body = await PostAsync(http, "/v1/chat/completions", """{"model":"replay:a.chunks.txt","stream":true,"messages":[]}""");
        using var outside = await http.PostAsync(
            "/v1/chat/completions",
            new StringContent("""{"model":"replay:../../etc/passwd","messages":[]}"""),
            TestContext.Current.CancellationToken
        );

        body.ShouldBe("data: {\"a\":1}\n\ndata: {\"b\":2}\n\ndata: [DONE]\n\n");
        outside.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Cassette_ItsExchangesAreReplayedByNumber()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-replay-");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "c.yaml"),
            """
            when: { path: /v1/messages, body: '{"n":1}' }
            then: { status: 200, body: '{"answer":1}' }
            ---
            when: { path: /v1/messages, body: '{"n":2}' }
            then: { status: 429, body: '{"answer":2}' }
            """,
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "vcr.yml"),
            """
            interactions:
            - request: { uri: 'https://example.org/v1/messages', body: '{}' }
              response: { status: { code: 200 }, body: { string: 'data: {}' } }
            """,
            TestContext.Current.CancellationToken
        );
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Recordings = folder.FullName },
            TestContext.Current.CancellationToken
        );
        using var http = new HttpClient { BaseAddress = simulator.BaseAddress };

        (await AskAsync("c.yaml")).ShouldBe((200, """{"answer":1}"""));
        (await AskAsync("c.yaml#2")).ShouldBe((429, """{"answer":2}"""));
        (await AskAsync("c.yaml#3")).Status.ShouldBe(404);
        (await AskAsync("vcr.yml#1")).ShouldBe((200, "data: {}"));
        folder.Delete(recursive: true);

        async Task<(int Status, string Body)> AskAsync(string name)
        {
            using var response = await http.PostAsync(
                "/v1/messages",
                new StringContent($$"""{"model":"replay:{{name}}","messages":[]}"""),
                TestContext.Current.CancellationToken
            );
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task<string> PostAsync(HttpClient http, string path, string body)
    {
        using var response = await http.PostAsync(path, new StringContent(body));
        return await response.Content.ReadAsStringAsync();
    }
}
