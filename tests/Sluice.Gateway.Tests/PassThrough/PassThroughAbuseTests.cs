using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Gateway.Tests.PassThrough;

public sealed class PassThroughAbuseTests
{
    private const string Budget = ""","budgets": [{ "name": "tiny", "limit": "0.10", "per": "total" }]""";

    [Theory]
    [InlineData("/p/oai/../../admin")]
    [InlineData("/p/oai/files/../../../v2")]
    [InlineData("/p/oai/%2e%2e/admin")]
    [InlineData("/p/oai/%2E./admin")]
    [InlineData("/p/oai/..%2fadmin")]
    [InlineData("/p/oai/files%2f..%2fadmin")]
    [InlineData("/p/oai/..;/admin")]
    [InlineData("/p/oai/%252e%252e/admin")]
    [InlineData("/p/oai/files%5c..%5cadmin")]
    [InlineData("/p/oai/./files")]
    [InlineData("/p/oai//files")]
    [InlineData("/p/oai/files%00")]
    [InlineData("/p/oai/files%3fx=1")]
    [InlineData("/p/oai%2f..%2fx/files")]
    [InlineData("/p/oai")]
    [InlineData("/p/oai/")]
    [InlineData("/p")]
    public async Task Path_ThatCouldBeReadInTwoWays_NeverLeaves(string target)
    {
        await using var fixture = await PassFixture.StartAsync();

        (await fixture.RawAsync(target)).ShouldBeOneOf(400, 404);
        fixture.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("chat/completions")]
    [InlineData("v1/chat/%63ompletions")]
    [InlineData("Chat/Completions")]
    [InlineData("responses")]
    [InlineData("embeddings")]
    [InlineData("messages")]
    [InlineData("anthropic/v1/messages")]
    [InlineData("models/gemini-2.5-pro:streamGenerateContent")]
    [InlineData("publishers/anthropic/models/claude:streamRawPredict")]
    [InlineData("run/gpt-4o-mini")]
    [InlineData("model/gpt-4o-mini/invoke")]
    [InlineData("deployments/x/chat/completions?api-version=1")]
    public async Task WhatIsPaidByTokens_DoesNotPassAtAPricePerCall(string path)
    {
        await using var fixture = await PassFixture.StartAsync();

        using var response = await fixture.SendAsync("POST", $"/p/oai/{path}", new StringContent("{}"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fixture.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task WebSocket_IsRefused()
    {
        await using var fixture = await PassFixture.StartAsync();

        (
            await fixture.RawAsync(
                "/p/oai/realtime?model=x",
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AA==\r\n"
            )
        ).ShouldBe(501);
        fixture.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task UnknownProvider_IsNotFoundWithNearNames()
    {
        await using var fixture = await PassFixture.StartAsync();

        using var response = await fixture.SendAsync("GET", "/p/oau/files");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("did you mean 'oai'");
    }

    [Fact]
    public async Task ProviderThatLetsNothingPass_IsForbidden()
    {
        await using var fixture = await PassFixture.StartAsync(prices: "false");

        using var response = await fixture.SendAsync("GET", "/p/oai/files");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        fixture.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task WebPages_AreKeptOut(string header, string value)
    {
        await using var fixture = await PassFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/p/oai/files");
        request.Headers.TryAddWithoutValidation(header, value);

        (await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        fixture.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyBeyondTheLimit_IsRefused(bool chunked)
    {
        await using var fixture = await PassFixture.StartAsync(rest: ""","server": { "maxBody": "1KB" }""");
        HttpContent body = chunked ? new StreamContent(new MemoryStream(new byte[64 * 1024])) : new ByteArrayContent(new byte[64 * 1024]);
        fixture.Http.DefaultRequestHeaders.TransferEncodingChunked = chunked;

        using var response = await fixture.SendAsync("POST", "/p/oai/files", body);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task CompressedBody_IsRefused()
    {
        await using var fixture = await PassFixture.StartAsync();
        var body = new StringContent("{}");
        body.Headers.ContentEncoding.Add("gzip");

        using var response = await fixture.SendAsync("POST", "/p/oai/files", body);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        fixture.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Budget_WithoutAPrice_RefusesAndNamesTheCure()
    {
        await using var fixture = await PassFixture.StartAsync(prices: """{ "files": { "price": "0" } }""", rest: Budget);

        using var free = await fixture.SendAsync("POST", "/p/oai/files", new StringContent("{}"));
        using var unpriced = await fixture.SendAsync("POST", "/p/oai/images/generations", new StringContent("{}"));
        var text = await unpriced.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        free.StatusCode.ShouldBe(HttpStatusCode.OK);
        unpriced.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        text.ShouldContain("passThrough");
        text.ShouldContain("POST images/generations");
        fixture.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Budget_IsNeverOverspentByCallsAtOnce()
    {
        var twoInside = new CountdownEvent(2);
        var released = new TaskCompletionSource();
        await using var fixture = await PassFixture.StartAsync(
            async http =>
            {
                twoInside.Signal();
                await released.Task;
                await http.Response.WriteAsync("{}");
            },
            rest: Budget
        );

        var calls = Enumerable
            .Range(0, 30)
            .Select(_ => fixture.SendAsync("POST", "/p/oai/images/generations", new StringContent("{}")))
            .ToList();
        var refused = calls.ToList();
        while (refused.Count > 2)
        {
            var answered = await Task.WhenAny(refused);
            (await answered).StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
            refused.Remove(answered);
        }

        released.SetResult();
        var answers = await Task.WhenAll(calls);
        var status = fixture.Gateway.Engine.Ledger.Status().Single();

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(2);
        fixture.Asked.Count.ShouldBe(2);
        await Task.WhenAll(answers.Select(a => a.Content.ReadAsByteArrayAsync()));
        (await fixture.EntriesAsync(2)).Sum(e => e.Settlement.Cost.Dollars).ShouldBe(0.08m);
        fixture.Gateway.Engine.Ledger.Status().Single().Held.Value.ShouldBe(0);
        status.Budget.Limit.Number.ShouldBe(0.10m);
        twoInside.Dispose();
    }

    [Fact]
    public async Task CallerWhoLeavesAfterSending_PaysTheHold()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            await http.Request.Body.CopyToAsync(Stream.Null);
            arrived.SetResult();
            await gone.Task;
        });
        using var leaving = new CancellationTokenSource();

        var calling = fixture.SendAsync("POST", "/p/oai/files", new StringContent("{}"), cancellationToken: leaving.Token);
        await arrived.Task;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => calling);
        await gone.Task;

        var entry = (await fixture.EntriesAsync(1)).Single();
        entry.Settlement.Outcome.ShouldBe(EntryOutcome.Aborted);
        entry.Settlement.Cost.Dollars.ShouldBe(0.04m);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutAnswer_IsNeverTakenForAWholeOne(bool length)
    {
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            http.Response.ContentLength = length ? 1000 : null;
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            // What was sent arrives, which an abort at once would not grant.
            throw new InvalidOperationException("cut");
        });

        using var response = await fixture.SendAsync("POST", "/p/oai/audio/speech", new StringContent("{}"));

        Func<Task> reading = () => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<HttpRequestException>(reading);
        var entry = (await fixture.EntriesAsync(1)).Single();
        entry.Settlement.Outcome.ShouldBe(EntryOutcome.Cut);
        entry.Settlement.Cost.Dollars.ShouldBe(0.04m);
    }

    [Fact]
    public async Task RefusedConnection_CostsNothing()
    {
        await using var fixture = await PassFixture.StartAsync();
        await fixture.StopUpstreamAsync();

        using var response = await fixture.SendAsync("POST", "/p/oai/files", new StringContent("{}"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await fixture.EntriesAsync(1)).Single().Settlement.Cost.ShouldBe(Credits.Zero);
    }
}
