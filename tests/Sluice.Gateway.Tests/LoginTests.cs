using System.Text.Json;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Testing;
using Sluice.Upstream;

namespace Sluice.Gateway.Tests;

/// <summary>Calls to providers that are shown tokens, which a real endpoint gives for real proof.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Claude = "claude-sonnet-4-5@20250929";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<string, string> _environment = new() { ["KEY"] = "secret" };
    private LoopbackTokens _tokens = null!;
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tokens = await LoopbackTokens.StartAsync(_time, Lifetime);
        _simulator = await SimulatorServer.StartAsync(cancellationToken: Cancelled);
        _environment["GOOGLE_APPLICATION_CREDENTIALS"] = _directory.File("key.json");
        _environment["AZURE_TENANT_ID"] = "contoso.example";
        _environment["AZURE_CLIENT_ID"] = "the-client";
        _environment["AZURE_CLIENT_SECRET"] = LoopbackTokens.ClientSecret;
        _environment["AZURE_AUTHORITY_HOST"] = _tokens.Base.AbsoluteUri;
        await File.WriteAllTextAsync(_directory.File("key.json"), _tokens.ServiceAccountFile(), Cancelled);
        var compiler = new ConfigurationCompiler(_environment.GetValueOrDefault);
        var text = $$"""
            {
              "providers": {
                "vertex": { "preset": "anthropic-vertex", "baseUrl": "{{_simulator.BaseAddress}}", "region": "eu" },
                "azure": { "preset": "azure-v1", "baseUrl": "{{_simulator.BaseAddress}}", "resource": "acme" },
                "keeper": { "preset": "azure-responses", "baseUrl": "{{_simulator.BaseAddress}}", "resource": "acme" },
                "backup": { "preset": "openai", "baseUrl": "{{_simulator.BaseAddress}}v1", "apiKey": "env:KEY" }
              },
              "routes": {
                "claude": { "tier": "premium", "default": true, "targets": ["vertex/{{Claude}}", "backup/gpt-4o-mini"], "retry": { "attempts": 0 } },
                "kept": {
                  "tier": "premium",
                  "targets": [{ "provider": "keeper", "model": "gpt", "unlisted": true, "price": { "input": 1, "output": 1 } }]
                },
                "gpt": {
                  "tier": "premium",
                  "targets": [{ "provider": "azure", "model": "gpt", "unlisted": true, "price": { "input": 1, "output": 1 } }, "backup/gpt-4o-mini"]
                }
              }
            }
            """;
        _gateway = await GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileText(text, _directory.Path, revision),
                Data = _directory.File("data"),
                Port = 0,
                Log = false,
                Engine = new() { Time = _time },
            },
            Cancelled
        );
        _http = new HttpClient { BaseAddress = _gateway.Address };
    }

    [Theory]
    [InlineData("claude", "/v1/projects/acme/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict")]
    [InlineData("gpt", "/openai/v1/chat/completions")]
    public async Task Call_CarriesTheTokenOfTheMoment(string route, string path)
    {
        using var first = await AskAsync(route);
        using var second = await AskAsync(route);
        _time.Advance(Lifetime);
        using var third = await AskAsync(route);

        third.IsSuccessStatusCode.ShouldBeTrue();
        _simulator
            .Provider.Requests.Select(r => (r.Path, r.Headers["authorization"]))
            .ShouldBe([(path, "Bearer token-1"), (path, "Bearer token-1"), (path, "Bearer token-2")]);
        _simulator.Provider.Requests.ShouldAllBe(r => !r.Headers.ContainsKey("api-key"));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("gpt")]
    public async Task RefusedToken_IsAFailureOfTheCredentialAndTheNextTargetAnswers(string route)
    {
        _tokens.Instead = _ => (400, """{"error":"invalid_grant","error_description":"Account not found"}""");

        using var response = await AskAsync(route);

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/gpt-4o-mini");
        var failed = (await ReceiptAsync(response)).GetProperty("attempts")[0];
        failed.GetProperty("failure").GetString().ShouldBe("Credential");
        failed.GetProperty("cost").GetDecimal().ShouldBe(0);
        using var again = await AskAsync(route);
        again.IsSuccessStatusCode.ShouldBeTrue();
        _tokens.Asked.Count.ShouldBe(1, "a refusal is remembered for a while");
    }

    [Fact]
    public async Task EndpointThatIsDown_IsPassedOverToo()
    {
        await _tokens.DisposeAsync();

        using var response = await AskAsync("claude");

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/gpt-4o-mini");
    }

    [Fact]
    public async Task WhatPassesThrough_CarriesTheTokenToo()
    {
        var azure = _gateway.Engine.Configuration.Current.Providers["azure"];
        using var client = new UpstreamClient(new UpstreamOptions(), _time);

        using var response = await client.PassAsync(
            new HttpRequestMessage(HttpMethod.Post, azure.Address.Of("gpt", stream: false)) { Content = new StringContent("{}") },
            azure,
            azure.Credentials.Single(),
            Cancelled
        );

        _simulator.Provider.Requests.Single().Headers["authorization"].ShouldBe("Bearer token-1");
    }

    [Fact]
    public async Task WhatAProviderKeeps_IsAskedForWithTheTokenOfTheMoment()
    {
        using var made = await _http.PostAsync("/v1/responses", new StringContent("""{"model":"kept","input":"hello"}"""), Cancelled);
        var id = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("id").GetString();

        using var found = await _http.GetAsync($"/v1/responses/{id}", Cancelled);
        _tokens.Instead = _ => (400, """{"error":"invalid_grant"}""");
        _time.Advance(Lifetime);
        using var refused = await _http.GetAsync($"/v1/responses/{id}", Cancelled);

        found.IsSuccessStatusCode.ShouldBeTrue();
        _simulator.Provider.Requests.ShouldAllBe(r => r.Headers["authorization"] == "Bearer token-1");
        ((int)refused.StatusCode).ShouldBe(502);
        (await refused.Content.ReadAsStringAsync(Cancelled)).ShouldContain("upstream");
    }

    private Task<HttpResponseMessage> AskAsync(string route) =>
        _http.PostAsync(
            "/v1/chat/completions",
            new StringContent($$"""{"model":"{{route}}","messages":[{"role":"user","content":"hello"}]}"""),
            Cancelled
        );

    private async Task<JsonElement> ReceiptAsync(HttpResponseMessage response)
    {
        var json = await _http.GetStringAsync($"/v1/sluice/calls/{response.Headers.GetValues("x-sluice-call").Single()}", Cancelled);
        return JsonDocument.Parse(json).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
        await _tokens.DisposeAsync();
        _directory.Dispose();
    }
}
