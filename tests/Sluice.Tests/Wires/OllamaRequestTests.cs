using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Ollama;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Requests to Ollama byte for byte, and requests of its clients.</summary>
public sealed class OllamaRequestTests
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUg==";

    private static readonly OllamaWire Wire = new();

    [Fact]
    public void Chat_EverythingItCanSay_IsSaid()
    {
        var request = new OpenAiChatCodec().ReadRequest(
            Encoding.UTF8.GetBytes(
                """{"model":"r","stream":false,"max_tokens":50,"temperature":0.1,"top_p":0.9,"stop":["END"],"seed":7,"frequency_penalty":0.5,"presence_penalty":0.25,"reasoning_effort":"high","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"c":{"type":"string"}}}}},{"type":"function","function":{"name":"g"}}],"tool_choice":"auto","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"url":"data:image/png;base64,PIXEL"}}]},{"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"c\":\"Bern\"}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c2","content":"2"},{"role":"tool","tool_call_id":"c1","content":"1"}]}""".Replace(
                    "PIXEL",
                    Pixel,
                    StringComparison.Ordinal
                )
            )
        );

        var (body, lost) = WireReading.Written(Wire, request);

        body.ShouldBe(
            """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"q","images":["PIXEL"]},{"role":"assistant","content":"","thinking":"hm","tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"c":"Bern"}}},{"id":"c2","function":{"index":1,"name":"g","arguments":{}}}]},{"role":"tool","content":"2","tool_name":"g","tool_call_id":"c2"},{"role":"tool","content":"1","tool_name":"f","tool_call_id":"c1"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"c":{"type":"string"}}}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],"stream":false,"format":{"type":"object"},"think":"high","options":{"num_predict":50,"temperature":0.1,"top_p":0.9,"seed":7,"frequency_penalty":0.5,"presence_penalty":0.25,"stop":["END"]}}""".Replace(
                "PIXEL",
                Pixel,
                StringComparison.Ordinal
            )
        );
        lost.ShouldBe("");
    }

    [Fact]
    public void Chat_WhatItCannotSay_IsReported()
    {
        var request = new OpenAiChatCodec().ReadRequest(
            """{"model":"r","stream":true,"n":2,"user":"u","service_tier":"flex","prompt_cache_key":"k","parallel_tool_calls":false,"tool_choice":"required","tools":[{"type":"function","function":{"name":"f","strict":true}}],"logit_bias":{"1":1},"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"input_audio","input_audio":{"data":"aa","format":"wav"}},{"type":"text","text":"q"}]}]}"""u8.ToArray()
        );

        var (body, lost) = WireReading.Written(Wire, request);

        body.ShouldBe(
            """{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],"stream":true,"options":{}}"""
        );
        lost.ShouldBe(
            "image_url, input_audio, strict, logit_bias, n, parallel_tool_calls, tool_choice, service_tier, prompt_cache_key, user"
        );
    }

    [Theory]
    [InlineData("none", "\"think\":false", "")]
    [InlineData("low", "\"think\":\"low\"", "")]
    [InlineData("minimal", "\"think\":\"low\"", "reasoning_effort")]
    [InlineData("xhigh", "\"think\":\"high\"", "reasoning_effort")]
    public void Effort_BecomesThink(string effort, string written, string reported)
    {
        var (body, lost) = WireReading.Written(Wire, ChatRequest.OfPrompt("q", stream: true) with { ReasoningEffort = effort });

        body.ShouldContain(written);
        lost.ShouldBe(reported);
    }

    [Fact]
    public void Messages_ToolErrorAndBudget_ReachOllama()
    {
        var request = new AnthropicCodec().ReadRequest(
            """{"model":"r","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":5000},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":"down"}]}]}"""u8.ToArray()
        );

        var (body, lost) = WireReading.Written(Wire, request);

        body.ShouldBe(
            """{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"t1","function":{"index":0,"name":"f","arguments":{}}}]},{"role":"tool","content":"error: down","tool_name":"f","tool_call_id":"t1"}],"stream":false,"think":"medium","options":{"num_predict":9000}}"""
        );
        lost.ShouldBe("thinking.budget_tokens");
    }

    [Fact]
    public void PlainTextDocument_IsTold_OnBothWires()
    {
        var request = ChatRequest.OfPrompt("q", stream: false) with
        {
            Messages =
            [
                new Message(
                    Role.User,
                    [
                        new TextPart("q"),
                        new DocumentPart("text/plain", null, null, "notes") { Text = "buy milk" },
                        new DocumentPart("application/pdf", "AA==", null, null),
                    ]
                ),
            ],
        };

        foreach (var wire in new IWire[] { Wire, new Sluice.Wires.WorkersAi.WorkersAiWire() })
        {
            var (body, lost) = WireReading.Written(wire, request);
            body.ShouldContain("""{"role":"user","content":"q\nnotes\n\nbuy milk"}""");
            lost.ShouldBe("document");
        }
    }

    [Fact]
    public void OwnMembers_RoundTripAndAreReportedElsewhere()
    {
        const string Body =
            """{"model":"r","messages":[{"role":"user","content":"q"}],"stream":true,"keep_alive":"10m","options":{"temperature":0.5,"num_ctx":8192,"min_p":0.1}}""";
        var request = Wire.Codec.ReadRequest(Encoding.UTF8.GetBytes(Body));

        WireReading.Written(Wire, request, "r").ShouldBe((Body, ""));
        WireReading.Written(new OpenAiChatWire(), request).Lost.ShouldBe("keep_alive, options.num_ctx, options.min_p");
    }

    [Fact]
    public void Results_FindTheirCalls_ByIdByNameByOrder()
    {
        var request = Wire.Codec.ReadRequest(
            """{"model":"r","messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"a","arguments":{"x":1}}},{"function":{"name":"b","arguments":{}}},{"id":"own","function":{"name":"a","arguments":{}}}]},{"role":"tool","tool_name":"b","content":"1"},{"role":"tool","tool_call_id":"own","content":"2"},{"role":"tool","content":"3"},{"role":"tool","tool_name":"z","content":"4"}]}"""u8.ToArray()
        );

        request
            .Messages.Skip(1)
            .Select(m => (ToolResultPart)m.Parts.Single())
            .Select(r => (r.CallId, r.Name, ((TextPart)r.Content.Single()).Text))
            .ShouldBe([("call_1", "b", "1"), ("own", "a", "2"), ("call_0", "a", "3"), ("", "z", "4")]);
    }

    [Fact]
    public void SinglePrompt_IsAChat_AndWhatAChatCannotSayIsReported()
    {
        var prompt = new OllamaPromptCodec();
        var request = prompt.ReadRequest(
            Encoding.UTF8.GetBytes(
                $$$"""{"model":"r","prompt":"q","system":"s","images":["{{{Pixel}}}","/9j/x"],"raw":true,"template":"","context":[1,2],"keep_alive":5,"think":true,"format":"json","options":{"num_predict":-1}}"""
            )
        );

        request.Messages.Single().Parts.OfType<ImagePart>().Select(i => i.MediaType).ShouldBe(["image/png", "image/jpeg"]);
        var (body, lost) = WireReading.Written(Wire, request, "r");
        body.ShouldBe(
            $$$"""{"model":"r","messages":[{"role":"system","content":"s"},{"role":"user","content":"q","images":["{{{Pixel}}}","/9j/x"]}],"stream":true,"format":"json","think":"medium","keep_alive":5,"options":{}}"""
        );
        lost.ShouldBe("raw, context");
        WireReading.Written(new OpenAiChatWire(), request).Lost.ShouldBe("reasoning_effort, raw, context, keep_alive");
    }

    [Fact]
    public void SinglePrompt_WithASuffix_IsRefused() =>
        Should
            .Throw<RequestException>(() => new OllamaPromptWire().ReadHead("""{"model":"r","prompt":"a","suffix":"b"}"""u8.ToArray()))
            .Parameter.ShouldBe("suffix");

    [Theory]
    [InlineData("""{"model":"r","messages":[]}""", true, null, 0, false)]
    [InlineData("""{"model":"r","stream":false,"messages":[],"options":{"num_predict":-1}}""", false, null, 0, false)]
    [InlineData(
        """{"model":"r","messages":[{"role":"user","images":["a"]}],"tools":[{}],"options":{"num_predict":9}}""",
        true,
        9L,
        1,
        true
    )]
    [InlineData(
        """{"model":"r","messages":[{"role":"user","images":[]},{"role":"assistant","tool_calls":[{"function":{"arguments":{"images":["a"]}}}]}]}""",
        true,
        null,
        0,
        false
    )]
    public void Head_KnowsWhatRoutingNeeds(string body, bool stream, long? limit, int images, bool tools)
    {
        var head = Wire.ReadHead(Encoding.UTF8.GetBytes(body));

        (head.Model, head.Features.Stream, head.Features.OutputLimit, head.Features.Images, head.Features.Tools).ShouldBe(
            ("r", stream, limit, images, tools)
        );
    }

    [Fact]
    public void Splice_LimitGoesIntoOptions_AndNothingElseChanges()
    {
        const string Body = """{"model":"r", "messages":[],"options":{"num_ctx":1,"num_predict":-1 } ,"x":1}""";
        var head = Wire.ReadHead(Encoding.UTF8.GetBytes(Body));

        Encoding
            .UTF8.GetString(Wire.Splice(head, TestTargets.Of(WireKind.Ollama, "llama3.2"), new SpliceOptions(256, AskUsage: false)).Span)
            .ShouldBe("""{"model":"llama3.2", "messages":[],"options":{"num_ctx":1,"num_predict":256 } ,"x":1}""");
    }
}
