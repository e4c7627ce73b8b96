using System.Net;
using System.Text;
using Sluice.Gateway.Tests.PassThrough;

namespace Sluice.Gateway.Tests.Content;

/// <summary>What passes through is looked at where its body is JSON.</summary>
public sealed class PassGateTests
{
    private const string Gates = """
        , "gates": [{ "name": "pii", "redact": ["@email"], "replacement": "[gone]" }, { "name": "names", "deny": ["zeus"] }]
        """;

    [Theory]
    [InlineData("application/json", """{"prompt":"mail a@example.com"}""", """{"prompt":"mail [gone]"}""")]
    [InlineData("application/json", """{"prompt": "plain"}""", """{"prompt": "plain"}""")]
    [InlineData("application/octet-stream", """{"prompt":"mail a@example.com"}""", """{"prompt":"mail a@example.com"}""")]
    public async Task Body_IsRedactedWhereItIsJson(string type, string body, string sent)
    {
        var received = "";
        await using var fixture = await PassFixture.StartAsync(
            async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                received = await reader.ReadToEndAsync();
                await http.Response.Body.WriteAsync("{}"u8.ToArray());
            },
            rest: Gates
        );
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var answer = await fixture.Http.PostAsync("/p/oai/images/generations", content, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        received.ShouldBe(sent);
        answer.Headers.Contains("x-sluice-degraded").ShouldBe(body != sent);
    }

    [Fact]
    public async Task Denied_IsNotSent()
    {
        await using var fixture = await PassFixture.StartAsync(rest: Gates);
        using var content = new StringContent("""{"prompt":"zeus"}""", Encoding.UTF8, "application/json");

        using var answer = await fixture.Http.PostAsync("/p/oai/images/generations", content, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fixture.Asked.ShouldBeEmpty();
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }
}
