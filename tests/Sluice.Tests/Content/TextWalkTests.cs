using System.Text;
using Sluice.Catalog;
using Sluice.Content;

namespace Sluice.Tests.Content;

public sealed class TextWalkTests
{
    [Theory]
    [InlineData("""{"model":"m","messages":[{"content":"a","role":"user","name":"n"}]}""", "User/Text:a")]
    [InlineData("""{"messages":[{"role":"system","content":[{"type":"text","text":"a"}]}]}""", "System/Text:a")]
    [InlineData("""{"system":[{"type":"text","text":"a"}],"tools":[{"name":"n","description":"d"}]}""", "System/Text:a", "System/Text:d")]
    [InlineData(
        """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"s"}]}]}""",
        "Assistant/Reasoning:a"
    )]
    [InlineData(
        """{"content":[{"type":"tool_use","id":"i","name":"n","input":{"type":"a","id":["b",7]}}]}""",
        "Unsaid/ToolArguments:a",
        "Unsaid/ToolArguments:b",
        "Unsaid/ToolArguments:7"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":"a"}]}]}""",
        "Tool/ToolResults:a"
    )]
    [InlineData(
        """{"input":[{"type":"function_call_output","call_id":"c","output":"a"}],"instructions":"b"}""",
        "Tool/ToolResults:a",
        "System/Text:b"
    )]
    [InlineData(
        """{"contents":[{"role":"model","parts":[{"text":"a","thought":true},{"functionCall":{"name":"n","args":{"x":"b"}}}]}]}""",
        "Assistant/Reasoning:a",
        "Assistant/ToolArguments:b"
    )]
    [InlineData(
        """{"contents":[{"role":"user","parts":[{"functionResponse":{"name":"n","response":{"type":"a"}}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]}""",
        "User/ToolResults:a"
    )]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.example/a"}}]}]}""",
        "User/Text:https://x.example/a"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"a","content":"b"}],"new_member":{"of":["c"]}}""",
        "User/Text:a",
        "User/Text:b",
        "Unsaid/Text:c"
    )]
    public void Request_HasItsTextsAndNothingElse(string body, params string[] texts)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        TextWalk.OfRequest(bytes).Select(s => $"{s.Role}/{s.Part}:{s.Read(bytes)}").ShouldBe(texts);
    }

    [Theory]
    [InlineData(
        WireKind.OpenAiChat,
        """{"choices":[{"index":0,"delta":{"content":"a"}}]}""",
        """{"choices":[{"delta":{"content":"b"},"index":0}]}""",
        true
    )]
    [InlineData(
        WireKind.OpenAiChat,
        """{"choices":[{"index":0,"delta":{"content":"a"}}]}""",
        """{"choices":[{"index":1,"delta":{"content":"b"}}]}""",
        false
    )]
    [InlineData(
        WireKind.OpenAiChat,
        """{"choices":[{"index":0,"delta":{"content":"a"}}]}""",
        """{"choices":[{"index":0,"delta":{"reasoning_content":"b"}}]}""",
        false
    )]
    [InlineData(
        WireKind.AnthropicMessages,
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b"}}""",
        true
    )]
    [InlineData(
        WireKind.AnthropicMessages,
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"b"}}""",
        false
    )]
    [InlineData(
        WireKind.OpenAiResponses,
        """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}""",
        """{"delta":"b","type":"response.output_text.delta","content_index":0,"output_index":0}""",
        true
    )]
    [InlineData(
        WireKind.OpenAiResponses,
        """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}""",
        """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"b"}""",
        true
    )]
    [InlineData(
        WireKind.Gemini,
        """{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"b"}]},"index":0}]}""",
        true
    )]
    [InlineData(
        WireKind.Gemini,
        """{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"b","thought":true}]}}]}""",
        false
    )]
    [InlineData(
        WireKind.Ollama,
        """{"message":{"role":"assistant","content":"a"},"done":false}""",
        """{"message":{"role":"assistant","content":"b"},"done":true}""",
        true
    )]
    public void Frames_OfOneTextAreOne(WireKind wire, string first, string second, bool same)
    {
        var (a, b) = (ChannelOf(first, wire), ChannelOf(second, wire));

        a.ShouldNotBe(0);
        b.ShouldNotBe(0);
        (a == b).ShouldBe(same);
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.done","output_index":0,"text":"whole"}""")]
    [InlineData(
        """{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"whole"}]}],"instructions":"mine"}}"""
    )]
    public void EventsThatRepeatAText_HaveItWhole(string frame) =>
        TextWalk.OfFrame(Encoding.UTF8.GetBytes(frame), WireKind.OpenAiResponses).ShouldHaveSingleItem().Channel.ShouldBe(0);

    [Fact]
    public void Edits_LeaveEveryOtherByteAlone()
    {
        var body = Encoding.UTF8.GetBytes("""{ "messages" : [ {"role":"user","content":"caf\u00e9 \ud83d"} ], "n": 1.50 }""");
        var spans = TextWalk.OfRequest(body);

        Encoding
            .UTF8.GetString(TextEdits.Apply(body, spans, ["\ud83d \"x\"\n"]))
            .ShouldBe("""{ "messages" : [ {"role":"user","content":"\ud83d \"x\"\u000a"} ], "n": 1.50 }""");
    }

    private static int ChannelOf(string frame, WireKind wire) =>
        TextWalk.OfFrame(Encoding.UTF8.GetBytes(frame), wire).Single(s => s.Channel != 0).Channel;
}
