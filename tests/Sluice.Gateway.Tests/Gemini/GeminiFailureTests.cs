using static Sluice.Gateway.Tests.Gemini.GeminiClient;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>Failures of calls from Gemini's clients and to Gemini: each client is told in its own words, or not at all.</summary>
public sealed class GeminiFailureTests
{
    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Client_Cut_IsToldInItsOwnShape(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync(
            $"{Base}/r:streamGenerateContent?alt=sse",
            """{"contents":[{"parts":[{"text":"hi"}]}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse("the response must end without its terminating chunk");
        text.ShouldContain("t39");
        text.ShouldNotContain("finishReason");
        var error = ChunksOf(text)[^1].GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(502);
        error.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("nowhere:generateContent", "{}", 404, "NOT_FOUND")]
    [InlineData("r:generateContent", "{", 400, "INVALID_ARGUMENT")]
    [InlineData("r:embedContent", "{}", 404, "NOT_FOUND")]
    [InlineData("limited:generateContent", """{"contents":[]}""", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("bad:generateContent", """{"contents":[]}""", 400, "INVALID_ARGUMENT")]
    [InlineData("down:generateContent", """{"contents":[]}""", 503, "UNAVAILABLE")]
    public async Task Client_Error_HasItsOwnShape(string call, string body, int status, string named)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("r", "\"gem/gemini-2.5-flash\"", null),
                ("limited", GatewayFixture.Sim("gem", "sim-status-429-retry-3600"), null),
                ("bad", GatewayFixture.Sim("gem", "sim-status-400"), null),
                ("down", GatewayFixture.Sim("gem", "sim-status-503"), null)
            )
        );

        using var response = await fixture.PostAsync($"{Base}/{call}", body);
        var error = await JsonAsync(response);

        ((int)response.StatusCode).ShouldBe(status);
        error.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(status);
        error.GetProperty("error").GetProperty("status").GetString().ShouldBe(named);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        if (status == 429)
        {
            error.GetProperty("error").GetProperty("details")[0].GetProperty("retryDelay").GetString().ShouldBe("3600s");
        }
    }

    [Theory]
    [InlineData("status-503")]
    [InlineData("key")]
    [InlineData("quota")]
    [InlineData("error-first")]
    [InlineData("error-role")]
    [InlineData("cut-0")]
    [InlineData("nofinish+tokens-0")]
    [InlineData("html")]
    public async Task Failover_FromGeminiAndToIt_IsSeenByTheClientAsOneAnswer(string fault)
    {
        foreach (
            var (first, second, client) in ((string, string, string)[])
                [("gem", "oai", "chat"), ("gem", "ant", "gemini"), ("ant", "gem", "gemini"), ("oai", "gem", "chat")]
        )
        {
            var model = second switch
            {
                "gem" => "gemini-2.5-flash",
                "ant" => "claude-sonnet-4-6",
                _ => "gpt-4o-mini",
            };
            await using var fixture = await GatewayFixture.StartAsync(
                GatewayFixture.Routes(
                    ("first", GatewayFixture.Sim(first, $"sim-{fault}"), "second"),
                    ("second", $"\"{second}/{model}\"", null)
                )
            );

            using var response = await AskStreamAsync(fixture, client, "first");
            var (text, whole) = await StreamTests.ReadAsync(response);

            whole.ShouldBeTrue(text);
            response.Headers.GetValues("x-sluice-target").Single().ShouldBe($"{second}/{model}");
            text.ShouldContain(client == "chat" ? "[DONE]" : "\"finishReason\":\"STOP\"");
            text.ShouldContain("hello");
            fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Provider_Cut_IsToldToOtherClients(string path)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim("gem", "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync(
            path,
            """{"model":"cut","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse();
        text.ShouldContain("t39");
        text.ShouldContain("error");
    }

    [Fact]
    public async Task FaultyCall_IsTheModelsFaultAndTheNextOneIsAsked()
    {
        using var recordings = new Sluice.Testing.TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("fault.json"),
            """{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}],"usageMetadata":{"promptTokenCount":3}}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("first", GatewayFixture.Sim("gem", "replay:fault.json"), "second"),
                ("second", "\"oai/gpt-4o-mini\"", null)
            ),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync($"{Base}/first:generateContent", """{"contents":[{"parts":[{"text":"hello"}]}]}""");

        TextOf(await JsonAsync(response)).ShouldBe("You said: hello");
        (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0].GetProperty("failure").GetString().ShouldBe("ModelFault");
    }
}
