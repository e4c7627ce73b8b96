using System.Net;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What a provider keeps of an answer is gone on from by the key that made it, at the one that keeps it, or not at all.</summary>
public sealed class ResponsesStateTests
{
    private const string Kept = "\"rsp/gpt-4o-mini\"";

    [Fact]
    public async Task PreviousResponse_OfAnotherKey_IsA404InTheProtocolsShape()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("kept", Kept, null)));
        var (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
        var id = (await AskAsync(fixture, "kept", mine)).Json.GetProperty("id").GetString()!;

        var (own, _) = await AskAsync(fixture, "kept", mine, id);
        var (foreign, refusal) = await AskAsync(fixture, "kept", other, id);
        var (unknown, _) = await AskAsync(fixture, "kept", mine, "resp_never");

        own.ShouldBe(HttpStatusCode.OK);
        foreign.ShouldBe(HttpStatusCode.NotFound);
        unknown.ShouldBe(HttpStatusCode.NotFound);
        refusal.GetProperty("error").GetProperty("code").GetString().ShouldBe("previous_response_not_found");
        refusal.GetProperty("error").GetProperty("param").GetString().ShouldBe("previous_response_id");
        fixture.Simulator.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Stored_IsReadByItsOwnKeyAlone()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("kept", Kept, null)));
        var (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
        var id = (await AskAsync(fixture, "kept", mine)).Json.GetProperty("id").GetString()!;

        (await ReadAsync(fixture, id, mine)).ShouldBe(HttpStatusCode.OK);
        (await ReadAsync(fixture, id, other)).ShouldBe(HttpStatusCode.NotFound);
        (await ReadAsync(fixture, id, "sk-sluice-wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        fixture.Simulator.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task PreviousResponse_AcrossWires_IsRefusedWithTheCure()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("claude", "\"ant/claude-sonnet-4-6\"", null), ("kept", Kept, null))
        );
        var id = (await AskAsync(fixture, "kept", null)).Json.GetProperty("id").GetString()!;

        var (status, refusal) = await AskAsync(fixture, "claude", null, id);

        status.ShouldBe(HttpStatusCode.BadRequest);
        refusal.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("send the whole conversation");
        fixture.Simulator.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PreviousResponse_GoesToWhoKeepsItAndToNobodyElse()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("mixed", $"{GatewayFixture.Sim("oai", "sim-status-503")}, {Kept}", "chat"),
                ("chat", "\"oai/gpt-4o-mini\"", null)
            )
        );
        var id = (await AskAsync(fixture, "mixed", null)).Json.GetProperty("id").GetString()!;
        var before = fixture.Simulator.Requests.Count;

        var (status, _) = await AskAsync(fixture, "mixed", null, id);
        fixture.Simulator.Script("gpt-4o-mini", [.. Enumerable.Repeat(new Simulator.Fault { Status = 500 }, 5)]);
        var (failed, _) = await AskAsync(fixture, "mixed", null, id);

        status.ShouldBe(HttpStatusCode.OK);
        failed.ShouldBe(HttpStatusCode.ServiceUnavailable);
        fixture.Simulator.Requests.Skip(before).Select(r => r.Path).Distinct().ShouldBe(["/v1/responses"]);
    }

    [Fact]
    public async Task ItemReference_IsGoodForItsOwnKeyAlone()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("kept", Kept, null)));
        var (mine, other) = (await fixture.KeyAsync("mine"), await fixture.KeyAsync("other"));
        var item = (await AskAsync(fixture, "kept", mine)).Json.GetProperty("output")[0].GetProperty("id").GetString();
        var body = $$"""{"model":"kept","input":[{"type":"item_reference","id":"{{item}}"},{"role":"user","content":"and now?"}]}""";

        (await PostAsync(fixture, body, mine)).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(fixture, body, other)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task StoreFalse_IsNotGoneOnFrom()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("answer.json"),
            """{"id":"resp_1","object":"response","status":"completed","store":false,"model":"m","output":[],"usage":{"input_tokens":3,"output_tokens":2}}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("fleeting", GatewayFixture.Sim("rsp", "replay:answer.json"), null)),
            recordings: recordings.Path
        );
        var id = (await AskAsync(fixture, "fleeting", null)).Json.GetProperty("id").GetString()!;

        (await AskAsync(fixture, "fleeting", null, id)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Background_IsBookedWithAllThatWasHeld()
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("queued.json"),
            """{"id":"resp_1","object":"response","status":"queued","background":true,"model":"m","output":[],"usage":null}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("later", GatewayFixture.Sim("rsp", "replay:queued.json"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"later","background":true,"input":"hi"}""");

        var attempt = (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0];
        attempt.GetProperty("cost").GetDecimal().ShouldBe(attempt.GetProperty("hold").GetDecimal());
        attempt.GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Store_AcrossWires_IsReported()
    {
        await using var fixture = await GatewayFixture.StartAsync();

        using var response = await fixture.PostAsync("/v1/responses", """{"model":"claude","store":true,"input":"hi"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("store");
    }

    private static Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(
        GatewayFixture fixture,
        string route,
        string? key,
        string? previous = null
    ) =>
        PostAsync(
            fixture,
            $$"""{"model":"{{route}}","input":"hello","previous_response_id":{{(previous is null ? "null" : $"\"{previous}\"")}}}""",
            key
        );

    private static async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(GatewayFixture fixture, string body, string? key)
    {
        using var response = await fixture.SendAsync(HttpMethod.Post, "/v1/responses", body, key);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static async Task<HttpStatusCode> ReadAsync(GatewayFixture fixture, string id, string key)
    {
        using var response = await fixture.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", null, key);
        return response.StatusCode;
    }
}
