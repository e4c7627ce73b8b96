using static Sluice.Gateway.Tests.Gemini.GeminiClient;

namespace Sluice.Gateway.Tests.Gemini;

/// <summary>Other protocols' clients before Gemini.</summary>
public sealed class GeminiProviderTests
{
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
}
