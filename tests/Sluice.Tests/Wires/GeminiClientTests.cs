using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What Gemini's clients send, as others are told it; and answers of others in Gemini's words.</summary>
public sealed class GeminiClientTests
{
    [Fact]
    public void Request_UnderItsOtherNames_IsReadAlike()
    {
        var camel = GeminiFixture.Read(
            WireKind.Gemini,
            """
            {"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"inlineData":{"mimeType":"image/png","data":"iVBO"}}]}],
             "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}}]},{"googleSearch":{}}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
             "generationConfig":{"maxOutputTokens":9,"topK":4,"stopSequences":["x"],"responseMimeType":"application/json","responseSchema":{"type":"OBJECT"},"thinkingConfig":{"thinkingBudget":0}},"safetySettings":null,"cachedContent":"cachedContents/1"}
            """
        );
        var snake = GeminiFixture.Read(
            WireKind.Gemini,
            """
            {"system_instruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"inline_data":{"mime_type":"image/png","data":"iVBO"}}]}],
             "tools":[{"function_declarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}}]},{"google_search":{}}],
             "tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}},
             "generation_config":{"max_output_tokens":"9","top_k":4.0,"stop_sequences":["x"],"response_mime_type":"application/json","response_schema":{"type":"OBJECT"},"thinking_config":{"thinking_budget":0}},"cached_content":"cachedContents/1"}
            """
        );

        GeminiFixture.Write(snake).Body.ShouldBe(GeminiFixture.Write(camel).Body);
        GeminiFixture
            .Write(snake, WireKind.OpenAiChat)
            .ShouldSatisfyAllConditions(
                w =>
                    w.Body.ShouldContain(
                        """
                        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":["string","null"]}}}}}]
                        """
                    ),
                w => w.Body.ShouldContain("\"max_completion_tokens\":9"),
                w => w.Body.ShouldContain("\"reasoning_effort\":\"none\""),
                w => w.Body.ShouldContain("\"web_search_options\":{}"),
                w => w.Lost.ShouldContain("cachedContent")
            );
    }

    [Fact]
    public void Turns_InARow_AreOneAndPiecesOfAnAnswerAreJoined()
    {
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            """{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"hm ","thought":true}]},{"role":"model","parts":[{"text":"so","thought":true,"thoughtSignature":"c2ln"}]},{"role":"model","parts":[{"text":"Hel"}]},{"role":"model","parts":[{"text":"lo"}]},{"role":"model","parts":[{"text":""}]},{"role":"user","parts":[{"text":"r"}]}]}"""
        );

        request.Messages.Select(m => m.Role).ShouldBe([Role.User, Role.Assistant, Role.User]);
        request.Messages[1].Parts[0].ShouldBe(new ReasoningPart("hm so", "c2ln"));
        request.Messages[1].Parts[1].ShouldBeOfType<TextPart>().Text.ShouldBe("Hello");
        request.Messages[1].Parts.Count.ShouldBe(2);
    }

    [Fact]
    public void Results_FindTheirCallsByNameAndOrder()
    {
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            """
            {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"n":1}}},{"functionCall":{"name":"g","args":{}}},{"functionCall":{"name":"f","args":{"n":2}}},{"functionCall":{"id":"own","name":"f"}}]},
             {"role":"user","parts":[{"functionResponse":{"name":"g","response":{"output":"G"}}},{"functionResponse":{"name":"f","id":"own","response":{"error":"bad"}}},{"functionResponse":{"name":"f","response":{"result":{"a":1}}}},{"functionResponse":{"name":"f","response":{"x":1,"y":2}}}]}]}
            """
        );

        request.Messages[0].Parts.OfType<ToolCallPart>().Select(c => c.Id).ShouldBe(["call_1", "call_2", "call_3", "own"]);
        request
            .Messages[1]
            .Parts.OfType<ToolResultPart>()
            .Select(r => (r.CallId, ((TextPart)r.Content[0]).Text, r.IsError))
            .ShouldBe([
                ("call_2", "G", false),
                ("own", "bad", true),
                ("call_1", """{"a":1}""", false),
                ("call_3", """{"x":1,"y":2}""", false),
            ]);
    }

    [Fact]
    public void Files_OfGooglesStorage_StayOpaque()
    {
        var parts = GeminiFixture
            .Read(
                WireKind.Gemini,
                """{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a","mimeType":"image/png"}},{"fileData":{"fileUri":"gs://b/c.pdf"}},{"fileData":{"fileUri":"https://example.com/a.png","mimeType":"image/png"}},{"inlineData":{"mimeType":"video/mp4","data":"AAAA"}},{"inlineData":{"mimeType":"audio/wav","data":"UklG"}},{"inlineData":{"mimeType":"text/plain","data":"aGk=","displayName":"n.txt"}},{"executableCode":{"code":"1"}}]}]}"""
            )
            .Messages[0]
            .Parts;

        parts
            .Select(p => p is OpaquePart o ? o.Type : p.GetType().Name)
            .ShouldBe(["fileData", "fileData", "ImagePart", "inlineData", "AudioPart", "DocumentPart", "executableCode"]);
    }

    [Fact]
    public void OwnMembers_AreNamedForOthersAndKeptForGemini()
    {
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            """{"contents":[{"role":"user","parts":[{"text":"q"}]}],"safetySettings":[{"category":"C","threshold":"T"}],"generationConfig":{"speechConfig":{"a":1},"responseMimeType":"text/x.enum"},"toolConfig":{"retrievalConfig":{"languageCode":"de"}},"tools":[{"googleMaps":{}},{"functionDeclarations":[{"name":"f","response":{"type":"STRING"}}]}]}"""
        );

        GeminiFixture
            .Write(request, WireKind.AnthropicMessages)
            .Lost.ShouldBe(
                [
                    "tools.googleMaps",
                    "safetySettings",
                    "generationConfig.speechConfig",
                    "toolConfig.retrievalConfig",
                    "functionDeclarations.response",
                    "generationConfig.responseMimeType",
                ],
                ignoreOrder: true
            );
        GeminiFixture
            .Write(request)
            .Body.ShouldBe(
                """{"contents":[{"role":"user","parts":[{"text":"q"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]},{"googleMaps":{}}],"toolConfig":{"retrievalConfig":{"languageCode":"de"}},"generationConfig":{"speechConfig":{"a":1},"responseMimeType":"text/x.enum"},"safetySettings":[{"category":"C","threshold":"T"}]}"""
            );
    }

    [Fact]
    public void Functions_ThatAreNotAllowed_AreNotOffered()
    {
        var request = GeminiFixture.Read(
            WireKind.Gemini,
            """{"contents":[],"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"},{"name":"h"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f","h"]}}}"""
        );

        request.Tools.Select(t => t.Name).ShouldBe(["f", "h"]);
        request.ToolChoice.ShouldBe(new ToolChoice(ToolChoiceKind.Required));
    }

    [Theory]
    [InlineData("""{"contents":[]}""", """{"contents":[],"generationConfig":{"maxOutputTokens":77}}""")]
    [InlineData(
        """{"contents":[],"generationConfig":{"topK":1, "maxOutputTokens":5}}""",
        """{"contents":[],"generationConfig":{"topK":1, "maxOutputTokens":77}}"""
    )]
    [InlineData(
        """{ "generation_config" : {"max_output_tokens":5,"topK":1}, "contents":[] }""",
        """{ "generation_config" : {"max_output_tokens":77,"topK":1}, "contents":[] }"""
    )]
    [InlineData("""{"generationConfig":null,"contents":[]}""", """{"generationConfig":{"maxOutputTokens":77},"contents":[]}""")]
    public void Splice_SetsTheLimitInTheBodysOwnWords(string body, string expected) =>
        Spliced(body, TestTargets.Of(WireKind.Gemini), 77).ShouldBe(expected);

    [Fact]
    public void Splice_FixedParameters_AreSaidOnce()
    {
        using var fixedSettings = JsonDocument.Parse("""{"temperature":0,"topK":3}""");
        var target = TestTargets.Of(WireKind.Gemini);
        target = target with { Parameters = target.Parameters.Add("generationConfig", fixedSettings.RootElement.Clone()) };

        Spliced("""{"contents":[],"generation_config":{"top_k":1,"seed":2}}""", target, null)
            .ShouldBe("""{"contents":[],"generation_config":{"top_k":3,"seed":2,"temperature":0}}""");
    }

    [Fact]
    public void Splice_WithNothingToChange_IsTheSameBytes()
    {
        const string Body =
            """{ "contents":[{"parts":[{"text":"q"}]}],"generation_config":{"max_output_tokens":5},"safety_settings":[] }""";

        Spliced(Body, TestTargets.Of(WireKind.Gemini), null).ShouldBe(Body);
    }

    [Fact]
    public void Head_KnowsWhatRoutingAndMoneyAsk()
    {
        var head = GeminiFixture
            .Wires[WireKind.Gemini]
            .ReadHead(
                """{"contents":[{"parts":[{"file_data":{"mime_type":"image/png","file_uri":"gs://a"}}]}],"tools":[{"codeExecution":null,"functionDeclarations":[{"name":"googleSearch","parameters":{"properties":{"urlContext":{}}}}]}],"generation_config":{"max_output_tokens":5,"candidateCount":2,"thinkingConfig":{"thinking_budget":512}}}"""u8.ToArray(),
                new RequestAddress("my/route", Stream: true)
            );

        head.Model.ShouldBe("my/route");
        head.Features.ShouldBe(
            new CallFeatures
            {
                Stream = true,
                OutputLimit = 5,
                Choices = 2,
                ThinkingBudget = 512,
                Tools = true,
                ServerTools = false,
                Images = 1,
                UnboundedInput = true,
            }
        );
    }

    [Theory]
    [InlineData(
        """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":""}},{"inline_data":{"mime_type":"image/jpeg"}}]}]}""",
        2,
        false
    )]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"application/pdf"}}]}]}""", 0, true)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"video/mp4"}}]}]}""", 0, true)]
    [InlineData("""{"contents":[],"cached_content":"cachedContents/1"}""", 0, true)]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"fileUri":"x","mimeType":"image/png"}}}]}]}""", 0, false)]
    public void Head_CountsWhatBytesDoNotTell(string body, int images, bool unbounded)
    {
        var features = GeminiFixture.Wires[WireKind.Gemini].ReadHead(Encoding.UTF8.GetBytes(body)).Features;

        features.Images.ShouldBe(images);
        features.UnboundedInput.ShouldBe(unbounded);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", """{"functionCall":{"name":"f"}}""", true)]
    [InlineData("gemini-3-flash-preview", """{"functionCall":{"name":"f"}}""", false)]
    [InlineData(
        "gemini-3-flash-preview",
        """{"function_call":{"name":"f"},"thought_signature":"c2ln"},{"functionCall":{"name":"g"}}""",
        true
    )]
    [InlineData("gemini-3-flash-preview", """{"text":"functionCall"}""", true)]
    public void Passes_NotWhereACallLacksTheSignatureThatTheModelDemands(string model, string parts, bool expected)
    {
        var wire = GeminiFixture.Wires[WireKind.Gemini];
        var head = wire.ReadHead(Encoding.UTF8.GetBytes($$"""{"contents":[{"role":"model","parts":[{{parts}}]}]}"""));

        wire.Passes(head, TestTargets.Of(WireKind.Gemini, model)).ShouldBe(expected);
    }

    [Fact]
    public void Answer_WithEverything_IsWrittenWhole()
    {
        var body = GeminiFixture.WriteWhole(
            WireKind.Gemini,
            [
                new ReasoningDelta("hm"),
                new ReasoningSigned("c2ln"),
                new TextDelta("Zürich it is."),
                new Cited(new Citation("https://example.com", "Ex", null, 7, 12, default, WireKind.AnthropicMessages)),
                new ToolCallStarted(0, "a", "f"),
                new ToolArgumentsDelta(0, "{\"x\":"),
                new ToolArgumentsDelta(0, "1}"),
                new UsageReported(
                    new Usage
                    {
                        InputTokens = 10,
                        CacheReadTokens = 4,
                        OutputTokens = 7,
                        ReasoningTokens = 3,
                        Evidence = UsageEvidence.Reported,
                    }
                ),
                new Finished(FinishReason.ToolCalls),
            ]
        );

        body.ShouldBe(
            """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true,"thoughtSignature":"c2ln"},{"text":"Zürich it is."},{"functionCall":{"id":"a","name":"f","args":{"x":1}}}],"role":"model"},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://example.com","title":"Ex"}}],"groundingSupports":[{"segment":{"startIndex":8,"endIndex":13,"text":"it is"},"groundingChunkIndices":[0]}]},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":4,"totalTokenCount":17,"cachedContentTokenCount":4,"thoughtsTokenCount":3},"modelVersion":"m","responseId":"id"}"""
        );
    }

    [Fact]
    public void Answer_Streamed_KeepsCallsWholeAndSignaturesInPlace()
    {
        var body = GeminiFixture.WriteStream(
            WireKind.Gemini,
            [
                new ReasoningDelta("hm"),
                new ReasoningSigned("c2ln"),
                new TextDelta("a"),
                new ReasoningSigned("dGV4dA=="),
                new ToolCallStarted(0, "x", "f"),
                new ToolCallStarted(1, "y", "g"),
                new ToolArgumentsDelta(1, "{}"),
                new ToolArgumentsDelta(0, "{\"n\":1}"),
                new Finished(FinishReason.ToolCalls),
            ]
        );

        body.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(f =>
                JsonDocument
                    .Parse(f["data: ".Length..])
                    .RootElement.GetProperty("candidates")[0]
                    .GetProperty("content")
                    .GetProperty("parts")
                    .GetRawText()
            )
            .ShouldBe([
                """[{"text":"hm","thought":true}]""",
                """[{"text":"","thought":true,"thoughtSignature":"c2ln"}]""",
                """[{"text":"a"}]""",
                """[{"functionCall":{"id":"x","name":"f","args":{"n":1}},"thoughtSignature":"dGV4dA=="},{"functionCall":{"id":"y","name":"g","args":{}}}]""",
            ]);
    }

    [Fact]
    public void Grounding_BecomesCitationsInCharacters()
    {
        var cited = GeminiFixture.Chunks(
            """{"candidates":[{"content":{"parts":[{"text":"Zürich "}]},"groundingMetadata":{}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"is warm."}]},"finishReason":"STOP","groundingMetadata":{"searchEntryPoint":{"renderedContent":"x"},"groundingChunks":[{"web":{"uri":"https://e.com","title":"E"}}],"groundingSupports":[{"segment":{"startIndex":8,"endIndex":16,"text":"is warm."},"groundingChunkIndices":[0]}]}}]}""",
            """{"candidates":[{"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://e.com","title":"E"}}],"groundingSupports":[{"segment":{"startIndex":8,"endIndex":16},"groundingChunkIndices":[0]}]}}]}"""
        );

        var citation = cited.OfType<Cited>().ShouldHaveSingleItem().Citation;
        (citation.Url, citation.Title, citation.Start, citation.End).ShouldBe(("https://e.com", "E", 7, 15));
        cited.OfType<Omitted>().Select(o => o.Feature).ShouldBe(["searchEntryPoint"]);
    }

    [Fact]
    public void Logprobs_GoThereAndBack()
    {
        const string Result =
            """{"topCandidates":[{"candidates":[{"token":"Hi","logProbability":-0.5},{"token":"Ho","logProbability":-1.5}]}],"chosenCandidates":[{"token":"Hi","logProbability":-0.5}]}""";
        var events = GeminiFixture.Whole(
            $$"""{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP","logprobsResult":{{Result}}}]}"""
        );

        events
            .OfType<LogprobsReported>()
            .Single()
            .Json.GetRawText()
            .ShouldBe(
                """{"content":[{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[{"token":"Hi","logprob":-0.5,"bytes":[72,105]},{"token":"Ho","logprob":-1.5,"bytes":[72,111]}]}]}"""
            );
        GeminiFixture.WriteWhole(WireKind.Gemini, events).ShouldContain($"\"logprobsResult\":{Result}");
    }

    [Theory]
    [InlineData("""{"executableCode":{"code":"1","language":"PYTHON"},"thoughtSignature":"c2ln"}""", "executableCode")]
    [InlineData("""{"codeExecutionResult":{"outcome":"OUTCOME_OK"}}""", "codeExecutionResult")]
    [InlineData("""{"inlineData":{"mimeType":"image/png","data":"iVBO"}}""", "inlineData")]
    public void AnswerPart_ThatNoRecordHolds_IsNamed(string part, string omitted) =>
        GeminiFixture
            .Whole($$"""{"candidates":[{"content":{"parts":[{{part}}]},"finishReason":"STOP"},{"index":1}]}""")
            .Unheld()
            .ShouldBe([omitted, "candidates"]);

    private static string Spliced(string body, Target target, long? limit)
    {
        var wire = GeminiFixture.Wires[WireKind.Gemini];
        var head = wire.ReadHead(Encoding.UTF8.GetBytes(body), new RequestAddress("m", Stream: false));
        return Encoding.UTF8.GetString(wire.Splice(head, target, new SpliceOptions(limit, AskUsage: true)).Span);
    }
}
