using System.Net;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.Gemini.GeminiClient;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>What Gemini's clients say in the address, and what they ask of a model besides an answer.</summary>
public sealed class GeminiAddressTests
{
    [Theory]
    [InlineData("/v1beta/models/team/fast:generateContent")]
    [InlineData("/v1beta/models/team%2Ffast:generateContent")]
    [InlineData("/v1/models/team/fast:generateContent")]
    [InlineData("/v1beta/models/gem/gemini-2.5-flash:generateContent")]
    public async Task Client_NamesWithSlashes_Work(string path)
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("team/fast", "\"gem/gemini-2.5-flash\"", null)));

        using var response = await fixture.PostAsync(path, """{"contents":[{"parts":[{"text":"hello"}]}]}""");

        TextOf(await JsonAsync(response)).ShouldBe("You said: hello");
    }

    [Theory]
    [InlineData("/v1/projects/theirs/locations/us-central1/publishers/google/models")]
    [InlineData("/v1beta1/projects/models/locations/global/publishers/google/models")]
    [InlineData("/v1beta1/publishers/google/models")]
    public async Task Client_OfVertex_IsAnsweredByThePolicysProvider(string address)
    {
        await using var fixture = await StartAsync("gem");
        const string Body = """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""";

        using var whole = await fixture.PostAsync($"{address}/r:generateContent", Body);
        using var streamed = await fixture.PostAsync($"{address}/r:streamGenerateContent?alt=sse", Body);
        using var array = await fixture.PostAsync($"{address}/r:streamGenerateContent", Body);
        using var counted = await fixture.PostAsync($"{address}/r:countTokens", Body);
        using var unknown = await fixture.PostAsync($"{address}/nowhere:generateContent", Body);
        using var other = await fixture.Http.GetAsync($"{address[..address.LastIndexOf('/')]}/x", TestContext.Current.CancellationToken);

        TextOf(await JsonAsync(whole)).ShouldBe("You said: hello");
        string.Concat(ChunksOf((await StreamTests.ReadAsync(streamed)).Text).Select(TextOf)).ShouldBe("You said: hello");
        string.Concat((await JsonAsync(array)).EnumerateArray().Select(TextOf)).ShouldBe("You said: hello");
        (await JsonAsync(counted)).GetProperty("totalTokens").GetInt32().ShouldBeGreaterThan(0);
        foreach (var refused in (HttpResponseMessage[])[unknown, other])
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await JsonAsync(refused)).GetProperty("error").GetProperty("status").GetString().ShouldBe("NOT_FOUND");
        }

        fixture
            .Simulator.Requests.Select(r => r.Path)
            .ShouldBe([
                "/v1beta/models/gemini-2.5-flash:generateContent",
                "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                "/v1beta/models/gemini-2.5-flash:countTokens",
            ]);
    }

    [Fact]
    public async Task CountTokens_IsAskedOfGeminiAndEstimatedElsewhere()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("same", "\"gem/gemini-2.5-flash\"", null), ("other", "\"oai/gpt-4o-mini\"", null))
        );
        const string Body =
            """{"generateContentRequest":{"model":"models/same","contents":[{"parts":[{"text":"How many tokens has this?"}]}]}}""";

        using var asked = await fixture.PostAsync($"{Base}/same:countTokens", Body);
        using var estimated = await fixture.PostAsync($"{Base}/other:countTokens", Body);

        (await JsonAsync(asked)).GetProperty("totalTokens").GetInt32().ShouldBeGreaterThan(8);
        asked.Headers.Contains("x-sluice-degraded").ShouldBeFalse();
        var sent = fixture.Simulator.Requests.Single();
        sent.Path.ShouldBe("/v1beta/models/gemini-2.5-flash:countTokens");
        sent.Json.GetProperty("generateContentRequest").GetProperty("model").GetString().ShouldBe("models/gemini-2.5-flash");
        (await JsonAsync(estimated)).GetProperty("totalTokens").GetInt32().ShouldBe((Body.Length + 3) / 4);
        estimated.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("count_tokens");
    }

    [Fact]
    public async Task CountTokens_ProviderFails_IsEstimated()
    {
        await using var fixture = await StartAsync("gem");
        fixture.Simulator.Script("gemini-2.5-flash", new Fault { Status = 500 });

        using var response = await fixture.PostAsync($"{Base}/r:countTokens", """{"contents":[{"parts":[{"text":"abcdefg"}]}]}""");

        (await JsonAsync(response)).GetProperty("totalTokens").GetInt32().ShouldBe(12);
        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("count_tokens");
    }

    [Fact]
    public async Task Models_AreToldInTheAskersShape()
    {
        await using var fixture = await StartAsync("gem");

        var beta = await GetAsync(fixture, "/v1beta/models");
        var asGemini = await GetAsync(fixture, "/v1/models?key=any");
        var one = await GetAsync(fixture, "/v1beta/models/r");
        var asOpenAi = await GetAsync(fixture, "/v1/models/r");
        using var none = await fixture.Http.GetAsync("/v1beta/models/nowhere", TestContext.Current.CancellationToken);

        beta.GetProperty("models")[0].GetProperty("name").GetString().ShouldBe("models/r");
        beta.GetProperty("models")[0].GetProperty("inputTokenLimit").GetInt32().ShouldBe(1_048_576);
        asGemini.GetRawText().ShouldBe(beta.GetRawText());
        one.GetRawText().ShouldBe(beta.GetProperty("models")[0].GetRawText());
        asOpenAi.GetProperty("object").GetString().ShouldBe("model");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await JsonAsync(none)).GetProperty("error").GetProperty("status").GetString().ShouldBe("NOT_FOUND");
    }
}
