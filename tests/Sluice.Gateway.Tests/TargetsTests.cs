using System.Net;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>What operators see of targets, and how they forget what is held against one.</summary>
public sealed class TargetsTests
{
    private static readonly string Rest = GatewayFixture.Routes(
        (
            "chat",
            GatewayFixture.Sim("oai", "sim-quota")
                + ","
                + GatewayFixture.Sim("oai", "vendor/sim")
                + ","
                + GatewayFixture.Sim("backup", "n"),
            null
        )
    );

    [Fact]
    public async Task Targets_ShowWhatIsKnown_UntilItIsForgotten_AndARestartKnowsItToo()
    {
        using var data = new TempDirectory();
        await using (var fixture = await GatewayFixture.StartAsync(Rest, data))
        {
            await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("chat", false));
            var refused = await TargetAsync(fixture, "oai", "vendor/sim");

            refused.GetProperty("admits").GetBoolean().ShouldBeFalse("its key is out of quota");
            refused.GetProperty("fact").GetProperty("failure").GetString().ShouldBe("Exhausted");
            refused.GetProperty("retryAfterSeconds").GetDouble().ShouldBeInRange(500, 600);
            (await TargetAsync(fixture, "backup", "n")).GetProperty("admits").GetBoolean().ShouldBeTrue();
        }

        await using (var again = await GatewayFixture.StartAsync(Rest, data))
        {
            (await TargetAsync(again, "oai", "vendor/sim")).GetProperty("admits").GetBoolean().ShouldBeFalse();
            using var admin = await AdminAsync(again);
            (await StatusAsync(admin, "oai/vendor/sim")).ShouldBe(HttpStatusCode.NoContent);
            (await StatusAsync(admin, "oai/vendor/sim")).ShouldBe(HttpStatusCode.NotFound);
            (await StatusAsync(admin, "backup")).ShouldBe(HttpStatusCode.NotFound);

            var target = await TargetAsync(again, "oai", "vendor/sim");
            target.GetProperty("admits").GetBoolean().ShouldBeTrue();
            target.GetProperty("state").GetString().ShouldBe("closed");
        }
    }

    private static async Task<JsonElement> TargetAsync(GatewayFixture fixture, string provider, string model)
    {
        using var admin = await AdminAsync(fixture);
        var text = await admin.GetStringAsync(new Uri("/admin/targets", UriKind.Relative), TestContext.Current.CancellationToken);
        return JsonDocument
            .Parse(text)
            .RootElement.EnumerateArray()
            .Single(t => t.GetProperty("provider").GetString() == provider && t.GetProperty("model").GetString() == model);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient admin, string target)
    {
        using var answer = await admin.DeleteAsync(
            new Uri($"/admin/targets/{target}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        return answer.StatusCode;
    }

    private static async Task<HttpClient> AdminAsync(GatewayFixture fixture)
    {
        var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add("x-api-key", await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key")));
        return admin;
    }
}
