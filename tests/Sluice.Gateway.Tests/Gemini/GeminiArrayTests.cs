using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Testing;
using static Sluice.Gateway.Tests.Gemini.GeminiClient;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>Streams of clients that do not ask for events: one JSON array that grows as the answer comes.</summary>
public sealed class GeminiArrayTests
{
    private const string Ask = """{"contents":[{"parts":[{"text":"one two three"}]}]}""";

    private const string First =
        """{"candidates":[{"content":{"parts":[{"text":"Hé, \"]\" "}],"role":"model"},"index":0}],"brandNew":[1, 2],"modelVersion":"m"}""";

    private const string Last =
        """{"candidates":[{"content":{"parts":[{"text":"you"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2},"modelVersion":"m"}""";

    [Theory]
    [InlineData("")]
    [InlineData("?alt=json")]
    [InlineData("?key=any&prettyPrint=false")]
    public async Task SameWire_IsTheProvidersChunksByteForByte(string query)
    {
        using var recordings = new TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("a.sse"),
            $"data: {First}\r\n\r\ndata: {Last}\r\n\r\n",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim("gem", "replay:a.sse"), null)),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent{query}", Ask);
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        text.ShouldBe($"[{First}\n,\r\n{Last}\n]\n");
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=UTF-8");
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("usage").GetProperty("outputTokens").GetInt32().ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task EveryTarget_AnswersTheSameAsWithEvents(string provider)
    {
        await using var fixture = await StartAsync(provider);

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);
        var (text, whole) = await StreamTests.ReadAsync(response);
        using var events = await fixture.PostAsync($"{Base}/r:streamGenerateContent?alt=sse", Ask);
        var chunks = ChunksOf((await StreamTests.ReadAsync(events)).Text);

        whole.ShouldBeTrue();
        var elements = JsonDocument.Parse(text).RootElement.EnumerateArray().ToList();
        elements.Select(TextOf).ShouldBe(chunks.Select(TextOf));
        elements[^1].GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBe(6);
        text.ShouldStartWith("[{");
        text.ShouldEndWith("}\n]\n");
        text.Split("\n,\r\n").Length.ShouldBe(chunks.Count);
        var receipt = await fixture.ReceiptAsync(response);
        receipt.GetProperty("complete").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("usage").GetProperty("outputTokens").GetInt32().ShouldBe(6);
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Chunks_ArriveWhileTheProviderIsStillSpeaking(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, "sim-tokens-60+stall-5"), null))
        );

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var received = "";
        var buffer = new byte[4096];
        while (!received.Contains("t5\"", StringComparison.Ordinal) || !IsArray(received + "]"))
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            read.ShouldBeGreaterThan(0);
            received += Encoding.UTF8.GetString(buffer, 0, read);
        }

        received.ShouldStartWith("[{");
        received.ShouldNotContain("t6");
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Cut_IsAnErrorInTheArrayThatHasNoEnd(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse("the response must end without its terminating chunk");
        text.ShouldContain("t39");
        text.ShouldNotContain("finishReason");
        text.TrimEnd().ShouldNotEndWith("]");
        var error = JsonDocument.Parse(text + "]").RootElement.EnumerateArray().Last().GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(502);
        error.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("nowhere", 404, "NOT_FOUND")]
    [InlineData("limited", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("down", 503, "UNAVAILABLE")]
    public async Task Error_BeforeTheFirstChunk_IsTheOnlyElement(string route, int status, string named)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("limited", GatewayFixture.Sim("gem", "sim-status-429-retry-3600"), null),
                ("down", GatewayFixture.Sim("oai", "sim-status-503"), null)
            )
        );

        using var response = await fixture.PostAsync($"{Base}/{route}:streamGenerateContent", Ask);
        var answer = await JsonAsync(response);

        ((int)response.StatusCode).ShouldBe(status);
        answer.GetArrayLength().ShouldBe(1);
        answer[0].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(status);
        answer[0].GetProperty("error").GetProperty("status").GetString().ShouldBe(named);
    }

    [Fact]
    public async Task WithoutAKey_TheRefusalIsAnArrayToo()
    {
        await using var fixture = await StartAsync("gem");
        await fixture.KeyAsync("ci");

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await JsonAsync(response))[0].GetProperty("error").GetProperty("status").GetString().ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task Failover_IsSeenAsOneAnswer()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim("gem", "sim-error-role"), "second"), ("second", "\"oai/gpt-4o-mini\"", null))
        );

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);
        var answer = await JsonAsync(response);

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/gpt-4o-mini");
        string.Concat(answer.EnumerateArray().Select(TextOf)).ShouldBe("You said: one two three");
    }

    [Fact]
    public async Task ModelThatCannotStream_AnswersAnArray()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim("cfa", "sim-nostream"), null))
        );

        using var response = await fixture.PostAsync($"{Base}/r:streamGenerateContent", Ask);
        var answer = await JsonAsync(response);

        string.Concat(answer.EnumerateArray().Select(TextOf)).ShouldBe("You said: one two three");
    }

    [Theory]
    [MemberData(nameof(Targets), MemberType = typeof(GeminiClient))]
    public async Task Receipt_ForThoseWhoAsk_IsTheLastElement(string provider)
    {
        await using var fixture = await StartAsync(provider);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Base}/r:streamGenerateContent")
        {
            Content = new StringContent(Ask),
            Headers = { { "x-sluice-receipt", "1" } },
        };

        using var response = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var elements = (await JsonAsync(response)).EnumerateArray().ToList();

        elements[^1].GetProperty("sluice").GetProperty("complete").GetBoolean().ShouldBeTrue();
        elements[^2].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
    }

    private static bool IsArray(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
