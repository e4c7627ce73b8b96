using System.Net;
using System.Text.Json;

namespace Sluice.Gateway.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task Keys_AreNeededFromTheFirstOnAndRevokedAtOnce()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add(
            "Authorization",
            $"Bearer {await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key"), TestContext.Current.CancellationToken)}"
        );
        (await CallAsync(fixture, null)).ShouldBe(HttpStatusCode.OK);

        using var created = await admin.PostAsync("/admin/keys?name=ci", null, TestContext.Current.CancellationToken);
        var key = JsonDocument.Parse(await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        (await CallAsync(fixture, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(fixture, "sk-sluice-wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(fixture, key.GetProperty("key").GetString())).ShouldBe(HttpStatusCode.OK);
        fixture
            .Simulator.Requests.SelectMany(r => r.Headers.Values)
            .ShouldNotContain(v => v.Contains("sk-sluice", StringComparison.Ordinal));
        await admin.DeleteAsync($"/admin/keys/{key.GetProperty("id").GetString()}", TestContext.Current.CancellationToken);
        (await CallAsync(fixture, key.GetProperty("key").GetString())).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Admin_ExistsOnlyOnItsOwnListenerAndWithItsOwnKey()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };

        (await admin.GetAsync("/admin/status", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Http.GetAsync("/admin/status", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    public async Task WebPages_AreKeptOut(string header, string value, HttpStatusCode expected)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation(header, value);

        (await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    [ChangesBehaviour("server.maxBody")]
    public async Task Body_TooLongOrDuplicated_IsRefused()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("chat", "\"oai/gpt-4o-mini\"", null)) + ",\"server\": { \"maxBody\": \"1KB\" }"
        );

        (await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("chat", false, new string('x', 2000)))).StatusCode.ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
        (await fixture.PostAsync("/v1/chat/completions", """{"model":"chat","model":"other","messages":[]}""")).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
        fixture.Simulator.Requests.ShouldBeEmpty();
    }

    [Fact]
    [ChangesBehaviour("server.maxConcurrent")]
    public async Task CallsAtOnce_BeyondTheLimit_AreRefusedWithAWait()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("slow", GatewayFixture.Sim("oai", "sim-slow-20s"), null)) + ",\"server\": { \"maxConcurrent\": 1 }"
        );
        using var leaving = new CancellationTokenSource();
        var first = fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("slow", stream: true), leaving.Token);
        await fixture.Simulator.NextRequestAsync(TestContext.Current.CancellationToken);

        using var second = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("slow", stream: true));

        second.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Models_AreTheRoutesInTheClientsShape()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var anthropic = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        anthropic.Headers.Add("anthropic-version", "2026-10-21");

        var openAi = JsonDocument.Parse(await fixture.Http.GetStringAsync("/v1/models", TestContext.Current.CancellationToken)).RootElement;
        var answer = await fixture.Http.SendAsync(anthropic, TestContext.Current.CancellationToken);
        var listed = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        openAi.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["chat", "claude", "responses"]);
        listed.GetProperty("data")[1].GetProperty("display_name").GetString().ShouldBe("claude");
    }

    [Fact]
    public async Task Stopping_FinishesStreamsInFlight()
    {
        var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("slow", GatewayFixture.Sim("oai", "sim-tokens-30+delay-10ms"), null))
        );
        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("slow", stream: true));

        var reading = StreamTests.ReadAsync(response);
        await fixture.Gateway.DisposeAsync();

        var (text, whole) = await reading;
        whole.ShouldBeTrue();
        text.ShouldContain("[DONE]");
        await fixture.StopUpstreamAsync();
    }

    private static async Task<HttpStatusCode> CallAsync(GatewayFixture fixture, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(FailoverTests.Ask("chat", false)),
        };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var response = await fixture.Http.SendAsync(request);
        return response.StatusCode;
    }
}
