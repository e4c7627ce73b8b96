using System.Net;

namespace Sluice.Gateway.Tests.Routing;

/// <summary>Who comes first and who is passed over, over sockets.</summary>
public sealed class SelectionTests
{
    private const string Image =
        """[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]""";

    private static string Model(string name, string rest) => $$""" "{{name}}": { "price": { "input": "1", "output": "2" }, {{rest}} } """;

    [Theory]
    [InlineData("\"go\"", "", "oai/blind")]
    [InlineData(Image, "", "backup/sees")]
    [InlineData("\"go\"", ""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]""", "backup/sees")]
    [ChangesBehaviour("model.tools", "model.vision")]
    public async Task Target_ThatCannotDoIt_IsPassedOver(string content, string more, string target)
    {
        await using var fixture = await StartAsync(
            """ "r": { "targets": ["oai/blind", "backup/sees"] } """,
            Model("oai/blind", "\"vision\": false, \"tools\": false"),
            Model("backup/sees", "\"vision\": true, \"tools\": true")
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Body("r", content, more));

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);
        var rejections = (await fixture.ReceiptAsync(response)).GetProperty("rejections").EnumerateArray().ToList();
        rejections.Select(r => r.GetProperty("gate").GetString()).ShouldBe(target == "oai/blind" ? [] : ["capability"]);
    }

    /// <summary>Where nobody sees it, it is left out, as the route wants it.</summary>
    [Fact]
    public async Task Image_ThatNobodySees_IsLeftOutAndSaid()
    {
        await using var fixture = await StartAsync(""" "r": { "targets": ["ant/blind"] } """, Model("ant/blind", "\"vision\": false"));

        using var response = await fixture.PostAsync("/v1/chat/completions", Body("r", Image));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Contains("x-sluice-degraded").ShouldBeTrue();
    }

    [Theory]
    [InlineData(1_000, "oai/small")]
    [InlineData(60_000, "backup/large")]
    [ChangesBehaviour("model.contextWindow")]
    public async Task Target_WithTooSmallAWindow_IsPassedOver(int bytes, string target)
    {
        await using var fixture = await StartAsync(
            """ "r": { "targets": ["oai/small"], "fallback": { "ContextTooLong": "long" } }, "long": { "default": true, "targets": ["backup/large"] } """,
            Model("oai/small", "\"contextWindow\": 10000"),
            Model("backup/large", "\"contextWindow\": 100000")
        );

        using var response = await fixture.PostAsync(
            "/v1/chat/completions",
            Body("r", $"\"{string.Concat(Enumerable.Repeat("word ", bytes / 5))}\"")
        );

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe(target);
    }

    [Fact]
    [ChangesBehaviour("route.order")]
    public async Task Cheapest_IsTakenAndTheReceiptSaysWhy()
    {
        await using var fixture = await StartAsync(
            """ "r": { "order": "cheapest", "targets": ["oai/dear", "backup/cheap"] } """,
            """ "oai/dear": { "price": { "input": "10", "output": "20" } } """,
            Model("backup/cheap", "\"tools\": true")
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Body("r", "\"go\""));

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/cheap");
        var order = (await fixture.ReceiptAsync(response)).GetProperty("order").EnumerateArray().ToList();
        order.Select(p => p.GetProperty("target").GetString()).ShouldBe(["backup/cheap", "oai/dear"]);
        order[0].GetProperty("reason").GetString()!.ShouldEndWith("USD at most");
    }

    [Fact]
    [ChangesBehaviour("model.retires")]
    public async Task Retired_IsNeverChosenByItself()
    {
        await using var fixture = await StartAsync(
            """ "r": { "order": "cheapest", "targets": ["oai/gone", "backup/here"] }, "listed": { "default": true, "targets": ["oai/gone"] } """,
            """ "oai/gone": { "price": { "input": "0.1", "output": "0.1" }, "retires": "2020-01-01" } """,
            Model("backup/here", "\"tools\": true")
        );

        using var ordered = await fixture.PostAsync("/v1/chat/completions", Body("r", "\"go\""));
        using var byModel = await fixture.PostAsync("/v1/chat/completions", Body("gone", "\"go\""));
        using var listed = await fixture.PostAsync("/v1/chat/completions", Body("listed", "\"go\""));
        using var pinned = await fixture.PostAsync("/v1/chat/completions", Body("oai/gone", "\"go\""));

        ordered.Headers.GetValues("x-sluice-target").Single().ShouldBe("backup/here");
        byModel.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await byModel.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("oai/gone");
        listed.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/gone");
        pinned.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/gone");
        fixture.Gateway.Engine.Configuration.Current.Warnings.ShouldContain(
            "routes.listed: oai/gone is retired, on 2020-01-01; choose another model"
        );
        (await fixture.ReceiptAsync(listed))
            .GetProperty("degradations")[0]
            .GetProperty("action")
            .GetString()
            .ShouldBe("gone is retired, on 2020-01-01");
    }

    [Fact]
    [ChangesBehaviour("model.billedElsewhere")]
    public async Task BilledElsewhere_IsNeverChosenByItself()
    {
        await using var fixture = await StartAsync(
            """ "r": { "default": true, "targets": ["backup/here"] } """,
            Model("oai/theirs", "\"billedElsewhere\": true"),
            Model("backup/here", "\"tools\": true")
        );

        using var byModel = await fixture.PostAsync("/v1/chat/completions", Body("theirs", "\"go\""));
        using var pinned = await fixture.PostAsync("/v1/chat/completions", Body("oai/theirs", "\"go\""));

        byModel.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        pinned.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Chance would send twenty turns to both; a tool loop stays with who answered its first.</summary>
    [Theory]
    [InlineData("auto", TurnKind.ToolResult, 1)]
    [InlineData("auto", TurnKind.CacheMark, 1)]
    [InlineData("auto", TurnKind.Signature, 1)]
    [InlineData("auto", TurnKind.CacheKey, 1)]
    [InlineData("auto", TurnKind.Plain, 2)]
    [InlineData("off", TurnKind.ToolResult, 2)]
    [ChangesBehaviour("route.affinity")]
    public async Task Conversation_ToWhichItMatters_StaysWithWhoAnsweredIt(string affinity, TurnKind kind, int targets)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            $$"""
            "routes": { "r": { "default": true, "order": "weighted", "affinity": "{{affinity}}", "targets": [
              {{GatewayFixture.Sim("oai", "sim-tokens-2")}}, {{GatewayFixture.Sim("backup", "sim-tokens-3")}}
            ] } }
            """
        );
        var answered = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            using var response = await fixture.PostAsync("/v1/chat/completions", Turn(kind, i));
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            answered.Add(response.Headers.GetValues("x-sluice-target").Single());
        }

        answered.Count.ShouldBe(targets);
        if (targets == 1)
        {
            using var other = await fixture.PostAsync("/v1/chat/completions", Turn(kind, 1));
            var order = (await fixture.ReceiptAsync(other)).GetProperty("order");
            order[0].GetProperty("reason").GetString().ShouldBe("answered this conversation before");
        }
    }

    public enum TurnKind
    {
        Plain,
        ToolResult,
        CacheMark,
        CacheKey,
        Signature,
    }

    /// <summary>The same conversation, one turn longer each time; marks move with the last turn, as clients do it.</summary>
    private static string Turn(TurnKind kind, int turns)
    {
        var said = new List<string> { """{"role":"system","content":"be brief"}""", """{"role":"user","content":"which weather?"}""" };
        for (var i = 0; i < turns; i++)
        {
            said.Add(
                kind == TurnKind.Signature
                    ? """{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"abc"}]}"""
                    : $$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"c{{{i}}}","type":"function","function":{"name":"f","arguments":"{}"}}]}"""
            );
            said.Add(
                kind switch
                {
                    TurnKind.ToolResult => $$"""{"role":"tool","tool_call_id":"c{{i}}","content":"sunny"}""",
                    TurnKind.CacheMark =>
                        """{"role":"user","content":[{"type":"text","text":"and?","cache_control":{"type":"ephemeral"}}]}""",
                    _ => """{"role":"user","content":"and?"}""",
                }
            );
        }

        var key = kind == TurnKind.CacheKey ? "\"prompt_cache_key\":\"agent-7\"," : "";
        return $$"""{"model":"r",{{key}}"messages":[{{string.Join(',', said)}}]}""";
    }

    [Fact]
    public async Task Model_OnTwoHosts_GoesToTheOneThatIsConfiguredFirst()
    {
        await using var fixture = await StartAsync(
            """ "r": { "default": true, "targets": ["oai/same"] } """,
            Model("oai/same", "\"tools\": true"),
            Model("ant/same", "\"tools\": true")
        );

        using var response = await fixture.PostAsync("/v1/chat/completions", Body("same", "\"go\""));

        response.Headers.GetValues("x-sluice-target").Single().ShouldBe("oai/same");
    }

    private static Task<GatewayFixture> StartAsync(string routes, params string[] models)
    {
        var first = routes.Contains("\"default\"", StringComparison.Ordinal)
            ? routes
            : routes.Replace("\"r\": {", "\"r\": { \"default\": true,", StringComparison.Ordinal);
        return GatewayFixture.StartAsync($$""" "routes": { {{first}} }, "models": { {{string.Join(',', models)}} } """);
    }

    private static string Body(string model, string content, string more = "") =>
        $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":{{content}}}]{{more}}}""";
}
