using System.Net;

namespace Sluice.Gateway.Tests;

public sealed class OnUnsupportedTests
{
    [Theory]
    [InlineData("warn", HttpStatusCode.OK, true)]
    [InlineData("drop", HttpStatusCode.OK, false)]
    [InlineData("error", HttpStatusCode.BadRequest, false)]
    [ChangesBehaviour("route.onUnsupported")]
    public async Task Route_SaysWhatBecomesOfWhatItsTargetCannotDo(string policy, HttpStatusCode status, bool told)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "default": true, "onUnsupported": "{{policy}}", "targets": [{{GatewayFixture.Sim("ant", "sim")}}] } }
            """
        );

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","seed":7,"messages":[{"role":"user","content":"hi"}]}""",
            TestContext.Current.CancellationToken
        );

        response.StatusCode.ShouldBe(status);
        response.Headers.Contains("x-sluice-degraded").ShouldBe(told);
        if (status == HttpStatusCode.OK)
        {
            (await fixture.ReceiptAsync(response)).GetProperty("degradations")[0].GetProperty("feature").GetString().ShouldBe("seed");
            return;
        }

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("seed");
        fixture.Simulator.Requests.ShouldBeEmpty();
    }
}
