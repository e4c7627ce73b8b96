using System.Net;
using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Gateway.Tests;

/// <summary>Gemini's clients before every provider, and every client before Gemini, through a running gateway.</summary>
public sealed class GeminiTests
{
    private const string Base = "/v1beta/models";

    /// <summary>A target of the same wire and one of each other.</summary>
    public static TheoryData<string> Targets => ["gem", "oai", "ant"];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Plain_IsAnswered(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(fixture, "r", """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""");

        TextOf(answer).ShouldBe("You said: hello");
        answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        answer.GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Stream_IsAnswered(string provider)
    {
        await using var fixture = await StartAsync(provider);

        using var response = await fixture.PostAsync(
            $"{Base}/r:streamGenerateContent?alt=sse",
            """{"contents":[{"parts":[{"text":"one two three"}]}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeTrue();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var chunks = ChunksOf(text);
        chunks.Count.ShouldBeGreaterThan(4);
        string.Concat(chunks.Select(TextOf)).ShouldBe("You said: one two three");
        chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        chunks[^1].GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBe(6);
        text.ShouldNotContain("[DONE]");
        (await fixture.ReceiptAsync(response)).GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Client_SameWire_PassesThroughByteForByte()
    {
        await using var fixture = await StartAsync("gem");
        const string Body =
            """{ "contents" : [{"parts":[{"text":"x","thoughtSignature":"AA=="}]}], "generation_config":{"max_output_tokens":9},"brandNew":[1, 2] }""";

        using var response = await fixture.PostAsync($"{Base}/r:generateContent", Body);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var sent = fixture.Simulator.Requests.Single();
        System.Text.Encoding.UTF8.GetString(sent.Body.Span).ShouldBe(Body);
        sent.Path.ShouldBe("/v1beta/models/gemini-2.5-flash:generateContent");
        sent.Headers["x-goog-api-key"].ShouldBe("secret-KEY");
        sent.Headers.ContainsKey("authorization").ShouldBeFalse();
        answer.ShouldStartWith(
            """{"candidates":[{"content":{"parts":[{"text":"You said: x"}],"role":"model"},"finishReason":"STOP","index":0}]"""
        );
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Tools_GoBothWays(string provider)
    {
        await using var fixture = await StartAsync(provider);
        const string Tools =
            """ "tools":[{"functionDeclarations":[{"name":"weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}},{"name":"time"}]}]""";

        var asked = await AskAsync(fixture, "r", $$$$"""{"contents":[{"role":"user","parts":[{"text":"[tools] go"}]}],{{{{Tools}}}}}""");
        var turn = asked.GetProperty("candidates")[0].GetProperty("content");
        var calls = turn.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("functionCall")).ToList();
        var answer = await AskAsync(
            fixture,
            "r",
            $$$$"""{"contents":[{"role":"user","parts":[{"text":"[tools] go"}]},{{{{turn.GetRawText()}}}},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"output":"sunny"}}},{"functionResponse":{"name":"time","response":{"error":"broken clock"}}}]}],{{{{Tools}}}}}"""
        );

        calls
            .Select(c => (c.GetProperty("name").GetString(), c.GetProperty("args").GetRawText()))
            .ShouldBe([("weather", """{"city":"text"}"""), ("time", "{}")]);
        TextOf(answer).ShouldStartWith("The tools said: sunny; ");
        TextOf(answer).ShouldEndWith("error: broken clock");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Image_IsSeen(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"look"},{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}}]}]}"""
        );

        // Same wire: the body goes as it came, and the provider takes either spelling.
        TextOf(answer).ShouldContain("I see 1 image.");
    }

    [Theory]
    [InlineData("gem")]
    [InlineData("oai")]
    public async Task Client_StructuredOutput_HasItsShape(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"go"}]}],"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}}"""
        );

        TextOf(answer).ShouldBe("""{"n":42}""");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Thinking_IsShownApart(string provider)
    {
        await using var fixture = await StartAsync(provider);

        var answer = await AskAsync(
            fixture,
            "r",
            """{"contents":[{"parts":[{"text":"[think] go"}]}],"generationConfig":{"maxOutputTokens":4096,"thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}}}"""
        );

        var parts = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray().ToList();
        parts[0].GetProperty("thought").GetBoolean().ShouldBeTrue();
        parts[0].GetProperty("text").GetString().ShouldBe("The user wants an answer.");
        parts[^1].GetProperty("text").GetString().ShouldBe("You said: [think] go");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Client_Cut_IsToldInItsOwnShape(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", GatewayFixture.Sim(provider, "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync(
            $"{Base}/r:streamGenerateContent?alt=sse",
            """{"contents":[{"parts":[{"text":"hi"}]}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse("the response must end without its terminating chunk");
        text.ShouldContain("t39");
        text.ShouldNotContain("finishReason");
        var error = ChunksOf(text)[^1].GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(502);
        error.GetProperty("status").GetString().ShouldBe("UNAVAILABLE");
        fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
    }

    [Theory]
    [InlineData("nowhere:generateContent", "{}", 404, "NOT_FOUND")]
    [InlineData("r:generateContent", "{", 400, "INVALID_ARGUMENT")]
    [InlineData("r:streamGenerateContent", "{}", 400, "INVALID_ARGUMENT")]
    [InlineData("r:embedContent", "{}", 404, "NOT_FOUND")]
    [InlineData("limited:generateContent", """{"contents":[]}""", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("bad:generateContent", """{"contents":[]}""", 400, "INVALID_ARGUMENT")]
    [InlineData("down:generateContent", """{"contents":[]}""", 503, "UNAVAILABLE")]
    public async Task Client_Error_HasItsOwnShape(string call, string body, int status, string named)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("r", "\"gem/gemini-2.5-flash\"", null),
                ("limited", GatewayFixture.Sim("gem", "sim-status-429-retry-3600"), null),
                ("bad", GatewayFixture.Sim("gem", "sim-status-400"), null),
                ("down", GatewayFixture.Sim("gem", "sim-status-503"), null)
            )
        );

        using var response = await fixture.PostAsync($"{Base}/{call}", body);
        var error = await JsonAsync(response);

        ((int)response.StatusCode).ShouldBe(status);
        error.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(status);
        error.GetProperty("error").GetProperty("status").GetString().ShouldBe(named);
        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        if (status == 429)
        {
            error.GetProperty("error").GetProperty("details")[0].GetProperty("retryDelay").GetString().ShouldBe("3600s");
        }
    }

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
    [InlineData("status-503")]
    [InlineData("key")]
    [InlineData("quota")]
    [InlineData("error-first")]
    [InlineData("error-role")]
    [InlineData("cut-0")]
    [InlineData("nofinish+tokens-0")]
    [InlineData("html")]
    public async Task Failover_FromGeminiAndToIt_IsSeenByTheClientAsOneAnswer(string fault)
    {
        foreach (
            var (first, second, client) in ((string, string, string)[])
                [("gem", "oai", "chat"), ("gem", "ant", "gemini"), ("ant", "gem", "gemini"), ("oai", "gem", "chat")]
        )
        {
            var model = second switch
            {
                "gem" => "gemini-2.5-flash",
                "ant" => "claude-sonnet-4-6",
                _ => "gpt-4o-mini",
            };
            await using var fixture = await GatewayFixture.StartAsync(
                GatewayFixture.Routes(
                    ("first", GatewayFixture.Sim(first, $"sim-{fault}"), "second"),
                    ("second", $"\"{second}/{model}\"", null)
                )
            );

            using var response = await AskStreamAsync(fixture, client, "first");
            var (text, whole) = await StreamTests.ReadAsync(response);

            whole.ShouldBeTrue(text);
            response.Headers.GetValues("x-sluice-target").Single().ShouldBe($"{second}/{model}");
            text.ShouldContain(client == "chat" ? "[DONE]" : "\"finishReason\":\"STOP\"");
            text.ShouldContain("hello");
            fixture.Gateway.Engine.Ledger.OpenHolds.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Provider_Cut_IsToldToOtherClients(string path)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim("gem", "sim-tokens-60+cut-40"), null))
        );

        using var response = await fixture.PostAsync(
            path,
            """{"model":"cut","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"hi"}]}"""
        );
        var (text, whole) = await StreamTests.ReadAsync(response);

        whole.ShouldBeFalse();
        text.ShouldContain("t39");
        text.ShouldContain("error");
    }

    [Fact]
    public async Task Provider_OtherClients_ReachItWithToolsImagesThinkingAndStructure()
    {
        await using var fixture = await StartAsync("gem");

        using var tools = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","messages":[{"role":"user","content":"[tool] go"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false}}}]}"""
        );
        using var structured = await fixture.PostAsync(
            "/v1/chat/completions",
            """{"model":"r","messages":[{"role":"user","content":[{"type":"text","text":"go"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"b":{"type":"boolean"}}}}}}"""
        );
        using var thinking = await fixture.PostAsync(
            "/v1/messages",
            """{"model":"r","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"[think] go"}]}"""
        );

        var call = (await JsonAsync(tools)).GetProperty("choices")[0];
        call.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        call.GetProperty("message")
            .GetProperty("tool_calls")[0]
            .GetProperty("function")
            .GetProperty("arguments")
            .GetString()
            .ShouldBe("""{"n":42}""");
        (await JsonAsync(structured))
            .GetProperty("choices")[0]
            .GetProperty("message")
            .GetProperty("content")
            .GetString()
            .ShouldBe("""{"b":true}""");
        var blocks = (await JsonAsync(thinking)).GetProperty("content");
        blocks[0].GetProperty("thinking").GetString().ShouldBe("The user wants an answer.");
        blocks[1].GetProperty("text").GetString().ShouldBe("You said: [think] go");
        fixture
            .Simulator.Requests.Last()
            .Json.GetProperty("generationConfig")
            .GetRawText()
            .ShouldBe("""{"maxOutputTokens":4000,"thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signature_ThroughAnotherClient_ComesBackToItsIssuerAndNobodyElse(bool sameTarget)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("r", "\"gem/gemini-2.5-flash\"", null), ("other", "\"gem/gemini-2.5-pro\"", null))
        );
        const string Tools = """ "tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}]""";

        using var first = await fixture.PostAsync(
            "/v1/messages",
            $$$"""{"model":"r","max_tokens":99,"messages":[{"role":"user","content":"[tool] go"}],{{{Tools}}}}"""
        );
        var content = (await JsonAsync(first)).GetProperty("content");
        var id = content[1].GetProperty("id").GetString();
        using var second = await fixture.PostAsync(
            "/v1/messages",
            $$$"""{"model":"{{{(sameTarget ? "r" : "other")}}}","max_tokens":99,"messages":[{"role":"user","content":"[tool] go"},{"role":"assistant","content":{{{content.GetRawText()}}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{id}}}","content":"done"}]}],{{{Tools}}}}"""
        );

        content[0].GetProperty("type").GetString().ShouldBe("thinking");
        content[0].GetProperty("signature").GetString().ShouldNotBe("c2ltdWxhdGVkLXRob3VnaHQ=");
        (await JsonAsync(second)).GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("The tools said: done");
        var sent = fixture.Simulator.Requests.Last().Json.GetProperty("contents")[1].GetProperty("parts").GetRawText();
        sent.ShouldBe(
            sameTarget
                ? """[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2ltdWxhdGVkLXRob3VnaHQ="}]"""
                : """[{"functionCall":{"name":"f","args":{}}}]"""
        );
        second.Headers.TryGetValues("x-sluice-degraded", out var degraded).ShouldBe(!sameTarget);
        (degraded?.Single() ?? "reasoning").ShouldBe("reasoning");
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

    [Fact]
    public async Task FaultyCall_IsTheModelsFaultAndTheNextOneIsAsked()
    {
        using var recordings = new Testing.TempDirectory();
        await File.WriteAllTextAsync(
            recordings.File("fault.json"),
            """{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}],"usageMetadata":{"promptTokenCount":3}}""",
            TestContext.Current.CancellationToken
        );
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("first", GatewayFixture.Sim("gem", "replay:fault.json"), "second"),
                ("second", "\"oai/gpt-4o-mini\"", null)
            ),
            recordings: recordings.Path
        );

        using var response = await fixture.PostAsync($"{Base}/first:generateContent", """{"contents":[{"parts":[{"text":"hello"}]}]}""");

        TextOf(await JsonAsync(response)).ShouldBe("You said: hello");
        (await fixture.ReceiptAsync(response)).GetProperty("attempts")[0].GetProperty("failure").GetString().ShouldBe("ModelFault");
    }

    private static Task<GatewayFixture> StartAsync(string provider) =>
        GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                (
                    "r",
                    provider switch
                    {
                        "gem" => "\"gem/gemini-2.5-flash\"",
                        "ant" => "\"ant/claude-sonnet-4-6\"",
                        _ => "\"oai/gpt-4o-mini\"",
                    },
                    null
                )
            )
        );

    private static async Task<JsonElement> AskAsync(GatewayFixture fixture, string route, string body)
    {
        using var response = await fixture.PostAsync($"{Base}/{route}:generateContent", body);
        var answer = await JsonAsync(response);
        response.IsSuccessStatusCode.ShouldBeTrue(answer.GetRawText());
        return answer;
    }

    private static Task<HttpResponseMessage> AskStreamAsync(GatewayFixture fixture, string client, string route) =>
        client == "chat"
            ? fixture.PostAsync("/v1/chat/completions", FailoverTests.Ask(route, stream: true))
            : fixture.PostAsync($"{Base}/{route}:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"hello"}]}]}""");

    private static async Task<JsonElement> GetAsync(GatewayFixture fixture, string path) =>
        JsonDocument.Parse(await fixture.Http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    private static List<JsonElement> ChunksOf(string text) =>
        [
            .. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(f => JsonDocument.Parse(f["data: ".Length..]).RootElement),
        ];

    private static string TextOf(JsonElement answer) =>
        string.Concat(
            answer
                .GetProperty("candidates")[0]
                .GetProperty("content")
                .GetProperty("parts")
                .EnumerateArray()
                .Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : "")
        );
}
