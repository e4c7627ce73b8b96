using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Ledger;
using Sluice.Money;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.PassThrough;

public sealed class PassThroughTests
{
    [Fact]
    public async Task Request_PassesWithTheProvidersCredentialAndNoneOfTheClients()
    {
        await using var fixture = await PassFixture.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/p/oai/files?purpose=batch&key=sk-client&limit=2")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        foreach (var name in (string[])["authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie", "x-forwarded-for", "x-future"])
        {
            request.Headers.TryAddWithoutValidation(name, "Bearer sk-client");
        }

        request.Headers.Add("OpenAI-Organization", "org-1");
        request.Headers.Add("Idempotency-Key", "once");
        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (asked, headers) = fixture.Asked.Single();
        asked.ShouldBe("POST /v1/files?purpose=batch&limit=2");
        headers["authorization"].ShouldBe("Bearer secret-KEY");
        headers.Keys.ShouldBe(
            ["authorization", "content-length", "content-type", "host", "idempotency-key", "openai-organization"],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("GET", "/p/oai/v1/files/x", "GET /v1/files/x")]
    [InlineData("DELETE", "/p/oai/files/x", "DELETE /v1/files/x")]
    [InlineData("PATCH", "/p/ant/v1/messages/batches/b", "PATCH /v1/messages/batches/b")]
    [InlineData("PUT", "/p/oai/a%20b/c:d?x=%26", "PUT /v1/a%20b/c:d?x=%26")]
    public async Task EveryMethod_PassesToThePathBelowTheBase(string method, string path, string asked)
    {
        await using var fixture = await PassFixture.StartAsync();

        using var response = await fixture.SendAsync(method, path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Asked.Single().Request.ShouldBe(asked);
    }

    [Fact]
    public async Task SignedProvider_IsAskedWithASignature()
    {
        await using var fixture = await PassFixture.StartAsync();

        using var response = await fixture.SendAsync("POST", "/p/aws/async-invoke");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (asked, headers) = fixture.Asked.Single();
        asked.ShouldBe("POST /async-invoke");
        headers["authorization"].ShouldStartWith("AWS4-HMAC-SHA256 Credential=secret-KEY/");
    }

    [Fact]
    public async Task Answer_PassesWithoutCookiesAndPlaces()
    {
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            http.Response.StatusCode = 201;
            http.Response.Headers.SetCookie = "session=1";
            http.Response.Headers.Location = "http://internal/";
            http.Response.Headers["x-request-id"] = "req_1";
            http.Response.Headers["x-internal"] = "1";
            http.Response.Headers.ETag = "\"e\"";
            http.Response.ContentType = "audio/mpeg";
            http.Response.ContentLength = 3;
            await http.Response.Body.WriteAsync(new byte[] { 1, 2, 3 });
        });

        using var response = await fixture.SendAsync("POST", "/p/oai/audio/speech", new StringContent("{}"));

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe([1, 2, 3]);
        response.Content.Headers.ContentType!.ToString().ShouldBe("audio/mpeg");
        response.Content.Headers.ContentLength.ShouldBe(3);
        response
            .Headers.Select(h => h.Key.ToLowerInvariant())
            .Where(n => n is not ("date" or "transfer-encoding"))
            .ShouldBe(
                ["etag", "x-request-id", "x-sluice-attempts", "x-sluice-call", "x-sluice-cost", "x-sluice-route", "x-sluice-target"],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Call_IsBookedAtItsPriceOnce()
    {
        await using var fixture = await PassFixture.StartAsync(
            prices: """{ "*": { "price": "1" }, "images/*": { "price": "0.04" }, "GET files/*": { "price": "0" } }"""
        );

        using var image = await fixture.SendAsync("POST", "/p/oai/images/generations", new StringContent("{}"));
        using var file = await fixture.SendAsync("GET", "/p/oai/files/file-1234567890");
        var receipt = await fixture.ReceiptAsync(image);
        var entries = await fixture.EntriesAsync(2);

        image.Headers.GetValues("x-sluice-cost").Single().ShouldBe("0.04");
        image.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/POST images/generations");
        file.Headers.GetValues("x-sluice-cost").Single().ShouldBe("0");
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("cost").GetDecimal().ShouldBe(0.04m);
        entries.Select(e => e.Settlement.Cost.Dollars).ShouldBe([0.04m, 0m]);
        entries.Select(e => e.Hold.Model).ShouldBe(["POST images/generations", "GET files/{id}"]);
        entries.ShouldAllBe(e => e.Hold.RouteAsked == "p/oai" && e.Settlement.Outcome == EntryOutcome.Completed);
    }

    [Theory]
    [InlineData("", HttpStatusCode.PaymentRequired)]
    [InlineData(", \"unknownPrice\": \"refuse\"", HttpStatusCode.PaymentRequired)]
    [InlineData(", \"unknownPrice\": \"allow\"", HttpStatusCode.OK)]
    [InlineData(", \"mode\": \"soft\"", HttpStatusCode.OK)]
    [InlineData(", \"match\": { \"provider\": \"ant\" }", HttpStatusCode.OK)]
    [ChangesBehaviour("budget.unknownPrice")]
    public async Task Unpriced_PassesABudgetThatAllowsIt(string option, HttpStatusCode expected)
    {
        await using var fixture = await PassFixture.StartAsync(
            prices: "{}",
            rest: $$""","budgets": [{ "name": "month", "limit": "1 USD"{{option}} }]"""
        );

        using var response = await fixture.SendAsync("POST", "/p/oai/v1/files", new StringContent("{}"));

        response.StatusCode.ShouldBe(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        fixture.Asked.Count.ShouldBe(expected == HttpStatusCode.OK ? 1 : 0);
    }

    [Fact]
    public async Task Unpriced_PassesWithoutABudgetAndSaysThatNobodyKnows()
    {
        await using var fixture = await PassFixture.StartAsync(prices: "{}");

        using var response = await fixture.SendAsync("POST", "/p/oai/moderations", new StringContent("{}"));

        response.Headers.GetValues("x-sluice-cost").Single().ShouldBe("unknown");
        var entry = (await fixture.EntriesAsync(1)).Single();
        entry.Settlement.Cost.ShouldBe(Credits.Zero);
        entry.Settlement.Usage.Evidence.ShouldBe(UsageEvidence.Unknown);
    }

    [Theory]
    [InlineData(404, 404, "passes as it is")]
    [InlineData(429, 429, "passes as it is")]
    [InlineData(500, 500, "passes as it is")]
    [InlineData(302, 502, "redirect (302), which is not followed")]
    [InlineData(307, 502, "redirect (307), which is not followed")]
    [InlineData(401, 502, "did not accept this gateway's credential")]
    public async Task NoSuccess_CostsNothingAndIsNeverTriedAgain(int answered, int status, string words)
    {
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = answered;
            http.Response.Headers.Location = "/v1/elsewhere";
            await http.Response.WriteAsync("passes as it is: secret-KEY of the provider");
        });

        using var response = await fixture.SendAsync("POST", "/p/oai/fine_tuning/jobs", new StringContent("{}"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        text.ShouldContain(words);
        fixture.Asked.Count.ShouldBe(1);
        var entry = (await fixture.EntriesAsync(1)).Single();
        entry.Settlement.Cost.ShouldBe(Credits.Zero);
        entry.Settlement.Outcome.ShouldBe(EntryOutcome.Failed);
        if (answered == 401)
        {
            text.ShouldNotContain("secret");
        }
    }

    [Fact]
    public async Task Body_ReachesTheProviderWhileItIsStillBeingSent()
    {
        var firstPiece = new TaskCompletionSource();
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            _ = await http.Request.Body.ReadAtLeastAsync(new byte[8192], 8192);
            firstPiece.SetResult();
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("done");
        });

        using var response = await fixture.SendAsync("POST", "/p/oai/files", new TwoPieces(8192, firstPiece.Task));

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("done");
    }

    [Fact]
    public async Task Answer_ReachesTheClientWhileItIsStillBeingSent()
    {
        var seen = new TaskCompletionSource();
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: 1\n\n");
            await http.Response.Body.FlushAsync();
            await seen.Task;
            await http.Response.WriteAsync("data: 2\n\n");
        });

        using var response = await fixture.SendAsync("POST", "/p/oai/images/generations", new StringContent("{}"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("data: 1");
        seen.SetResult();

        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("data: 2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LongBodies_PassWholeBothWays(bool chunked)
    {
        await using var fixture = await PassFixture.StartAsync(async http =>
        {
            // Whole first: no client reads an answer before it has sent everything.
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            http.Response.ContentLength = http.Request.ContentLength;
            await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
        });
        var sent = new byte[24 * 1024 * 1024];
        new Random(3).NextBytes(sent);
        HttpContent body = chunked ? new StreamContent(new MemoryStream(sent)) : new ByteArrayContent(sent);
        if (chunked)
        {
            fixture.Http.DefaultRequestHeaders.TransferEncodingChunked = true;
        }

        using var response = await fixture.SendAsync("POST", "/p/oai/files", body);

        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Fact]
    public async Task Head_PassesWithoutABody()
    {
        await using var fixture = await PassFixture.StartAsync(http =>
        {
            http.Response.ContentLength = 1234;
            return Task.CompletedTask;
        });

        using var response = await fixture.SendAsync("HEAD", "/p/oai/files/file-1234567890/content");

        response.Content.Headers.ContentLength.ShouldBe(1234);
        (await fixture.EntriesAsync(1)).Single().Settlement.Outcome.ShouldBe(EntryOutcome.Completed);
    }

    [Fact]
    public async Task Deadline_EndsTheCallAndBooksTheHold()
    {
        var time = new ManualTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var fixture = await PassFixture.StartAsync(
            async http =>
            {
                await http.Request.Body.CopyToAsync(Stream.Null);
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            },
            time: time
        );
        fixture.Http.DefaultRequestHeaders.Add("x-sluice-deadline", "5s");

        var calling = fixture.SendAsync("POST", "/p/oai/files", new StringContent("{}"));
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(6));
        using var response = await calling;

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await fixture.EntriesAsync(1)).Single().Settlement.Cost.Dollars.ShouldBe(0.04m);
    }

    [Fact]
    public async Task Provider_OfAnthropic_IsToldAndTellsItsOwnWay()
    {
        await using var fixture = await PassFixture.StartAsync(rest: ""","budgets": [{ "name": "month", "limit": "1" }]""");
        fixture.Http.DefaultRequestHeaders.Add("anthropic-beta", "files-api-2025-04-14");

        using var refused = await fixture.SendAsync("POST", "/p/ant/v1/files", new StringContent("{}"));
        var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        refused.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("billing_error");
        error.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("\"passThrough\": { \"POST v1/files\": { \"price\"");
        fixture.Asked.ShouldBeEmpty();
    }

    /// <summary>Sends its second half when it may.</summary>
    private sealed class TwoPieces(int length, Task second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[length]);
            await stream.FlushAsync();
            await second;
            await stream.WriteAsync(new byte[length]);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 2L * length;
            return true;
        }
    }
}
