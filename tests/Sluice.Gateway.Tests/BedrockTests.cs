using System.Text;
using System.Text.Json;
using Sluice.Calls.Aws;
using Sluice.Simulator;
using Sluice.Upstream.Aws;

namespace Sluice.Gateway.Tests;

/// <summary>Calls to Bedrock and to Anthropic's models where clouds host them, through a running gateway.</summary>
public sealed class BedrockTests
{
    private const string Nova = "us.amazon.nova-lite-v1:0";
    private const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private const string Tools =
        """ "tools":[{"type":"function","function":{"name":"find","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}},{"type":"function","function":{"name":"now"}}] """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_IsAskedInConverseAndSigned()
    {
        await using var fixture = await StartAsync($"aws/{Nova}");

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","max_tokens":50,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hello"}]}"""
        );

        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement;
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("You said: hello");
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(0);
        var request = fixture.Simulator.Requests.Single();
        request.Path.ShouldBe($"/model/{Nova}/converse");
        Encoding
            .UTF8.GetString(request.Body.Span)
            .ShouldBe(
                """{"messages":[{"role":"user","content":[{"text":"hello"}]}],"system":[{"text":"Be brief."}],"inferenceConfig":{"maxTokens":50}}"""
            );
        SignatureOf(request, fixture.Upstream).ShouldBe(request.Headers["authorization"]);
        request
            .Headers["authorization"]
            .ShouldContain("/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=");
        request.Headers.Values.ShouldNotContain(v => v.Contains("any-client-key", StringComparison.Ordinal));
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"content\":\"You\"", "data: [DONE]")]
    [InlineData("/v1/messages", "\"text\":\"You\"", "event: message_stop")]
    public async Task Stream_ReachesEitherClient(string path, string first, string last)
    {
        await using var fixture = await StartAsync($"aws/{Nova}");

        using var response = await fixture.PostAsync(
            path,
            """{"model":"r","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hello"}]}"""
        );

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        body.ShouldContain(first);
        body.ShouldContain(last);
        fixture.Simulator.Requests.Single().Path.ShouldBe($"/model/{Nova}/converse-stream");
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("usage").GetProperty("outputTokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tools_AreCalledAndTheirResultsComeBack(bool stream)
    {
        await using var fixture = await StartAsync($"aws/{Nova}");
        var flag = stream ? "true" : "false";

        using var called = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"r","stream":{{flag}},{{Tools}},"messages":[{"role":"user","content":"[tools]"}]}"""
        );
        var calls = await called.Content.ReadAsStringAsync(Cancelled);
        using var answered = await fixture.PostAsync(
            "/v1/chat/completions",
            $$$"""{"model":"r",{{{Tools}}},"messages":[{"role":"user","content":"[tools]"},{"role":"assistant","content":null,"tool_calls":[{"id":"tooluse_sim1","type":"function","function":{"name":"find","arguments":"{\"q\":\"text\"}"}}]},{"role":"tool","tool_call_id":"tooluse_sim1","content":"found"}]}"""
        );

        calls.ShouldContain("tooluse_sim1");
        calls.ShouldContain("tooluse_sim2");
        calls.ShouldContain("\"finish_reason\":\"tool_calls\"");
        (await answered.Content.ReadAsStringAsync(Cancelled)).ShouldContain("The tools said: found");
        fixture
            .Simulator.Requests.Last()
            .Json.GetProperty("messages")
            .GetRawText()
            .ShouldBe(
                """[{"role":"user","content":[{"text":"[tools]"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"tooluse_sim1","name":"find","input":{"q":"text"}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"tooluse_sim1","content":[{"text":"found"}]}}]}]"""
            );
    }

    [Fact]
    public async Task Thinking_GoesOutInAnEnvelopeAndComesBackToItsIssuer()
    {
        await using var fixture = await StartAsync($"aws/{Claude}");

        using var first = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"r","max_tokens":3000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"[think] hi"}]}"""
        );
        var content = JsonDocument.Parse(await first.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("content");
        using var second = await fixture.PostAsync(
            "/v1/messages",
            $$"""{"model":"r","max_tokens":3000,"messages":[{"role":"user","content":"[think] hi"},{"role":"assistant","content":{{content.GetRawText()}}},{"role":"user","content":"go on"}]}"""
        );

        content[0].GetProperty("thinking").GetString().ShouldBe("The user wants an answer.");
        content[0].GetProperty("signature").GetString().ShouldNotBe("c2ltdWxhdGVk");
        second.IsSuccessStatusCode.ShouldBeTrue(await second.Content.ReadAsStringAsync(Cancelled));
        fixture
            .Simulator.Requests.First()
            .Json.GetProperty("additionalModelRequestFields")
            .GetRawText()
            .ShouldBe("""{"thinking":{"type":"enabled","budget_tokens":2000}}""");
        fixture
            .Simulator.Requests.Last()
            .Json.GetProperty("messages")[1]
            .GetProperty("content")[0]
            .GetRawText()
            .ShouldBe("""{"reasoningContent":{"reasoningText":{"text":"The user wants an answer.","signature":"c2ltdWxhdGVk"}}}""");
    }

    [Theory]
    [InlineData(Claude, "outputConfig")]
    [InlineData(Nova, "toolConfig")]
    public async Task StructuredAnswer_IsTextForTheClient(string model, string member)
    {
        await using var fixture = await StartAsync($"aws/{model}");

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{"n":{"type":"integer"}}}}},"messages":[{"role":"user","content":"count"}]}"""
        );

        var choice = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("""{"n":42}""");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        fixture.Simulator.Requests.Single().Json.TryGetProperty(member, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("aws", "/v1/chat/completions", "\"error\":{\"message\":")]
    [InlineData("aws", "/v1/messages", "\"type\":\"error\"")]
    [InlineData("awsant", "/v1/messages", "\"type\":\"error\"")]
    public async Task Error_HasTheClientsShape(string provider, string path, string shape)
    {
        await using var fixture = await StartAsync(provider, "sim-status-422");

        using var response = await fixture.PostAsync(
            path,
            """{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}"""
        );

        ((int)response.StatusCode).ShouldBe(422);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        body.ShouldContain(shape);
        body.ShouldContain("simulated 422");
    }

    [Theory]
    [InlineData("aws", "sim-tokens-60+error-5")]
    [InlineData("aws", "sim-tokens-60+cut-40")]
    [InlineData("awsant", "sim-tokens-60+error-5")]
    [InlineData("awsant", "sim-tokens-60+cut-40")]
    public async Task ExceptionOrCutAfterContent_ReachesTheClientAsAnError(string provider, string model)
    {
        await using var fixture = await StartAsync(provider, model);

        using var response = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"r","max_tokens":5000,"stream":true,"messages":[{"role":"user","content":"hello"}]}"""
        );

        var (body, whole) = await StreamTests.ReadAsync(response);

        // What fails before anything was handed over is a plain error; what fails later ends without the terminating chunk.
        (whole && response.IsSuccessStatusCode).ShouldBeFalse();
        body.ShouldContain("\"type\":\"error\"");
        body.ShouldNotContain("message_stop");
        var attempt = (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0];
        attempt.GetProperty("failure").GetString().ShouldBe("Transient");
    }

    [Theory]
    [InlineData("aws")]
    [InlineData("awsant")]
    public async Task MalformedEvent_IsSkipped(string provider)
    {
        await using var fixture = await StartAsync(provider, "sim-tokens-9+malformed-3");

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","stream":true,"messages":[{"role":"user","content":"hello"}]}"""
        );

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        body.ShouldContain("t9");
        body.ShouldContain("[DONE]");
    }

    [Fact]
    public async Task Bedrock_StandsInForAnother()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim("oai", "sim-status-503"), "second"), ("second", $"\"aws/{Nova}\"", null))
        );

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","stream":true,"messages":[{"role":"user","content":"hello"}]}"""
        );

        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldContain("[DONE]");
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe($"aws/{Nova}");
    }

    [Theory]
    [InlineData(true, "invoke-with-response-stream")]
    [InlineData(false, "invoke")]
    public async Task Messages_PassToAnthropicOnBedrock(bool stream, string operation)
    {
        await using var fixture = await StartAsync($"awsant/{Claude}");
        var flag = stream ? "true" : "false";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent(
                $$"""{"model":"r","stream":{{flag}},"max_tokens":50,"new":[1],"messages":[{"role":"user","content":"hello"}]}"""
            ),
        };
        request.Headers.Add("anthropic-beta", "one-2025, two-2025");

        using var response = await fixture.Http.SendAsync(request, Cancelled);

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        body.ShouldContain(stream ? "event: message_start\ndata: {\"type\":\"message_start\"" : "You said: hello");
        body.ShouldContain(stream ? "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n" : "\"stop_reason\":\"end_turn\"");
        var sent = fixture.Simulator.Requests.Single();
        sent.Path.ShouldBe($"/model/{Claude}/{operation}");
        Encoding
            .UTF8.GetString(sent.Body.Span)
            .ShouldBe(
                """{"max_tokens":50,"new":[1],"messages":[{"role":"user","content":"hello"}],"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["one-2025","two-2025"]}"""
            );
        sent.Headers.ContainsKey("anthropic-beta").ShouldBeFalse();
        SignatureOf(sent, fixture.Upstream).ShouldBe(sent.Headers["authorization"]);
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, "streamRawPredict")]
    [InlineData(false, "rawPredict")]
    public async Task Messages_PassToAnthropicOnVertex(bool stream, string operation)
    {
        await using var fixture = await StartAsync("gcpant/claude-sonnet-4-5@20250929");
        var flag = stream ? "true" : "false";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent(
                $$"""{"model":"r","stream":{{flag}},"max_tokens":50,"messages":[{"role":"user","content":"hello"}]}"""
            ),
        };
        request.Headers.Add("anthropic-beta", "one-2025");

        using var response = await fixture.Http.SendAsync(request, Cancelled);

        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldContain(stream ? "event: message_stop" : "You said: hello");
        var sent = fixture.Simulator.Requests.Single();
        sent.Path.ShouldBe($"/v1/projects/proj/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929:{operation}");
        Encoding
            .UTF8.GetString(sent.Body.Span)
            .ShouldBe(
                $$"""{"stream":{{flag}},"max_tokens":50,"messages":[{"role":"user","content":"hello"}],"anthropic_version":"vertex-2023-10-16"}"""
            );
        (sent.Headers["authorization"], sent.Headers["anthropic-beta"]).ShouldBe(("Bearer secret-KEY", "one-2025"));
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("awsant/us.anthropic.claude-sonnet-4-6")]
    [InlineData("gcpant/claude-sonnet-4-6")]
    public async Task Chat_CrossesToAnthropicWhereACloudHostsIt(string target)
    {
        await using var fixture = await StartAsync(target);

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"r","stream":true,{{Tools}},"messages":[{"role":"user","content":"[tool]"}]}"""
        );

        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldContain("\"finish_reason\":\"tool_calls\"");
        fixture.Simulator.Requests.Single().Json.TryGetProperty("model", out _).ShouldBeFalse();
    }

    /// <summary>The signature that what arrived ought to have.</summary>
    private static string SignatureOf(SimulatedRequest request, Uri upstream)
    {
        var names = request.Headers["authorization"].Split("SignedHeaders=")[1].Split(',')[0].Split(';');
        var segments = request.Path.Split('/').Select(Uri.EscapeDataString);
        return AwsSignature.Authorization(
            new AwsKeys("secret-KEY", "secret-KEY", null),
            "eu-west-1",
            "bedrock",
            "POST",
            new Uri(upstream, string.Join('/', segments)),
            names.ToDictionary(n => n, n => request.Headers[n]),
            request.Body.Span
        );
    }

    private static Task<GatewayFixture> StartAsync(string target) =>
        GatewayFixture.StartAsync(GatewayFixture.Routes(("r", $"\"{target}\"", null)));

    private static Task<GatewayFixture> StartAsync(string provider, string model) =>
        GatewayFixture.StartAsync(GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, model), null)));
}
