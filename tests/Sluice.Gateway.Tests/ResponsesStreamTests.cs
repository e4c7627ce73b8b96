using System.Text;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>Responses on either side of the gateway: what passes unchanged, what fails before content, what is cut after it.</summary>
public sealed class ResponsesStreamTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SameWire_PassesByteForByteBothWays(bool stream)
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("kept", "\"rsp/gpt-4o-mini\"", null)));
        using var direct = new HttpClient { BaseAddress = fixture.Upstream };
        var body =
            $$"""{ "stream":{{(stream ? "true" : "false")}}, "x_unknown" : {"b":1,"a":[ ]}, "model" : "MODEL","max_output_tokens":50,"input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},{"role":"user","content":"h\u00e9llo 🌍"}]}""";

        using var through = await fixture.PostAsync("/v1/responses", body.Replace("MODEL", "kept", StringComparison.Ordinal));
        var answer = await through.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var straight = await direct.PostAsync(
            "/v1/responses",
            new StringContent(body.Replace("MODEL", "gpt-4o-mini", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken
        );

        answer.ShouldBe(await straight.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Encoding
            .UTF8.GetString(fixture.Simulator.Requests.First().Body.Span)
            .ShouldBe(body.Replace("\"MODEL\"", "\"gpt-4o-mini\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rsp", "error-first", "chat")]
    [InlineData("rsp", "error-role", "claude")]
    [InlineData("rsp", "quota", "chat")]
    [InlineData("oai", "error-role", "kept")]
    [InlineData("ant", "status-529", "kept")]
    public async Task FailureBeforeContent_GoesToTheNextTarget(string provider, string fault, string next)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("first", GatewayFixture.Sim(provider, $"sim-{fault}"), next),
                ("chat", "\"oai/gpt-4o-mini\"", null),
                ("claude", "\"ant/claude-sonnet-4-6\"", null),
                ("kept", "\"rsp/gpt-4o-mini\"", null)
            )
        );

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"first","stream":true,"input":"hello"}""");
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        text.ShouldContain("event: response.completed");
        text.ShouldNotContain("response.failed");
        text.Split("event: response.created").Length.ShouldBe(2);
        response.Headers.GetValues("x-sluice-route").Single().ShouldBe(next);
    }

    [Theory]
    [InlineData("oai")]
    [InlineData("ant")]
    [InlineData("rsp")]
    public async Task Cut_AfterContent_EndsWithResponseFailed(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"cut","stream":true,"input":"hi"}""");
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse("the response must end without its terminating chunk");
        text.ShouldContain("t39");
        text.ShouldNotContain("response.completed");
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(f => JsonDocument.Parse(f[(f.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).RootElement)
            .ToList();
        events[^1].GetProperty("type").GetString().ShouldBe("response.failed");
        events[^1].GetProperty("response").GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
        events.Select(e => e.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
    }

    [Fact]
    public async Task ErrorOfTheUpstream_AfterContent_IsNoSuccess()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("bad", GatewayFixture.Sim("rsp", "sim-tokens-60+error-40"), null))
        );

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"bad","stream":true,"input":"hi"}""");
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse();
        text.Split("event: response.failed").Length.ShouldBe(2);
        text.ShouldNotContain("event: error");
    }

    [Fact]
    public async Task Stream_AnsweredByAWholeBody_BecomesEvents()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("answer.json"),
            """{"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}},{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Bern.","annotations":[{"type":"url_citation","url":"https://example.org","title":"Bern","start_index":0,"end_index":4}]}]}],"usage":{"input_tokens":3,"output_tokens":2}}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("whole", GatewayFixture.Sim("rsp", "replay:answer.json"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"whole","stream":true,"input":"hi"}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        text.ShouldContain("event: response.output_text.annotation.added");
        text.ShouldContain("""{"type":"url_citation","url":"https://example.org","title":"Bern","start_index":0,"end_index":4}""");
        text.ShouldEndWith("\n\n");
    }
}
