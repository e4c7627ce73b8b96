using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Tests.PassThrough;

namespace Sluice.Gateway.Tests;

public sealed class CountTokensTests
{
    private const string Routes = ""","budgets": [{ "name": "none", "limit": "0.000001" }]""";

    [Fact]
    public async Task TargetOfTheSameWire_CountsItself()
    {
        string? body = null;
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            await http.Response.WriteAsync("""{"input_tokens":42}""");
        });
        fixture.Http.DefaultRequestHeaders.Add("anthropic-beta", "b1");

        using var response = await CountAsync(fixture, """{"model":"ant/claude-sonnet-4-6", "future":1,"messages":[]}""");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"input_tokens":42}""");
        response.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("ant/claude-sonnet-4-6");
        body.ShouldBe("""{"model":"claude-sonnet-4-6", "future":1,"messages":[]}""");
        var (asked, headers) = fixture.Asked.Single();
        asked.ShouldBe("POST /v1/messages/count_tokens");
        headers["x-api-key"].ShouldBe("secret-KEY");
        headers["anthropic-beta"].ShouldBe("b1");
        fixture.Gateway.Engine.Ledger.Store.List(10).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("chat", 200)]
    [InlineData("ant/claude-sonnet-4-6", 500)]
    [InlineData("ant/claude-sonnet-4-6", 404)]
    public async Task WhereNobodyCounts_ItIsEstimatedAndSaid(string model, int status)
    {
        await using var fixture = await PassFixture.StartAsync(
            http =>
            {
                http.Response.StatusCode = status;
                return http.Response.WriteAsync("{}");
            },
            rest: Routes
        );
        var body = $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{new string('x', 4000)}}"}]}""";

        using var response = await CountAsync(fixture, body);
        var counted = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("count_tokens");
        counted.GetProperty("input_tokens").GetInt64().ShouldBe((body.Length + 3) / 4);
    }

    [Theory]
    [InlineData("""{"model":"nothing","messages":[]}""", 404, "not_found_error")]
    [InlineData("""{"model":"chat","model":"chat"}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"ant/claude-sonnet-4-6","messages":5}""", 400, "messages: not a list")]
    public async Task Wrong_IsToldInAnthropicsShape(string body, int status, string words)
    {
        await using var fixture = await PassFixture.StartAsync(http =>
        {
            http.Response.StatusCode = 400;
            return http.Response.WriteAsync(
                """{"type":"error","error":{"type":"invalid_request_error","message":"messages: not a list"}}"""
            );
        });

        using var response = await CountAsync(fixture, body);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(words);
    }

    private static Task<HttpResponseMessage> CountAsync(PassFixture fixture, string body) =>
        fixture.Http.PostAsync("/v1/messages/count_tokens", new StringContent(body, Encoding.UTF8, "application/json"));
}
