using System.Text.Json;
using Sluice.Catalog;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Requests of other wires as Gemini is sent them, byte for byte, and what they lose.</summary>
public sealed class GeminiRequestTests
{
    [Fact]
    public void Chat_Conversation_IsWritten()
    {
        var (body, lost) = FromChat(
            """
            {"model":"r","max_completion_tokens":50,"temperature":0.5,"top_p":0.9,"seed":7,"stop":["END"],"n":2,"logprobs":true,"top_logprobs":3,
             "frequency_penalty":0.1,"presence_penalty":0.2,"service_tier":"flex",
             "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"},{"role":"user","content":"there"},{"role":"assistant","content":"Hello."},{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},{"type":"image_url","image_url":{"url":"https://example.com/a.webp"}},{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBE"}}]}]}
            """
        );

        body.ShouldBe(
            """{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"hi"},{"text":"there"}]},{"role":"model","parts":[{"text":"Hello."}]},{"role":"user","parts":[{"text":"see"},{"inlineData":{"mimeType":"image/png","data":"iVBO"}},{"fileData":{"mimeType":"image/webp","fileUri":"https://example.com/a.webp"}},{"inlineData":{"mimeType":"audio/wav","data":"UklG"}},{"inlineData":{"mimeType":"application/pdf","data":"JVBE"}}]}],"generationConfig":{"maxOutputTokens":50,"temperature":0.5,"topP":0.9,"seed":7,"frequencyPenalty":0.1,"presencePenalty":0.2,"candidateCount":2,"responseLogprobs":true,"logprobs":3,"stopSequences":["END"]},"serviceTier":"flex"}"""
        );
        lost.ShouldBeEmpty();
    }

    [Fact]
    public void Chat_ToolsAndResults_AreMatchedByNameAndOrder()
    {
        var (body, lost) = FromChat(
            """
            {"model":"r","messages":[{"role":"user","content":"q"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"f","arguments":""}}]},
             {"role":"tool","tool_call_id":"b","content":"second"},{"role":"tool","tool_call_id":"a","content":"{\"first\":true}"}],
             "tools":[{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object","properties":{"x":{"type":["integer","null"]}},"required":["x"]}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}
            """
        );

        body.ShouldBe(
            """{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}}},{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"first":true}}},{"functionResponse":{"name":"f","response":{"output":"second"}}}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"does","parameters":{"type":"object","properties":{"x":{"type":"integer","nullable":true}},"required":["x"]}},{"name":"g"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":{}}"""
        );
        lost.ShouldBe(["parallel_tool_calls"]);
    }

    [Fact]
    public void Messages_ResultsWithErrorsAndImages_AreWritten()
    {
        const string Body = """
            {"model":"r","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"and"},{"type":"tool_result","tool_use_id":"a","is_error":true,"content":[{"type":"text","text":"no"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}}]}]}]}
            """;
        var request = GeminiFixture.Read(WireKind.AnthropicMessages, Body);

        GeminiFixture
            .Write(request)
            .Body.ShouldContain(
                """{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"error":"no"}}},{"inlineData":{"mimeType":"image/png","data":"iVBO"}},{"text":"and"}]}"""
            );
        GeminiFixture
            .Write(request, model: "gemini-3-flash-preview")
            .Body.ShouldContain(
                """{"functionResponse":{"name":"f","response":{"error":"no"},"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBO"}}]}},{"text":"and"}"""
            );
    }

    [Theory]
    [InlineData("gemini-2.5-flash", """{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}}""")]
    [InlineData(
        "gemini-3-flash-preview",
        """{"functionCall":{"name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"g","args":{}}}"""
    )]
    public void CallsWithoutSignatures_AreMarkedWhereTheModelDemandsIt(string model, string expected) =>
        GeminiFixture
            .Write(
                GeminiFixture.Read(
                    WireKind.OpenAiChat,
                    """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":"{}"}}]}]}"""
                ),
                model: model
            )
            .Body.ShouldContain(expected);

    [Theory]
    [InlineData("gemini-2.5-flash", "low", """{"thinkingBudget":1024}""", "")]
    [InlineData("gemini-2.5-flash", "none", """{"thinkingBudget":0}""", "")]
    [InlineData("gemini-2.5-pro", "none", """{"thinkingBudget":128}""", "reasoning_effort")]
    [InlineData("gemini-2.5-flash", "xhigh", """{"thinkingBudget":24576}""", "reasoning_effort")]
    [InlineData("gemini-3-flash-preview", "medium", """{"thinkingLevel":"medium"}""", "")]
    [InlineData("gemini-3-flash-preview", "none", """{"thinkingLevel":"minimal"}""", "reasoning_effort")]
    [InlineData("gemini-3.1-pro-preview", "minimal", """{"thinkingLevel":"low"}""", "reasoning_effort")]
    public void Effort_IsABudgetOrALevel(string model, string effort, string expected, string lost)
    {
        var written = GeminiFixture.Write(
            GeminiFixture.Read(WireKind.OpenAiChat, $$"""{"reasoning_effort":"{{effort}}","messages":[{"role":"user","content":"q"}]}"""),
            model: model
        );

        written.Body.ShouldContain($"\"thinkingConfig\":{expected}");
        string.Join(',', written.Lost).ShouldBe(lost);
    }

    [Fact]
    public void Messages_Thinking_IsShown() =>
        GeminiFixture
            .Write(
                GeminiFixture.Read(
                    WireKind.AnthropicMessages,
                    """{"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2048},"messages":[{"role":"user","content":"q"}]}"""
                )
            )
            .Body.ShouldContain("""{"maxOutputTokens":9000,"thinkingConfig":{"thinkingBudget":2048,"includeThoughts":true}}""");

    [Fact]
    public void Losses_AreNamed()
    {
        var (_, lost) = FromChat(
            """
            {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}}]},{"role":"system","content":"late"},{"role":"assistant","content":"a","reasoning_content":"hm"}],
             "user":"u","prompt_cache_key":"k","logit_bias":{"1":2},"tools":[{"type":"function","function":{"name":"f","strict":true}}]}
            """
        );

        lost.ShouldBe(["system", "reasoning", "strict", "prompt_cache_key", "user", "logit_bias", "messages.image_url.detail"]);
    }

    [Theory]
    [InlineData("""{"type":"web_search_20250305","name":"web_search"}""", """{"googleSearch":{}}""", "")]
    [InlineData(
        """{"type":"web_search_20250305","name":"web_search","max_uses":2}""",
        """{"googleSearch":{}}""",
        "tools.web_search_20250305"
    )]
    [InlineData("""{"type":"code_execution_20250522","name":"code_execution"}""", """{"codeExecution":{}}""", "")]
    [InlineData("""{"type":"web_fetch_20250910","name":"web_fetch"}""", """{"urlContext":{}}""", "")]
    public void ServerTools_HaveTheirLikes(string tool, string expected, string lost)
    {
        var written = GeminiFixture.Write(
            GeminiFixture.Read(
                WireKind.AnthropicMessages,
                $$"""{"max_tokens":9,"tools":[{{tool}}],"messages":[{"role":"user","content":"q"}]}"""
            )
        );

        written.Body.ShouldContain($"\"tools\":[{expected}]");
        string.Join(',', written.Lost).ShouldBe(lost);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", "responseSchema", null, "")]
    [InlineData(
        """{"$schema":"x","type":"object","properties":{"a":{"type":"string","const":"b"},"c":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":["number","null"]}]}}}}""",
        "responseSchema",
        """{"type":"object","properties":{"a":{"type":"string","enum":["b"]},"c":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"number","nullable":true}]}}}}""",
        ""
    )]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", "responseJsonSchema", null, "")]
    [InlineData(
        """{"definitions":{"n":{"type":"object","properties":{"next":{"$ref":"#/definitions/n","description":"d"}}}},"$ref":"#/definitions/n"}""",
        "responseJsonSchema",
        """{"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}""",
        "schema.description"
    )]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"integer","exclusiveMinimum":0},"pattern":{"type":"string","pattern":"^a"}},"patternProperties":{"x":{}}}""",
        "responseJsonSchema",
        """{"type":"object","properties":{"a":{"type":"integer"},"pattern":{"type":"string"}}}""",
        "schema.exclusiveMinimum,schema.pattern,schema.patternProperties"
    )]
    public void Schema_TakesTheFormThatHoldsIt(string schema, string member, string? expected, string lost)
    {
        using var parsed = JsonDocument.Parse(schema);
        var request = new ChatRequest
        {
            Messages = [new Message(Role.User, [new TextPart("q")])],
            Format = new ResponseFormat("x", parsed.RootElement.Clone(), true),
        };

        var written = GeminiFixture.Write(request);

        written.Body.ShouldContain($"\"responseMimeType\":\"application/json\",\"{member}\":{expected ?? schema}}}");
        string.Join(',', written.Lost).ShouldBe(lost);
    }

    private static (string Body, string[] Lost) FromChat(string body) => GeminiFixture.Write(GeminiFixture.Read(WireKind.OpenAiChat, body));
}
