using System.Net;
using System.Net.Http.Headers;
using Sluice.Gateway.Keys;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Routing;

/// <summary>What a caller may say of one call: where it goes instead, and which role it counts for.</summary>
public sealed class OverrideTests : IDisposable
{
    private static readonly string Routes =
        GatewayFixture.Routes(("claude", "\"oai/gpt-4o-mini\"", null), ("other", GatewayFixture.Sim("backup", "sim-ok"), null))
        + """, "policy": [{ "when": { "route": "claude", "role": "scribe" }, "use": "other" }]"""
        + """, "budgets": [{ "name": "claudes", "limit": "5 USD", "match": { "route": "claude" } }, { "name": "scribes", "limit": "5 USD", "match": { "role": "scribe" } }]""";

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("{}", "other", "wanted", 403, null)]
    [InlineData("""{"overrides":true}""", "other", "wanted", 200, "backup/sim-ok")]
    [InlineData("""{"overrides":true}""", "ant/claude-sonnet-4-6", "wanted", 200, "ant/claude-sonnet-4-6")]
    [InlineData("""{"overrides":true,"pins":false}""", "ant/claude-sonnet-4-6", "wanted", 403, null)]
    [InlineData("""{"overrides":true,"routes":["claude"]}""", "other", "wanted", 403, null)]
    [InlineData("""{"overrides":true}""", "othre", "wanted", 404, null)]
    [InlineData("""{"overrides":true}""", "other", "", 400, null)]
    [InlineData(null, "other", "wanted", 200, "backup/sim-ok")]
    public async Task Override_IsHonouredWhereTheKeyAllowsIt(string? rules, string name, string because, int status, string? target)
    {
        var key = rules is null ? null : Create(rules);
        await using var fixture = await GatewayFixture.StartAsync(Routes, _data);

        using var response = await SendAsync(fixture, key, "claude", ("x-sluice-override", name), ("x-sluice-override-because", because));

        ((int)response.StatusCode).ShouldBe(status);
        if (target is not null)
        {
            response.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);
            response.Headers.GetValues("x-sluice-rule").Single().ShouldBe("override");
        }
    }

    [Fact]
    public async Task Override_IsAuditedAndPaidByTheRouteThatWasAsked()
    {
        var key = Create("""{"overrides":true}""");
        await using var fixture = await GatewayFixture.StartAsync(Routes, _data);
        fixture.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var response = await SendAsync(
            fixture,
            key,
            "claude",
            ("x-sluice-override", "oai/gpt-4o-mini"),
            ("x-sluice-override-because", "a customer's complaint")
        );

        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("rule").GetString().ShouldBe("override");
        receipt.GetProperty("because").GetString().ShouldBe("a customer's complaint");
        var ledger = fixture.Gateway.Engine.Ledger;
        ledger.Writer.Drain();
        var hold = ledger.Store.List(1).Single().Hold;
        (hold.Why, hold.RouteAsked, hold.Route).ShouldBe(("override: a customer's complaint", "claude", "oai/gpt-4o-mini"));
        hold.Key.ShouldBe(receipt.GetProperty("key").GetString());
        ledger.Status().Single(b => b.Name == "claudes").Spent.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Override_OfAPin_IsRefused()
    {
        await using var fixture = await GatewayFixture.StartAsync(Routes, _data);

        using var response = await SendAsync(
            fixture,
            null,
            "oai/gpt-4o-mini",
            ("x-sluice-override", "other"),
            ("x-sluice-override-because", "wanted")
        );

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("{}", 403)]
    [InlineData("""{"roles":["architect"]}""", 403)]
    [InlineData("""{"roles":["scr*"]}""", 200)]
    [InlineData(null, 200)]
    public async Task Role_CountsWhereTheKeyAllowsIt(string? rules, int status)
    {
        var key = rules is null ? null : Create(rules);
        await using var fixture = await GatewayFixture.StartAsync(Routes, _data);

        using var response = await SendAsync(fixture, key, "claude", ("x-sluice-role", "scribe"));

        ((int)response.StatusCode).ShouldBe(status);
        if (status == 200)
        {
            response.Headers.GetValues("x-sluice-route").Single().ShouldBe("other");
            fixture.Gateway.Engine.Ledger.Status().Single(b => b.Name == "scribes").Spent.Value.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Task_IsKnownToRules()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            Routes.Replace("\"role\": \"scribe\" }, \"use\"", "\"task\": \"summary\" }, \"use\"", StringComparison.Ordinal),
            _data
        );

        using var plain = await SendAsync(fixture, null, "claude");
        using var summary = await SendAsync(fixture, null, "claude", ("x-sluice-task", "summary"));

        plain.Headers.GetValues("x-sluice-route").Single().ShouldBe("claude");
        summary.Headers.GetValues("x-sluice-route").Single().ShouldBe("other");
    }

    /// <summary>A fallback has no role of its own here: what it costs is still the architects'.</summary>
    [Fact]
    public async Task Role_OfTheRouteThatWasAsked_PaysForItsFallback()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": {
              "architect": { "default": true, "role": "architect", "retry": { "attempts": 0 }, "targets": [{{GatewayFixture.Sim(
                "oai",
                "sim-status-503"
            )}}], "fallback": "rest" },
              "rest": { "targets": [{{GatewayFixture.Sim("backup", "sim-ok")}}] }
            },
            "budgets": [{ "name": "architects", "limit": "5 USD", "match": { "role": "architect" } }]
            """
        );

        using var response = await SendAsync(fixture, null, "architect");

        response.Headers.GetValues("x-sluice-route").Single().ShouldBe("rest");
        fixture.Gateway.Engine.Ledger.Status().Single().Spent.Value.ShouldBeGreaterThan(0);
    }

    private string Create(string rules)
    {
        var (secret, key) = KeyRing.Create("test", KeyRules.Parse(rules), DateTimeOffset.UnixEpoch);
        new DataDirectory(_data.Path).Keys.Add(key);
        return secret;
    }

    private static Task<HttpResponseMessage> SendAsync(
        GatewayFixture fixture,
        string? key,
        string model,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(PolicyTests.Asking(model, stream: false)),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
