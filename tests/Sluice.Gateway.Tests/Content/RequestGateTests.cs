using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Configuration;
using Sluice.Gateway.Keys;
using Sluice.Simulator;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Content;

/// <summary>What gates do to requests, in every protocol: nothing denied is sent or held, what is redacted is all that differs.</summary>
public sealed class RequestGateTests
{
    private const string Redacting = """
        "gates": [{ "name": "pii", "on": ["request"], "redact": ["@email", "@credit-card"], "replacement": "[gone]" }]
        """;

    private const string Denying = """
        "gates": [{ "name": "names", "on": ["request"], "deny": ["(?i)project zeus"] }]
        """;

    /// <summary>Protocol, path, body with a place for a text, and the provider whose wire it is.</summary>
    public static TheoryData<string, string, string> Protocols =>
        new()
        {
            {
                "oai",
                "/v1/chat/completions",
                """{"model":"r", "max_tokens":50,"messages":[{"role":"user" ,"content":"TEXT"}],"x_unknown":[1.50]}"""
            },
            {
                "rsp",
                "/v1/responses",
                """{"model":"r","max_output_tokens":50,"input":[{"role":"user","content":[{"type":"input_text", "text":"TEXT"}]}],"store":false}"""
            },
            {
                "ant",
                "/v1/messages",
                """{"model":"r","max_tokens":50,"messages":[{"content":[{"text":"TEXT","type":"text"}],"role":"user"}]}"""
            },
            {
                "gem",
                "/v1beta/models/r:generateContent",
                """{"contents":[{"role":"user","parts":[{"text":"TEXT"}]}],"generationConfig":{"maxOutputTokens":50}}"""
            },
            {
                "oll",
                "/api/chat",
                """{"model":"r","stream":false,"messages":[{"role":"user","content":"TEXT"}],"options":{"num_predict":50}}"""
            },
        };

    [Theory]
    [MemberData(nameof(Protocols))]
    [ChangesBehaviour("gate.replacement")]
    public async Task Redacted_DiffersInTheTextAloneAndIsReported(string provider, string path, string body)
    {
        const string Secret = "pay 4111 1111 1111 1111, mail caf\\u00e9.a@example.com \\\"now\\\"";
        const string Left = "pay [gone], mail caf\u00e9.[gone] \\\"now\\\"";
        await using var gated = await StartAsync(provider, Redacting);
        await using var plain = await StartAsync(provider, "\"gates\": []");

        using var answer = await gated.PostAsync(path, body.Replace("TEXT", Secret, StringComparison.Ordinal));
        using var same = await plain.PostAsync(path, body.Replace("TEXT", Left, StringComparison.Ordinal));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        System
            .Text.Encoding.UTF8.GetString(gated.Simulator.Requests.Single().Body.Span)
            .ShouldBe(System.Text.Encoding.UTF8.GetString(plain.Simulator.Requests.Single().Body.Span));
        answer.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("redacted");
        var receipt = await gated.ReceiptAsync(answer);
        receipt.GetProperty("gates").EnumerateArray().Select(g => g.GetProperty("verdict").GetString()).ShouldAllBe(v => v == "Redacted");
        receipt.ToString().ShouldNotContain("4111");
        receipt
            .GetProperty("attempts")[0]
            .GetProperty("hold")
            .GetDecimal()
            .ShouldBe(
                (await plain.ReceiptAsync(same)).GetProperty("attempts")[0].GetProperty("hold").GetDecimal(),
                "what is sent is what is held for"
            );
        gated.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Untouched_IsTheSameByteForByte(string provider, string path, string body)
    {
        await using var gated = await StartAsync(provider, Redacting);
        await using var plain = await StartAsync(provider, "\"gates\": []");

        using var answer = await gated.PostAsync(path, body.Replace("TEXT", "nothing \\u0041 here", StringComparison.Ordinal));
        using var same = await plain.PostAsync(path, body.Replace("TEXT", "nothing \\u0041 here", StringComparison.Ordinal));

        gated.Simulator.Requests.Single().Body.ToArray().ShouldBe(plain.Simulator.Requests.Single().Body.ToArray());
        answer.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Denied_IsToldInTheClientsProtocolAndNothingIsSent(string provider, string path, string body)
    {
        await using var fixture = await StartAsync(provider, Denying);

        using var answer = await fixture.PostAsync(path, body.Replace("TEXT", "tell me of Project Zeus", StringComparison.Ordinal));
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        told.ShouldContain("names");
        told.ShouldContain("deny[0]");
        told.ShouldNotContain("Zeus", Case.Insensitive);
        JsonDocument.Parse(told).RootElement.TryGetProperty("error", out _).ShouldBeTrue();
        fixture.Simulator.Requests.ShouldBeEmpty();
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
        var gate = (await fixture.ReceiptAsync(answer)).GetProperty("gates")[0];
        gate.GetProperty("verdict").GetString().ShouldBe("Denied");
        gate.ToString().ShouldNotContain("Zeus", Case.Insensitive);
    }

    [Theory]
    [InlineData("ant", "/v1/chat/completions")]
    [InlineData("oai", "/v1/messages")]
    public async Task Redacted_AcrossWires_DoesNotReachTheProvider(string provider, string path)
    {
        await using var fixture = await StartAsync(provider, Redacting);

        using var answer = await fixture.PostAsync(
            path,
            """{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"write to a@example.com"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Sent(fixture).ShouldContain("write to [gone]");
    }

    /// <summary>A call is known to gates as it is to budgets: what its caller says of it holds here, too.</summary>
    [Theory]
    [InlineData("\"tenant\": \"a*\"", "x-sluice-tenant", "acme", "beta")]
    [InlineData("\"role\": \"scribe\"", "x-sluice-role", "scribe", "architect")]
    [InlineData("\"tag\": \"eu\"", "x-sluice-tags", "night,eu", "night,us")]
    [InlineData("\"route\": \"r\"", null, "r", "other")]
    [InlineData("\"user\": \"u1\"", null, "r\",\"user\":\"u1", "r\",\"user\":\"u2")]
    [ChangesBehaviour("gate.match", "gateMatch.tenant", "gateMatch.role", "gateMatch.tag", "gateMatch.route", "gateMatch.user")]
    public async Task OtherCalls_AreNotLookedAt(string match, string? header, string watched, string other)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "targets": [{{GatewayFixture.Sim("oai", "sim")}}], "role": "architect" },
              "other": { "targets": [{{GatewayFixture.Sim("oai", "sim")}}], "default": true } },
            "gates": [{ "name": "a", "match": { {{match}} }, "deny": ["zeus"] }]
            """
        );

        foreach (var (said, expected) in new[] { (watched, HttpStatusCode.BadRequest), (other, HttpStatusCode.OK) })
        {
            var model = header is null ? said : "r";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent($$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"zeus"}]}"""),
            };
            request.Headers.Add(header ?? "x-none", said.Replace("\"", "", StringComparison.Ordinal));
            using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(expected, said);
        }
    }

    [Theory]
    [InlineData("\"account\": \"acme\"")]
    [InlineData("\"key\": \"KEY\"")]
    [ChangesBehaviour("gateMatch.account", "gateMatch.key")]
    public async Task OtherKeys_AreNotLookedAt(string match)
    {
        using var data = new TempDirectory();
        var keys = new DataDirectory(data.Path).Keys;
        var (watched, key) = KeyRing.Create("a", KeyRules.Parse("""{"account":"acme/search"}"""), DateTimeOffset.UnixEpoch);
        var (other, second) = KeyRing.Create("b", KeyRules.Parse("""{"account":"beta"}"""), DateTimeOffset.UnixEpoch);
        keys.Add(key);
        keys.Add(second);
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "targets": [{{GatewayFixture.Sim("oai", "sim")}}] } },
            "gates": [{ "name": "a", "match": { {{match.Replace("KEY", key.Id, StringComparison.Ordinal)}} }, "deny": ["zeus"] }]
            """,
            data
        );

        foreach (var (secret, expected) in new[] { (watched, HttpStatusCode.BadRequest), (other, HttpStatusCode.OK) })
        {
            using var response = await fixture.SendAsync(
                HttpMethod.Post,
                "/v1/chat/completions",
                """{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"zeus"}]}""",
                secret,
                TestContext.Current.CancellationToken
            );
            response.StatusCode.ShouldBe(expected);
        }
    }

    /// <summary>What is counted is sent, too, and is the same caller's.</summary>
    [Fact]
    public async Task CountedRequest_OfARoleThatIsWatched_IsDenied()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "targets": [{{GatewayFixture.Sim("ant", "sim")}}] } },
            "gates": [{ "name": "a", "match": { "role": "scribe" }, "deny": ["zeus"] }]
            """
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages/count_tokens")
        {
            Content = new StringContent("""{"model":"r","messages":[{"role":"user","content":"zeus"}]}"""),
        };
        request.Headers.Add("x-sluice-role", "scribe");

        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fixture.Simulator.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("toolArguments", "secret-in-arguments", HttpStatusCode.BadRequest)]
    [InlineData("toolArguments", "secret-in-text", HttpStatusCode.OK)]
    [InlineData("toolResults", "secret-in-result", HttpStatusCode.BadRequest)]
    [InlineData("toolResults", "secret-in-arguments", HttpStatusCode.OK)]
    [InlineData("text", "secret-in-text", HttpStatusCode.BadRequest)]
    [InlineData("text", "secret-in-result", HttpStatusCode.OK)]
    [ChangesBehaviour("gate.parts")]
    public async Task Parts_AreToldApart(string part, string pattern, HttpStatusCode expected)
    {
        await using var fixture = await StartAsync(
            "oai",
            $$"""
            "gates": [{ "name": "a", "on": ["request"], "parts": ["{{part}}"], "deny": ["{{pattern}}"] }]
            """
        );

        using var answer = await fixture.PostAsync(
            "/v1/chat/completions",
            """
            {"model":"r","max_tokens":50,"messages":[{"role":"user","content":"secret-in-text"},
            {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":\"secret-in-arguments\"}"}}]},
            {"content":"secret-in-result","role":"tool","tool_call_id":"c"}]}
            """
        );

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    [ChangesBehaviour("gate.maxInput")]
    public async Task MaxInput_CountsTheTextAlone()
    {
        await using var fixture = await StartAsync(
            "oai",
            """
            "gates": [{ "name": "short", "maxInput": "10B" }]
            """
        );

        (await AskAsync(fixture, "0123456789")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await AskAsync(fixture, "012345678\u00e9");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("11 bytes");
    }

    [Fact]
    public async Task Embeddings_AreGated()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("vec", "\"oai/text-embedding-3-small\"", null)) + "," + Redacting
        );

        using var answer = await fixture.PostAsync("/v1/embeddings", """{"model":"vec","input":["a@example.com","plain"]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Sent(fixture).ShouldContain("""["[gone]","plain"]""");
    }

    [Fact]
    public async Task CountTokens_IsGated()
    {
        await using var fixture = await StartAsync("ant", Denying);

        using var answer = await fixture.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"r","messages":[{"role":"user","content":"project zeus"}]}"""
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fixture.Simulator.Requests.ShouldBeEmpty();
    }

    [Fact]
    [ChangesBehaviour("gate.deny", "gate.redact")]
    public async Task Library_IsGatedToo()
    {
        await using var simulator = await SimulatorServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var provider = Library(
            simulator,
            """
            "gates": [{ "name": "pii", "redact": ["@email"], "replacement": "[gone]" }, { "name": "names", "deny": ["zeus"] }]
            """
        );
        var client = provider.GetRequiredService<IChatClient>();

        var answer = await client.GetResponseAsync("write to a@example.com", cancellationToken: TestContext.Current.CancellationToken);
        var denied = await Should.ThrowAsync<SluiceException>(() =>
            client.GetResponseAsync("zeus", cancellationToken: TestContext.Current.CancellationToken)
        );

        answer.Text.ShouldBe("You said: write to [gone]");
        answer.GetReceipt()!.Degradations.Select(d => d.Feature).ShouldBe(["redacted"]);
        denied.Receipt.Gates.Single().Gate.ShouldBe("names");
        denied.Message.ShouldNotContain("zeus");
        simulator.Provider.Requests.Count.ShouldBe(1);
    }

    internal static ServiceProvider Library(SimulatorServer simulator, string gates)
    {
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var live = new LiveConfiguration(revision =>
            compiler.CompileText(
                $$"""
                {
                  "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
                  "routes": { "r": { "default": true, "targets": [{{GatewayFixture.Sim("oai", "sim-bytes")}}] } },
                  {{gates}}
                }
                """,
                "/",
                revision
            )
        );
        var services = new ServiceCollection();
        services.AddSluice(live, new EngineOptions());
        return services.BuildServiceProvider();
    }

    internal static Task<GatewayFixture> StartAsync(string provider, string gates) =>
        GatewayFixture.StartAsync(
            $"\"routes\": {{ \"r\": {{ \"default\": true, \"targets\": [{GatewayFixture.Sim(provider, "sim")}] }} }}, {gates}"
        );

    private static string Sent(GatewayFixture fixture) =>
        System.Text.Encoding.UTF8.GetString(fixture.Simulator.Requests.Single().Body.Span);

    private static Task<HttpResponseMessage> AskAsync(GatewayFixture fixture, string text) =>
        fixture.PostAsync("/v1/chat/completions", $$"""{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"{{text}}"}]}""");
}
