using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiResponses;

namespace Sluice.Tests.Wires.OpenAiResponses;

/// <summary>Requests from and to Responses, byte for byte, and what is lost on the way.</summary>
public sealed class ResponsesRequestTests
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire(), new ResponsesWire());

    [Fact]
    public void Chat_ToolTurn_BecomesItems()
    {
        var (body, lost) = Translate(
            WireKind.OpenAiChat,
            WireKind.OpenAiResponses,
            """
            {"model":"r","max_completion_tokens":99,"temperature":0.5,"stop":["x"],"seed":1,"user":"u","store":true,"metadata":{"a":"b"},"logit_bias":{"1":2},"verbosity":"low","prompt_cache_key":"k","service_tier":"flex","parallel_tool_calls":false,
             "messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}}]},
              {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":"two"},{"role":"user","content":"and?"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},
             "reasoning_effort":"low","stream":true}
            """
        );

        body.ShouldBe(
            """
            {"model":"model","instructions":"be brief","input":[
            {"type":"message","role":"user","content":[{"type":"input_text","text":"look"},{"type":"input_image","image_url":"data:image/png;base64,iVBO","detail":"low"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}]},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},
            {"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},
            {"type":"function_call_output","call_id":"c1","output":"one"},
            {"type":"function_call_output","call_id":"c2","output":"two"},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"and?"}]}],
            "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},{"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false}],
            "tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,
            "max_output_tokens":99,"temperature":0.5,
            "text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}},"verbosity":"low"},
            "reasoning":{"effort":"low"},"service_tier":"flex","prompt_cache_key":"k","user":"u","store":false,"include":["reasoning.encrypted_content"],
            "metadata":{"a":"b"},"stream":true}
            """.ReplaceLineEndings("")
        );
        lost.ShouldBe(["stop", "seed", "store", "logit_bias"]);
    }

    [Fact]
    public void Messages_ThinkingAndResults_BecomeItems()
    {
        var envelope = Signatures.Wrap("rs_9:gAAA", TestTargets.Of(WireKind.OpenAiResponses));

        var (body, lost) = Translate(
            WireKind.AnthropicMessages,
            WireKind.OpenAiResponses,
            $$$"""
            {"model":"r","max_tokens":9000,"top_k":3,"thinking":{"type":"enabled","budget_tokens":5000},"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
             "tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"},{"type":"bash_20250124","name":"bash"}],
             "messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"{{{envelope}}}"},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"broken"},{"type":"image","source":{"type":"url","url":"https://example.org/a.png"}}]}]}]}
            """
        );

        body.ShouldBe(
            """
            {"model":"model","instructions":"s","input":[
            {"type":"message","role":"user","content":[{"type":"input_text","text":"q"}]},
            {"type":"reasoning","id":"rs_9","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gAAA"},
            {"type":"function_call","call_id":"t","name":"f","arguments":"{\"a\":1}"},
            {"type":"function_call_output","call_id":"t","output":[{"type":"input_text","text":"error: "},{"type":"input_text","text":"broken"},{"type":"input_image","image_url":"https://example.org/a.png","detail":"auto"}]}],
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false},{"type":"web_search"}],
            "max_output_tokens":9000,"reasoning":{"effort":"medium","summary":"auto"},"store":false,"include":["reasoning.encrypted_content"]}
            """.ReplaceLineEndings("")
        );
        lost.ShouldBe(["cache_control", "tools.bash_20250124", "thinking.budget_tokens", "top_k"]);
    }

    [Fact]
    public void Responses_ToolTurn_BecomesChat()
    {
        var (body, lost) = Translate(
            WireKind.OpenAiResponses,
            WireKind.OpenAiChat,
            """
            {"model":"r","instructions":"be brief","max_output_tokens":99,"store":false,"include":["reasoning.encrypted_content"],"truncation":"disabled","metadata":{},"max_tool_calls":3,
             "input":[{"role":"developer","content":"and kind"},{"role":"user","content":"look"},
              {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look.","annotations":[]}]},
              {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}","status":"completed"},
              {"type":"function_call","id":"fc_2","call_id":"c2","name":"g","arguments":"{}","status":"completed"},
              {"type":"function_call_output","call_id":"c1","output":"one"},{"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]}],
             "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},{"type":"function","name":"g","parameters":null},{"type":"web_search"},{"type":"custom","name":"patch"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},
             "text":{"format":{"type":"json_object"},"verbosity":"low"},"reasoning":{"effort":"high","summary":"detailed"},"top_logprobs":2}
            """
        );

        body.ShouldBe(
            """
            {"model":"model","messages":[{"role":"system","content":"be brief\nand kind"},{"role":"user","content":"look"},
            {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":"two"}],
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"},"strict":true}}],"web_search_options":{},"tool_choice":"required",
            "max_completion_tokens":99,"top_logprobs":2,"response_format":{"type":"json_object"},"reasoning_effort":"high"}
            """.ReplaceLineEndings("")
        );
        lost.ShouldBe(
            ["reasoning", "tools.custom", "reasoning.summary", "max_tool_calls", "metadata", "text.verbosity"],
            ignoreOrder: true
        );
    }

    [Fact]
    public void Responses_ToItself_KeepsWhatNoRecordHolds()
    {
        const string Body = """
            {"model":"model","instructions":"s","input":[
            {"type":"message","role":"user","content":[{"type":"input_text","text":"q"},{"type":"input_file","file_id":"file_1"}]},
            {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},
            {"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a","annotations":[{"type":"url_citation","url":"https://example.org","title":"t","start_index":0,"end_index":1}]}]},
            {"type":"custom_tool_call","call_id":"c","name":"patch","input":"x"},
            {"type":"custom_tool_call_output","call_id":"c","output":"y"}],
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"mcp","server_label":"s"}],
            "tool_choice":"auto","max_output_tokens":9,"text":{"format":{"type":"json_object"},"verbosity":"low"},"reasoning":{"effort":"low","summary":"detailed","mode":"pro"},
            "store":true,"include":["web_search_call.action.sources"],"truncation":"auto","max_tool_calls":3,"background":true,"stream":true}
            """;

        var (body, lost) = Translate(WireKind.OpenAiResponses, WireKind.OpenAiResponses, Body);

        body.ShouldBe(Body.ReplaceLineEndings(""));
        lost.ShouldBeEmpty();
    }

    [Fact]
    public void PlainTextDocument_IsSaidAsText()
    {
        var (body, lost) = Translate(
            WireKind.AnthropicMessages,
            WireKind.OpenAiResponses,
            """{"model":"r","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"words"}}]}]}"""
        );

        body.ShouldContain("""[{"type":"input_text","text":"t\n\nwords"}]""");
        lost.ShouldBe(["cache_control"]);
    }

    [Fact]
    public void Reasoning_WithoutItsEncryptedForm_IsLeftOutAndReported()
    {
        var (body, lost) = Translate(
            WireKind.OpenAiChat,
            WireKind.OpenAiResponses,
            """{"model":"r","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"hm"},{"role":"user","content":"r"}]}"""
        );

        body.ShouldNotContain("hm");
        lost.ShouldBe(["reasoning"]);
    }

    [Fact]
    public void WithheldReasoning_OfAnotherWire_ComesBackAsSuch()
    {
        var envelope = Signatures.Wrap("secret", TestTargets.Of(WireKind.AnthropicMessages));

        var (body, _) = Translate(
            WireKind.OpenAiResponses,
            WireKind.AnthropicMessages,
            $$"""{"model":"r","input":[{"role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"redacted:{{envelope}}"},{"role":"user","content":"r"}]}"""
        );

        body.ShouldContain("""{"type":"redacted_thinking","data":"secret"}""");
    }

    private static (string Body, IReadOnlyList<string> Lost) Translate(WireKind from, WireKind to, string body)
    {
        var target = TestTargets.Of(to);
        target = target with { Card = target.Card with { Reasoning = true } };
        var degradations = new List<Degradation>();
        var records = Signatures.For(
            Wires[from].Codec.ReadRequest(Encoding.UTF8.GetBytes(body)),
            target,
            from == target.Wire,
            degradations
        );
        var written = new ArrayBufferWriter<byte>();
        Wires[to].Codec.WriteRequest(records, target, degradations, written);
        return (Encoding.UTF8.GetString(written.WrittenSpan), [.. degradations.Select(d => d.Feature)]);
    }
}
