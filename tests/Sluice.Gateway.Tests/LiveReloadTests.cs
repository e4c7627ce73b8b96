using System.Net;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What a reload changes for the next call, and what it leaves as it is for those under way.</summary>
public sealed class LiveReloadTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _upstreamTime = new();
    private string _rest = "";
    private string _model = "sim";
    private string _routes = "";
    private string _provider = "";
    private string _login = "\"apiKey\": \"env:KEY\"";
    private bool _stopped;
    private SimulatorServer _simulator = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Time = _upstreamTime });
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        _gateway = await GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileText(Text(), "/", revision),
                Data = _directory.Path,
                Port = 0,
                Log = false,
            }
        );
        _http = new HttpClient { BaseAddress = _gateway.Address };
    }

    [Fact]
    public async Task StreamUnderWay_GoesOnAsItBegan()
    {
        _model = "sim-delay-1s+tokens-5";
        Reload();
        using var stream = await AskAsync(stream: true);

        _model = "sim-status-422";
        _rest = """, "pins": false, "server": { "maxBody": "1KB" }""";
        Reload();
        using var next = await AskAsync();
        var text = await _upstreamTime.RunAsync(stream.Content.ReadAsStringAsync(Ended), TimeSpan.FromMinutes(1));

        text.ShouldContain(" t5");
        text.ShouldEndWith("data: [DONE]\n\n");
        next.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Its receipt names the revision it began with.
        var receipt = await _http.GetStringAsync($"/v1/sluice/calls/{stream.Headers.GetValues("x-sluice-call").Single()}", Ended);
        receipt.ShouldContain($"\"revision\":{_gateway.Engine.Configuration.Current.Revision - 1}");
    }

    [Fact]
    public async Task Counters_OfABudgetThatStays_GoOn()
    {
        _rest = """, "budgets": [{ "name": "three", "limit": "3 calls", "per": "total" }]""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _rest = """, "budgets": [{ "name": "three", "limit": "2 calls", "per": "total" }, { "name": "more", "limit": "9 calls" }]""";
        Reload();

        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.PaymentRequired);
        _rest = "";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [ChangesBehaviour("root.server", "server.maxBody")]
    public async Task MaxBody_IsLive()
    {
        var longer = new string('x', 2_000);
        (await StatusAsync(longer)).ShouldBe(HttpStatusCode.OK);

        _rest = """, "server": { "maxBody": "1KB" }""";
        Reload();

        (await StatusAsync(longer)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Routes_AreLive()
    {
        using var before = await _http.GetAsync("/v1/models/more", Ended);
        _routes = """, "more": { "targets": ["oai/gpt-4o-mini"] }""";
        Reload();
        using var after = await _http.GetAsync("/v1/models/more", Ended);

        (before.StatusCode, after.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.OK));
    }

    [Fact]
    [ChangesBehaviour("root.ledger")]
    public void LedgerSettings_AreLive()
    {
        _rest = """, "ledger": { "sync": "0s", "retention": "30d", "anchorEvery": "1m" }""";
        Reload();

        var settings = _gateway.Engine.Ledger.Settings;
        (settings.Sync, settings.Retention, settings.AnchorEvery).ShouldBe((TimeSpan.Zero, TimeSpan.FromDays(30), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Policy_IsLive()
    {
        _routes = """, "other": { "targets": ["oai/gpt-4o-mini"] }""";
        Reload();
        (await TargetAsync()).ShouldBe("oai/sim");

        _rest = """, "policy": [{ "when": { "route": "r" }, "use": "other" }]""";
        Reload();
        (await TargetAsync()).ShouldBe("oai/gpt-4o-mini");

        _rest = "";
        Reload();
        (await TargetAsync()).ShouldBe("oai/sim");
    }

    /// <summary>What was asked before the limit was there counts, too.</summary>
    [Fact]
    public async Task LimitsOfAProvider_AreLive()
    {
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _provider = """, "limits": { "requestsPerDay": 2 }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);

        _provider = "";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LimitsOfTheKeysOfAPool_AreLive()
    {
        _login = """ "apiKeys": ["env:A", "env:B"] """;
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _provider = """, "keyLimits": { "requestsPerDay": 1 }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);

        _provider = """, "keyLimits": { "requestsPerDay": 2 }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    /// <summary>A key that is made with its limits while the gateway runs is held to them at once, and a reload forgets nothing of what it asked.</summary>
    [Fact]
    public async Task LimitsOfAKey_AreLiveAndOutliveAReload()
    {
        await UseKeyAsync("""{ "name": "ci", "requestsPerDay": 2 }""");

        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        _routes = """, "more": { "targets": ["oai/gpt-4o-mini"] }""";
        Reload();

        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task LimitsOfAnAccount_AreLive()
    {
        await UseKeyAsync("""{ "name": "ci", "account": "acme/ci" }""");
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _rest = """, "accounts": { "acme": { "limits": { "requestsPerDay": 1 } } }""";
        Reload();

        (await StatusAsync()).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    /// <summary>Nobody listens at the first address; at the second somebody answers what no webhook may.</summary>
    [Fact]
    public async Task WebhookOfAGate_IsLive()
    {
        _rest = Gate("http://127.0.0.1:1", "closed");
        Reload();
        (await ToldAsync()).ShouldContain("it was not reached");

        _rest = Gate($"{_simulator.BaseAddress}v1/chat/completions", "closed");
        Reload();
        (await ToldAsync()).ShouldNotContain("it was not reached");

        _rest = Gate("http://127.0.0.1:1", "open");
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _rest = "";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private static string Gate(string url, string onFailure) =>
        $$""", "gates": [{ "name": "g", "on": ["request"], "webhook": { "url": "{{url}}", "onFailure": "{{onFailure}}" } }]""";

    private async Task<string> ToldAsync()
    {
        using var answer = await AskAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return await answer.Content.ReadAsStringAsync(Ended);
    }

    /// <summary>The provider's stream would never end; without the reload it would be waited for a minute.</summary>
    [Fact]
    public async Task Drain_IsLive()
    {
        _model = "sim-delay-1s+tokens-5";
        Reload();
        using var stream = await AskAsync(stream: true);

        _rest = """, "server": { "drain": "50ms" }""";
        Reload();
        await StopAsync().WaitAsync(TimeSpan.FromSeconds(30), Ended);

        await Should.ThrowAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync(Ended));
    }

    [Fact]
    public async Task MaxConcurrent_IsLive()
    {
        _model = "sim-delay-1s+tokens-5";
        Reload();
        using var stream = await AskAsync(stream: true);

        _rest = """, "server": { "maxConcurrent": 1 }""";
        _model = "sim";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);

        _rest = """, "server": { "maxConcurrent": 2 }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        await _upstreamTime.RunAsync(stream.Content.ReadAsStringAsync(Ended), TimeSpan.FromMinutes(1));
    }

    /// <summary>Nobody listens where the authority is said to be.</summary>
    [Fact]
    public async Task Quota_IsLive()
    {
        _rest = """, "quota": { "url": "http://127.0.0.1:1" }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.PaymentRequired);

        _rest = """, "quota": { "url": "http://127.0.0.1:1", "onFailure": "open" }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

        _rest = "";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A target that failed under one revision stays without traffic under the next.</summary>
    [Fact]
    public async Task Breaker_KeepsWhatItKnows()
    {
        _rest = """, "breaker": { "curve": [1], "probeAfter": "1h", "coolDown": "2h" }""";
        _model = "sim-status-503";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
        var asked = _simulator.Provider.Requests.Count;

        _routes = """, "more": { "targets": ["oai/gpt-4o-mini"] }""";
        Reload();
        (await StatusAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
        _simulator.Provider.Requests.Count.ShouldBe(asked, "the breaker is open still");

        _rest = """, "breaker": { "enabled": false }""";
        Reload();
        await StatusAsync();
        _simulator.Provider.Requests.Count.ShouldBeGreaterThan(asked);
    }

    [Fact]
    public void RingSlots_AreForANewRing_AndTheReloadSaysSo()
    {
        var before = _gateway.Engine.Configuration.Current;
        _rest = """, "ledger": { "ringSlots": 2048 }""";
        Reload();

        RestartNotes.Between(before, _gateway.Engine.Configuration.Current).Single().ShouldStartWith("ledger.ringSlots: 2048");
        RestartNotes.Between(before, before).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await StopAsync();
        await _simulator.DisposeAsync();
        _directory.Dispose();
    }

    private string Text() =>
        $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{_simulator.BaseAddress}}v1", {{_login}}{{_provider}} } },
              "routes": { "r": { "default": true, "targets": [{{GatewayFixture.Sim("oai", _model)}}] }{{_routes}} }{{_rest}}
            }
            """;

    /// <summary>Makes a key of the gateway and asks with it from now on.</summary>
    private async Task UseKeyAsync(string rules)
    {
        using var admin = new HttpClient { BaseAddress = _gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add("x-api-key", await File.ReadAllTextAsync(_directory.File("admin.key"), Ended));
        using var content = new StringContent(rules);
        using var made = await admin.PostAsync("/admin/keys", content, Ended);
        var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Ended)).RootElement.GetProperty("key").GetString()!;
        _http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    private async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _gateway.DisposeAsync();
        }
    }

    private void Reload() => _gateway.Engine.Configuration.Reload();

    private async Task<HttpStatusCode> StatusAsync(string text = "hi")
    {
        using var answer = await AskAsync(text: text);
        await answer.Content.ReadAsByteArrayAsync(Ended);
        return answer.StatusCode;
    }

    private async Task<string> TargetAsync()
    {
        using var answer = await AskAsync();
        return answer.Headers.GetValues("x-sluice-target").Single();
    }

    private Task<HttpResponseMessage> AskAsync(bool stream = false, string text = "hi") =>
        _http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(
                    $$"""{"model":"r","stream":{{(stream ? "true" : "false")}},"max_tokens":100,"messages":[{"role":"user","content":"{{text}}"}]}"""
                ),
            },
            HttpCompletionOption.ResponseHeadersRead,
            Ended
        );
}
