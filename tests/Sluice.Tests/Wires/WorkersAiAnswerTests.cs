using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.Records;
using Sluice.Wires.WorkersAi;

namespace Sluice.Tests.Wires;

/// <summary>Answers of Workers AI in all the shapes its models have, whole and byte by byte.</summary>
public sealed class WorkersAiAnswerTests
{
    private static readonly WorkersAiWire Wire = new();

    /// <summary>frames, "reasoning|text|calls|finish|input/output", terminated.</summary>
    public static TheoryData<string, string[], string, bool> Streams() =>
        new()
        {
            {
                "native text between padding, usage at the end",
                [
                    """{"response":"Hel"}""",
                    """{"tool_calls":[],"p":"abdefgh"}""",
                    """{"response":"lo","p":"x"}""",
                    """{"response":"","usage":{"prompt_tokens":13,"completion_tokens":4,"total_tokens":17}}""",
                    "[DONE]",
                ],
                "|Hello||Stop|13/4",
                true
            },
            {
                "a number and an object are text",
                ["""{"response":4}""", """{"response":{"a":[1]}}""", """{"response":null}""", "[DONE]"],
                """|4{"a":[1]}||Stop|-""",
                true
            },
            {
                "an incremental call ends with a piece that says nothing",
                [
                    """{"tool_calls":[{"id":"c1","type":"function","index":0,"function":{"name":"f","arguments":"{\"a"}}]}""",
                    """{"tool_calls":[{"index":0,"function":{"arguments":"\":1}"}}]}""",
                    """{"tool_calls":[{"id":null,"type":null,"index":0,"function":{"name":null,"arguments":""}}]}""",
                    """{"finish_reason":"tool_calls"}""",
                    "[DONE]",
                ],
                """||c1 f {"a":1}|ToolCalls|-""",
                true
            },
            {
                "flat whole calls without id, and no reason",
                ["""{"tool_calls":[{"name":"f","arguments":{"a":1}},{"name":"g","arguments":{}}]}""", "[DONE]"],
                """||call_0 f {"a":1},call_1 g {}|ToolCalls|-""",
                true
            },
            {
                "calls that all count as the first, each ended",
                [
                    """{"tool_calls":[{"id":"c1","type":"function","index":0,"function":{"name":"f","arguments":"{}"}}]}""",
                    """{"tool_calls":[{"id":null,"type":null,"index":0,"function":{"name":null,"arguments":""}}]}""",
                    """{"tool_calls":[{"id":"c2","type":"function","index":0,"function":{"name":"g","arguments":"{}"}}]}""",
                    "[DONE]",
                ],
                "||c1 f {},c2 g {}|ToolCalls|-",
                true
            },
            { "native reasoning", ["""{"reasoning_content":"hm"}""", """{"response":"a"}""", "[DONE]"], "hm|a||Stop|-", true },
            {
                "Responses whose items come whole",
                [
                    """{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}""",
                    """{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"hi"}]}}""",
                    """{"type":"response.completed","response":{"output":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}}""",
                ],
                "|hi|c f {}|ToolCalls|5/7",
                true
            },
            {
                "chunks of Chat Completions with usage that grows and an id that changes",
                [
                    """{"id":"one","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":13,"completion_tokens":0}}""",
                    """{"id":"one","choices":[{"index":0,"delta":{"reasoning_content":"Okay"},"finish_reason":null}],"usage":{"prompt_tokens":13,"completion_tokens":3}}""",
                    """{"id":"two","choices":[{"index":0,"delta":{"content":"moo"},"finish_reason":null}],"usage":{"prompt_tokens":13,"completion_tokens":450}}""",
                    """{"id":"two","choices":[],"usage":{"prompt_tokens":13,"completion_tokens":1022}}""",
                    "[DONE]",
                ],
                "Okay|moo||Stop|13/1022",
                true
            },
            {
                "thinking written as text, its tags split",
                [
                    """{"response":"\n<thi"}""",
                    """{"response":"nk>A <b</th"}""",
                    """{"response":"ink>\n"}""",
                    """{"response":" B <think>"}""",
                    "[DONE]",
                ],
                "A <b|B <think>||Stop|-",
                true
            },
            { "a tag later on is text", ["""{"response":"a <think>b</think>"}""", "[DONE]"], "|a <think>b</think>||Stop|-", true },
            { "thinking that never ends", ["""{"response":"<think>A</thi"}""", "[DONE]"], "A</thi|||Stop|-", true },
            { "the beginning of a tag that is none", ["""{"response":"<th"}""", "[DONE]"], "|<th||Stop|-", true },
            {
                "neither [DONE] nor a reason: cut",
                ["""{"choices":[{"delta":{"content":"Hello"},"finish_reason":null}]}"""],
                "|Hello||Stop|-",
                false
            },
            { "a reason without [DONE]", ["""{"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}"""], "|a||Length|-", true },
            {
                "the events of Messages",
                [
                    """{"message":{"id":"msg_1","content":[],"usage":{"input_tokens":5,"output_tokens":1}},"type":"message_start"}""",
                    """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                    """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}""",
                    """{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":7}}""",
                    """{"type":"message_stop"}""",
                ],
                "|hi||Length|5/7",
                true
            },
            {
                "the events of Responses",
                [
                    """{"type":"response.created","response":{"id":"resp_1"}}""",
                    """{"type":"response.reasoning_text.delta","output_index":0,"delta":"hm"}""",
                    """{"type":"response.output_text.delta","output_index":1,"delta":"hi"}""",
                    """{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f"}}""",
                    """{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{}"}""",
                    """{"type":"response.completed","response":{"usage":{"input_tokens":5,"output_tokens":7}}}""",
                ],
                "hm|hi|c f {}|ToolCalls|5/7",
                true
            },
            {
                "unknown frames pass",
                ["""{"brand_new":1}""", """{"type":"response.odd"}""", """{"response":"a"}""", "[DONE]"],
                "|a||Stop|-",
                true
            },
        };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_IsRead(string name, string[] frames, string expected, bool terminated)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => $"data: {f}\n\n")));
        foreach (var chunk in new[] { body.Length, 1 })
        {
            Describe(WholeMessage.Of(WireReading.Events(Wire, body, chunk))).ShouldBe(expected, name);
            var facts = WireReading.Facts(Wire, body, chunk);
            (facts.Terminated, facts.MalformedFrames).ShouldBe((terminated, 0), name);
            (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(expected.Split('|')[^1], name);
        }
    }

    [Theory]
    [InlineData("""{"response":4}""", "|4||Stop|-")]
    [InlineData("""{"response":{"answer":"yes"},"usage":{"prompt_tokens":3,"completion_tokens":2}}""", """|{"answer":"yes"}||Stop|3/2""")]
    [InlineData("""{"response":"<think>A</think>\nB"}""", "A|B||Stop|-")]
    [InlineData("""{"response":null,"tool_calls":[{"name":"f","arguments":{"a":1}}]}""", """||call_0 f {"a":1}|ToolCalls|-""")]
    [InlineData(
        """{"output":[{"type":"reasoning","content":[{"type":"reasoning_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"hi"}]},{"type":"function_call","call_id":"c","name":"f","arguments":{"city":"Austin"}}],"usage":{"input_tokens":5,"output_tokens":7}}""",
        """hm|hi|c f {"city":"Austin"}|ToolCalls|5/7"""
    )]
    [InlineData(
        """{"output":[{"type":"message","content":[{"type":"output_text","text":"hi"}]}],"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}""",
        "|hi||Length|-"
    )]
    [InlineData(
        """{"choices":[{"index":0,"message":{"content":"hi","reasoning_content":"hm"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""",
        "hm|hi||Stop|3/2"
    )]
    [InlineData(
        """{"type":"message","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}""",
        "|hi||Stop|3/2"
    )]
    public void WholeAnswer_IsReadInAndOutOfItsEnvelope(string result, string expected)
    {
        foreach (var body in new[] { $$"""{"result":{{result}},"success":true,"errors":[],"messages":[]}""", result })
        {
            Describe(WireReading.Whole(Wire, body)).ShouldBe(expected);
            var facts = Observe(stream: false);
            facts.ObserveWhole(Encoding.UTF8.GetBytes(body));
            facts.Terminated.ShouldBeTrue();
        }
    }

    [Fact]
    public void EmptyResult_MeansNoStream_AndOtherwiseDrift()
    {
        const string Body = """{"result":{},"success":true,"errors":[],"messages":[]}""";

        var failure = Should.Throw<ProviderException>(() => Observe(stream: true).ObserveWhole(Encoding.UTF8.GetBytes(Body)));
        (failure.Failure, failure.CannotStream).ShouldBe((FailureClass.ModelFault, true));
        Should
            .Throw<ProviderException>(() => Observe(stream: false).ObserveWhole(Encoding.UTF8.GetBytes(Body)))
            .Failure.ShouldBe(FailureClass.Drift);
    }

    [Theory]
    [InlineData("""{"result":null,"success":false,"errors":[{"code":3040,"message":"Capacity temporarily exceeded"}]}""", "Transient")]
    [InlineData("""{"errors":[{"code":3036,"message":"x"}],"success":false}""", "Exhausted")]
    [InlineData("""{"error":{"message":"overloaded"}}""", "Transient")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}""", "Transient")]
    public void ErrorUnderASuccess_HasItsClass(string body, string failure)
    {
        Should
            .Throw<ProviderException>(() => Observe(stream: false).ObserveWhole(Encoding.UTF8.GetBytes(body)))
            .Failure.ToString()
            .ShouldBe(failure);
        WireReading.Facts(Wire, Encoding.UTF8.GetBytes($"data: {body}\n\n"), 1).Error!.Failure.ToString().ShouldBe(failure);
    }

    [Fact]
    public void MalformedFrameAmongGoodOnes_IsCounted()
    {
        var facts = WireReading.Facts(Wire, "data: {\"response\":\"a\"}\n\ndata: {\"resp\n\ndata: 4\n\ndata: [DONE]\n\n"u8.ToArray(), 1);

        (facts.MalformedFrames, facts.Terminated).ShouldBe((2, true));
    }

    [Fact]
    public void DocumentedShapes_AreRead()
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: documented shapes are not at hand");
        var folder = Path.Combine(Recordings.Root!, "transcribed", "cloudflare");
        var files = Directory.EnumerateFiles(folder, "*.sse").ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllBytes);

        files.Count.ShouldBe(5);
        foreach (var (name, body) in files)
        {
            var whole = Describe(WholeMessage.Of(WireReading.Events(Wire, body, body.Length)));
            for (var chunk = 1; chunk < body.Length; chunk += chunk < 20 ? 1 : 97)
            {
                Describe(WholeMessage.Of(WireReading.Events(Wire, body, chunk))).ShouldBe(whole, name);
            }

            WireReading.Facts(Wire, body, 1).Terminated.ShouldBe(name != "truncated-no-done", name);
        }

        Describe(WholeMessage.Of(WireReading.Events(Wire, files["native-text"], 1))).ShouldBe("|Hello chunk1Hello chunk2||Stop|13/4");
        Describe(WholeMessage.Of(WireReading.Events(Wire, files["native-tool-call-incremental"], 1)))
            .ShouldBe("""||call1 get_weather {"location": "London"}|ToolCalls|-""");
        Describe(WholeMessage.Of(WireReading.Events(Wire, files["openai-shape-reasoning-cumulative-usage"], 1)))
            .ShouldBe("Okay|A cow is cool||Stop|13/1022");
        WireReading.Whole(Wire, File.ReadAllText(Path.Combine(folder, "rest-envelope-numeric-response.json"))).Text.ShouldBe("4");
        WireReading
            .Whole(Wire, File.ReadAllText(Path.Combine(folder, "rest-envelope-text.json")))
            .Text.ShouldBe("Hello from non-streaming");
        Should
            .Throw<ProviderException>(() =>
                Observe(stream: true)
                    .ObserveWhole(File.ReadAllBytes(Path.Combine(folder, "rest-stream-requested-but-json-empty-result.json")))
            )
            .CannotStream.ShouldBeTrue();
    }

    private static AnswerObserver Observe(bool stream) =>
        Wire.Observe(new CallFeatures { Stream = stream }, TestTargets.DialectOf(WireKind.WorkersAi));

    private static string Describe(WholeMessage answer) =>
        $"{answer.Reasoning}|{answer.Text}|{string.Join(',', answer.Calls.Select(c => $"{c.Id} {c.Name} {c.Arguments}"))}|{answer.Finish}|{(answer.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-")}";
}
