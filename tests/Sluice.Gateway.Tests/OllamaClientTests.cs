using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>What clients of Ollama find: streams by default, every member they need, errors in one word, models that are routes.</summary>
public sealed class OllamaClientTests
{
    [Theory]
    [InlineData("/api/chat", """{"model":"chat","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/api/generate", """{"model":"chat","prompt":"hi"}""")]
    public async Task StreamsByDefault_AndTheLastLineHasTheFigures(string path, string body)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        using var response = await fixture.PostAsync(path, body);
        var lines = await LinesAsync(response);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        lines.ShouldAllBe(l =>
            l.GetProperty("created_at").GetDateTimeOffset().Offset == TimeSpan.Zero && l.GetProperty("model").GetString() == "gpt-4o-mini"
        );
        lines.SkipLast(1).ShouldAllBe(l => !l.GetProperty("done").GetBoolean());
        var last = lines[^1];
        (last.GetProperty("done").GetBoolean(), last.GetProperty("done_reason").GetString()).ShouldBe((true, "stop"));
        foreach (var name in new[] { "total_duration", "prompt_eval_count", "eval_count" })
        {
            last.GetProperty(name).GetInt64().ShouldBeGreaterThan(0, name);
        }

        foreach (var name in new[] { "load_duration", "prompt_eval_duration", "eval_duration" })
        {
            last.GetProperty(name).GetInt64().ShouldBeGreaterThanOrEqualTo(0, name);
        }
    }

    [Fact]
    public async Task SameWire_RequestDiffersOnlyInItsSplices_AndLinesPassAsTheyAre()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("route", GatewayFixture.Sim("oll", "m"), null)));
        const string Body =
            """{ "x_unknown":[1 ], "model" : "route","options":{"num_ctx":8192, "num_predict":50},"keep_alive":"1m","messages":[{"role":"user","content":"h\u00e9llo"}]}""";

        using var response = await fixture.PostAsync("/api/chat", Body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        System
            .Text.Encoding.UTF8.GetString(fixture.Simulator.Requests.Single().Body.Span)
            .ShouldBe(Body.Replace("\"route\"", "\"m\"", StringComparison.Ordinal));
        fixture.Simulator.Requests.Single().Path.ShouldBe("/api/chat");
        text.ShouldContain("\"created_at\":\"2026-01-15T12:00:00.000001Z\"");
        text.ShouldContain("\"load_duration\":10000000");
    }

    [Fact]
    public async Task Receipt_IsALineOfItsOwn_OnlyWhenAsked()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat")
        {
            Content = new StringContent(new WireClient("ollama").Ask("chat", stream: true)),
            Headers = { { "x-sluice-receipt", "1" } },
        };

        using var asked = await fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var other = await fixture.PostAsync("/api/chat", new WireClient("ollama").Ask("chat", stream: true));

        var lines = await LinesAsync(asked);
        lines[^2].GetProperty("done").GetBoolean().ShouldBeTrue();
        lines[^1].GetProperty("sluice").GetProperty("complete").GetBoolean().ShouldBeTrue();
        (await LinesAsync(other)).SelectMany(l => l.EnumerateObject()).ShouldNotContain(m => m.Name == "sluice");
    }

    [Theory]
    [InlineData("/api/chat", """{"model":"nothing","messages":[]}""", 404)]
    [InlineData("/api/chat", """{"model":""", 400)]
    [InlineData("/api/generate", """{"model":"chat","prompt":"a","suffix":"b"}""", 400)]
    [InlineData("/api/show", """{"model":"nothing"}""", 404)]
    [InlineData("/api/show", "[", 400)]
    public async Task Error_IsOneMember(string path, string body, int status)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        using var response = await fixture.PostAsync(path, body);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        ((int)response.StatusCode).ShouldBe(status);
        error.EnumerateObject().Single().Name.ShouldBe("error");
        error.GetProperty("error").GetString().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task SinglePrompt_MembersNoChatHas_AreNamedInTheHeader()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("route", GatewayFixture.Sim("oll", "m"), null)));

        using var response = await fixture.PostAsync(
            "/api/generate",
            """{"model":"route","prompt":"hi","raw":true,"template":"t","context":[1],"system":"be brief"}"""
        );

        response.Headers.GetValues("x-sluice-degraded").Single().ShouldBe("raw, template, context");
        var messages = fixture.Simulator.Requests.Single().Json.GetProperty("messages");
        messages[0].GetProperty("content").GetString().ShouldBe("be brief");
        messages[1].GetProperty("content").GetString().ShouldBe("hi");
    }

    [Fact]
    public async Task ToolResults_GoBackToTheCallsTheyAnswer()
    {
        await using var fixture = await GatewayFixture.StartAsync(GatewayFixture.Routes(("route", GatewayFixture.Sim("ant", "m"), null)));

        using var response = await fixture.PostAsync(
            "/api/chat",
            """{"model":"route","stream":false,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"a","arguments":{"x":1}}},{"function":{"name":"b","arguments":{}}}]},{"role":"tool","tool_name":"b","content":"two"},{"role":"tool","tool_name":"a","content":"one"}]}"""
        );

        (await LinesAsync(response))
            .Single()
            .GetProperty("message")
            .GetProperty("content")
            .GetString()
            .ShouldBe("The tools said: two; one");
        var messages = fixture.Simulator.Requests.Single().Json.GetProperty("messages");
        messages[1].GetProperty("content")[0].GetProperty("id").GetString().ShouldBe("call_0");
        messages[2].GetProperty("content")[0].GetProperty("tool_use_id").GetString().ShouldBe("call_1");
    }

    [Fact]
    public async Task Models_AreRoutes_WithWhatTheyCanDo()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(
                ("both", "\"oai/gpt-4o-mini\", \"ant/claude-sonnet-4-6\"", null),
                ("claude", "\"ant/claude-sonnet-4-6\"", null)
            )
        );

        var tags = await GetAsync(fixture, "/api/tags");
        var shown = await ShowAsync(fixture, """{"model":"both"}""");
        var thinking = await ShowAsync(fixture, """{"name":"claude"}""");

        tags.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("model").GetString()).ShouldBe(["both", "claude"]);
        tags.GetProperty("models")[0].GetProperty("details").GetProperty("families").GetArrayLength().ShouldBe(1);
        Capabilities(shown).ShouldBe(["completion", "tools", "vision"]);
        Capabilities(thinking).ShouldBe(["completion", "tools", "vision", "thinking"]);
        shown.GetProperty("model_info").GetProperty("sluice.context_length").GetInt32().ShouldBe(128_000);
        Version.Parse((await GetAsync(fixture, "/api/version")).GetProperty("version").GetString()!).ShouldBeGreaterThan(new Version(0, 9));
        (await GetAsync(fixture, "/api/ps")).GetProperty("models").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task WithoutAKey_NothingIsTold()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using var admin = new HttpClient { BaseAddress = fixture.Gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add(
            "Authorization",
            $"Bearer {await File.ReadAllTextAsync(Path.Combine(fixture.Data, "admin.key"), TestContext.Current.CancellationToken)}"
        );
        using var created = await admin.PostAsync("/admin/keys?name=ci", null, TestContext.Current.CancellationToken);
        created.IsSuccessStatusCode.ShouldBeTrue();

        foreach (var path in new[] { "/api/tags", "/api/ps" })
        {
            using var response = await fixture.Http.GetAsync(path, TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBe(401);
        }

        using var shown = await fixture.PostAsync("/api/show", """{"model":"chat"}""");
        ((int)shown.StatusCode).ShouldBe(401);
    }

    private static async Task<List<JsonElement>> LinesAsync(HttpResponseMessage response) =>
        [
            .. (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonDocument.Parse(l).RootElement),
        ];

    private static async Task<JsonElement> GetAsync(GatewayFixture fixture, string path) =>
        JsonDocument.Parse(await fixture.Http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    private static async Task<JsonElement> ShowAsync(GatewayFixture fixture, string body)
    {
        using var response = await fixture.PostAsync("/api/show", body);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    private static IEnumerable<string?> Capabilities(JsonElement shown) =>
        shown.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString());
}
