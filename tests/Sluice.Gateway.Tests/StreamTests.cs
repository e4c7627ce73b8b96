using System.Text;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

public sealed class StreamTests
{
    [Theory]
    [InlineData("oai", "/v1/chat/completions", "data: {\"error\"")]
    [InlineData("ant", "/v1/chat/completions", "data: {\"error\"")]
    [InlineData("oai", "/v1/messages", "event: error")]
    [InlineData("ant", "/v1/messages", "event: error")]
    public async Task Cut_AfterContent_IsToldInTheClientsProtocolAndNeverLooksComplete(string provider, string path, string expected)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("cut", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), "chat"),
                ("chat", "\"oai/gpt-4o-mini\"", null)
            )
        );

        using var response = await fixture.PostAsync(
            path,
            """{"model":"cut","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"""
        );
        var (text, whole) = await ReadAsync(response);

        whole.ShouldBeFalse("the response must end without its terminating chunk");
        text.ShouldContain("t39");
        text.ShouldContain(expected);
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
        var attempt = (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0];
        attempt.GetProperty("outcome").GetString().ShouldBe("Cut");
        attempt.GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("oai")]
    [InlineData("ant")]
    public async Task UnreadableFrame_IsLeftOutAndReported(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("odd", GatewayFixture.Sim(provider, "sim-tokens-5+malformed-3"), null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("odd", stream: true));
        var (text, whole) = await ReadAsync(response);

        whole.ShouldBeTrue();
        text.ShouldContain("[DONE]");
        text.ShouldNotContain("broken");
        (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0].GetProperty("skippedFrames").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("error-5")]
    [InlineData("nofinish+tokens-5")]
    public async Task ErrorOrMissingFinish_AfterContent_IsNeverSuccess(string fault)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("bad", GatewayFixture.Sim("oai", $"sim-{fault}"), null))
        );

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            FailoverTests.Ask("bad", stream: true, "one two three four five six")
        );
        var (text, whole) = await ReadAsync(response);

        // What fails before anything was handed over is a plain error; what fails later ends without the terminating chunk.
        (whole && response.IsSuccessStatusCode).ShouldBeFalse();
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task StallAfterContent_EndsByTheDeadlineBetweenEvents()
    {
        var time = new ManualTimeProvider();
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("stall", GatewayFixture.Sim("oai", "sim-stall-3"), null)),
            time
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("stall", stream: true));
        var read = ReadAsync(response);
        while (!read.IsCompleted)
        {
            await Task.WhenAny(read, time.PassAsync(TimeSpan.FromSeconds(30)));
        }

        var (text, whole) = await read;

        whole.ShouldBeFalse();
        text.ShouldContain("the deadline between two events");
    }

    [Fact]
    public async Task MalformedFrameAmongGoodOnes_IsLeftOut()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("odd", GatewayFixture.Sim("oai", "sim-malformed-2"), null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("odd", stream: true));
        var (text, whole) = await ReadAsync(response);

        whole.ShouldBeTrue();
        text.ShouldNotContain("broken");
        text.ShouldContain("[DONE]");
    }

    [Fact]
    public async Task FinishWithoutDone_IsAccepted()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("short", GatewayFixture.Sim("oai", "sim-noend"), null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("short", stream: true));

        (await ReadAsync(response)).Whole.ShouldBeTrue();
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_IsAskedForAndHiddenUnlessTheClientAsked(bool asked)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = asked ? ",\"stream_options\":{\"include_usage\":true}" : "";

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"chat","stream":true{{options}},"messages":[{"role":"user","content":"hi"}]}"""
        );
        var (text, _) = await ReadAsync(response);

        text.Contains("\"choices\":[],\"usage\"", StringComparison.Ordinal).ShouldBe(asked);
        (await fixture.ReceiptAsync(response)).GetProperty("usage").GetProperty("evidence").GetString().ShouldBe("Reported");
    }

    [Fact]
    public async Task SameWire_AnswerPassesByteForByte()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var direct = new HttpClient { BaseAddress = fixture.Upstream };
        const string Body = """{"model":"MODEL","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"héllo 🌍"}]}""";

        using var through = await fixture.PostAsync("/v1/messages", Body.Replace("MODEL", "claude", StringComparison.Ordinal));
        using var straight = await direct.PostAsync(
            "/v1/messages",
            new StringContent(Body.Replace("MODEL", "claude-sonnet-4-6", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken
        );

        (await through.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(
            await straight.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task SameWire_RequestDiffersOnlyInItsSplices()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        const string Body =
            """{ "temperature":0.10, "x_unknown" : {"b":1,"a":[ ]}, "model" : "claude","max_tokens":50,"messages":[{"role":"user","content":"h\u00e9llo"}]}""";

        using var response = await fixture.PostAsync("/v1/messages", Body);

        Encoding
            .UTF8.GetString(fixture.Simulator.Requests.Single().Body.Span)
            .ShouldBe(Body.Replace("\"claude\"", "\"claude-sonnet-4-6\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ClientGoesAway_ProviderIsCancelledAndWhatWasUsedIsBooked()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("long", GatewayFixture.Sim("oai", "sim-tokens-5000+delay-20ms"), null))
        );
        using var leaving = new CancellationTokenSource();
        var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("long", stream: true), leaving.Token);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[64], TestContext.Current.CancellationToken);
        var request = fixture.Simulator.Requests.Single();

        await stream.DisposeAsync();
        response.Dispose();

        await request.ClientGone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var ledger = fixture.Gateway.Engine.Ledger;
        while (ledger.Store.List(1).Count == 0)
        {
            await Task.Yield();
            ledger.Writer.Drain();
        }

        var entry = ledger.Store.List(1).Single();
        ledger.OpenHolds.ShouldBe(0);
        entry.Settlement.Outcome.ShouldBe(Sluice.Ledger.EntryOutcome.Aborted);
        entry.Settlement.Cost.Nano.ShouldBeGreaterThan(0);
        entry.Settlement.Cost.ShouldBeLessThanOrEqualTo(entry.Hold.Amount);
    }

    [Fact]
    public async Task OneByteDeltas_ArriveWhole()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("bytes", GatewayFixture.Sim("ant", "sim-bytes"), null))
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask("bytes", stream: true));
        var (text, whole) = await ReadAsync(response);

        whole.ShouldBeTrue();
        string.Concat(text.Split("\"content\":\"").Skip(2).Select(p => p[..1])).ShouldBe("You said: hello");
    }

    internal static async Task<(string Text, bool Whole)> ReadAsync(HttpResponseMessage response)
    {
        var received = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(received);
            return (Encoding.UTF8.GetString(received.ToArray()), true);
        }
        catch (HttpRequestException)
        {
            return (Encoding.UTF8.GetString(received.ToArray()), false);
        }
    }
}
