namespace Sluice.Gateway.Tests;

/// <summary>What Workers AI asks of whoever calls it: the model in the address, whole answers of models that cannot stream, a header for its cache.</summary>
public sealed class WorkersAiProviderTests
{
    private const string Model = "@cf/openai/gpt-oss-120b";

    [Fact]
    public async Task Model_StandsInTheAddress_AndNotInTheBody()
    {
        await using var fixture = await StartAsync(Model);

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: true));

        response.IsSuccessStatusCode.ShouldBeTrue();
        var request = fixture.Simulator.Requests.Single();
        request.Path.ShouldBe($"/ai/run/{Model}");
        request.Headers["authorization"].ShouldBe("Bearer secret-KEY");
        System
            .Text.Encoding.UTF8.GetString(request.Body.Span)
            .ShouldBe("""{"messages":[{"role":"user","content":"hello"}],"max_tokens":16384,"stream":true}""");
    }

    [Theory]
    [InlineData("/v1/chat/completions", "data: [DONE]")]
    [InlineData("/v1/messages", "message_stop")]
    [InlineData("/api/chat", "\"done\":true")]
    public async Task ModelThatCannotStream_IsAskedAgainWhole_AndTheAnswerStreams(string path, string end)
    {
        await using var fixture = await StartAsync("sim-nostream");
        var ask = """{"model":"route","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""";

        using var response = await fixture.PostAsync(path, ask);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        body.ShouldContain("You said: hello");
        body.ShouldContain(end);
        fixture.Simulator.Requests.Select(r => r.Stream).ShouldBe([true, false]);
        var attempts = (await fixture.ReceiptAsync(response)).GetProperty("attempts").EnumerateArray().ToList();
        attempts
            .Select(a => (a.GetProperty("outcome").GetString(), a.GetProperty("failure").GetString()))
            .ShouldBe([("Failed", "ModelFault"), ("Completed", null)]);
        attempts[0].GetProperty("reason").GetString().ShouldBe("the model does not stream");
    }

    [Fact]
    public async Task ModelThatCannotStream_IsRemembered()
    {
        await using var fixture = await StartAsync("sim-nostream");

        using var first = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: true));
        using var second = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: true));

        second.IsSuccessStatusCode.ShouldBeTrue();
        second.Headers.GetValues("x-sluice-attempts").Single().ShouldBe("1");
        fixture.Simulator.Requests.Select(r => r.Stream).ShouldBe([true, false, false]);
    }

    [Theory]
    [InlineData("cfa", "\"prompt_cache_key\":\"conversation-7\",", "conversation-7")]
    [InlineData("cfa", "", null)]
    [InlineData("oai", "\"prompt_cache_key\":\"conversation-7\",", null)]
    public async Task CacheKey_IsSaidInAHeader(string provider, string member, string? header)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("route", GatewayFixture.Sim(provider, "m"), null))
        );

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{{{member}}"model":"route","messages":[{"role":"user","content":"hi"}]}"""
        );

        response.IsSuccessStatusCode.ShouldBeTrue();
        fixture.Simulator.Requests.Single().Headers.GetValueOrDefault("x-session-affinity").ShouldBe(header);
        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
    }

    [Fact]
    public async Task DailyAllocation_IsRemembered()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("route", GatewayFixture.Sim("cfa", "a"), "second"), ("second", GatewayFixture.Sim("oll", "b"), null))
        );
        fixture.Simulator.Script("a", new Simulator.Fault { Status = 429, Code = "insufficient_quota" });

        using var first = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: false));
        using var second = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: false));

        (await FailuresAsync(fixture, first)).ShouldBe(["Exhausted", null]);
        (await FailuresAsync(fixture, second)).ShouldBe([null]);
        fixture.Simulator.Requests.Select(r => r.Model).ShouldBe(["a", "b", "b"]);
    }

    [Fact]
    public async Task Capacity_IsTriedAgainSoon()
    {
        await using var fixture = await StartAsync("a");
        fixture.Simulator.Script("a", new Simulator.Fault { Status = 429 });

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("route", stream: false));

        (await FailuresAsync(fixture, response)).ShouldBe(["Transient", null]);
    }

    private static async Task<IEnumerable<string?>> FailuresAsync(GatewayFixture fixture, HttpResponseMessage response) =>
        (await fixture.ReceiptAsync(response)).GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("failure").GetString());

    private static Task<GatewayFixture> StartAsync(string model) =>
        GatewayFixture.StartAsync(GatewayFixture.Routes(("route", GatewayFixture.Sim("cfa", model), null)));
}
