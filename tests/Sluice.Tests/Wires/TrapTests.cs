using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Gemini;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What the wires really do, one trap a row: read whole and one byte at a time.</summary>
public sealed class TrapTests
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire(), new ResponsesWire());

    /// <summary>name, wire, frames, marks of each frame, "input/output", finish, terminated.</summary>
    public static TheoryData<string, WireKind, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "role alone does not commit",
                WireKind.OpenAiChat,
                [Delta("""{"role":"assistant","content":""}""")],
                "None",
                "-",
                null,
                false
            },
            {
                "usage null on every chunk, then a trailing one",
                WireKind.OpenAiChat,
                [
                    """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":null,"obfuscation":"x"}""",
                    Finish("stop"),
                    """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":1}}}""",
                    "[DONE]",
                ],
                "Content, Finish, UsageOnly, End",
                "3/2",
                "stop",
                true
            },
            {
                "groq reports usage twice",
                WireKind.OpenAiChat,
                [
                    """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2},"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":2}}}""",
                    """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""",
                ],
                "Finish, UsageOnly",
                "3/2",
                "stop",
                true
            },
            {
                "deepseek counts cache hits apart",
                WireKind.OpenAiChat,
                [
                    """{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"hm"}}]}""",
                    """{"choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_cache_hit_tokens":4}}""",
                ],
                "Content, Finish",
                "9/2",
                "stop",
                true
            },
            {
                "mistral's content is a list",
                WireKind.OpenAiChat,
                [
                    """{"p":"abc","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}""",
                ],
                "Content",
                "-",
                null,
                false
            },
            {
                "openrouter finishes twice and adds the cost",
                WireKind.OpenAiChat,
                [
                    Finish("stop"),
                    """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"cost":0.25}}""",
                ],
                "Finish, Finish",
                "3/2",
                "stop",
                true
            },
            { "openrouter ends with an error finish", WireKind.OpenAiChat, [Finish("error")], "Error", "-", "error", false },
            {
                "azure begins without choices",
                WireKind.OpenAiChat,
                ["""{"choices":[],"id":"","model":"","prompt_filter_results":[{"prompt_index":0}]}"""],
                "None",
                "-",
                null,
                false
            },
            { "refusal is content", WireKind.OpenAiChat, [Delta("""{"refusal":"no"}""")], "Content", "-", null, false },
            {
                "the start of a tool call does not commit, its arguments do",
                WireKind.OpenAiChat,
                [
                    Delta("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]}"""),
                    Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"""),
                ],
                "None, Content",
                "-",
                null,
                false
            },
            {
                "arguments as an object",
                WireKind.OpenAiChat,
                [Delta("""{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}""")],
                "Content",
                "-",
                null,
                false
            },
            {
                "venice sends null for every absent field",
                WireKind.OpenAiChat,
                [Delta("""{"role":null,"content":null,"tool_calls":null,"refusal":null}""")],
                "None",
                "-",
                null,
                false
            },
            {
                "a frame that is cut after its finish ends nothing",
                WireKind.OpenAiChat,
                [
                    Delta("""{"content":"a"}"""),
                    """{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prom""",
                ],
                "Content, Malformed",
                "-",
                null,
                false
            },
            {
                "a finish after a cut one",
                WireKind.OpenAiChat,
                ["""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prom""", Finish("length")],
                "Malformed, Finish",
                "-",
                "length",
                true
            },
            {
                "counts that are written as fractions",
                WireKind.OpenAiChat,
                ["""{"choices":[],"usage":{"prompt_tokens":3.0,"completion_tokens":2e0,"total_tokens":0.5}}"""],
                "UsageOnly",
                "3/2",
                null,
                false
            },
            {
                "an error in the stream",
                WireKind.OpenAiChat,
                ["""{"error":{"message":"overloaded","type":"server_error"}}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "a null error is none",
                WireKind.OpenAiChat,
                ["""{"error":null,"choices":[{"index":0,"delta":{"content":"a"}}]}"""],
                "Content",
                "-",
                null,
                false
            },
            { "not JSON", WireKind.OpenAiChat, ["{\"broken\":"], "Malformed", "-", null, false },
            {
                "unknown members pass",
                WireKind.OpenAiChat,
                [
                    """{"time_info":{"a":[1,{"b":2}]},"choices":[{"index":0,"delta":{"content":"a","new":null},"logprobs":{"content":[]}}]}""",
                ],
                "Content",
                "-",
                null,
                false
            },
            {
                "type comes last",
                WireKind.AnthropicMessages,
                ["""{"index":0,"delta":{"text":"a","type":"text_delta"},"type":"content_block_delta"}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "starts and pings do not commit",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":5,"output_tokens":1}}}""",
                    """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}""",
                    """{"type":"ping"}""",
                ],
                "None, None, None",
                "5/1",
                null,
                false
            },
            {
                "usage over two events, cache apart",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":10,"cache_creation_input_tokens":20,"cache_creation":{"ephemeral_1h_input_tokens":20},"output_tokens":1}}}""",
                    """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":5,"cache_read_input_tokens":10,"output_tokens":7,"output_tokens_details":{"thinking_tokens":3}}}""",
                    """{"type":"message_stop"}""",
                ],
                "None, Finish, End",
                "35/7",
                "end_turn",
                true
            },
            {
                "openrouter's message_start knows nothing yet",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0,"cache_creation":null}}}""",
                    """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":4,"output_tokens":7,"cost":0.5}}""",
                    """{"type":"message_stop"}""",
                    "[DONE]",
                ],
                "None, Finish, End, End",
                "4/7",
                "end_turn",
                true
            },
            {
                "a stop reason alone is accepted",
                WireKind.AnthropicMessages,
                ["""{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":7}}"""],
                "Finish",
                "0/7",
                "max_tokens",
                true
            },
            {
                "redacted thinking comes whole in its start",
                WireKind.AnthropicMessages,
                ["""{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"abc"}}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "a tool's start and its empty first piece do not commit",
                WireKind.AnthropicMessages,
                [
                    """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{},"caller":{"type":"direct"}}}""",
                    """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}""",
                ],
                "None, None",
                "-",
                null,
                false
            },
            {
                "a refusal has no content and finishes",
                WireKind.AnthropicMessages,
                ["""{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"a":1}},"usage":{"output_tokens":0}}"""],
                "Finish",
                "0/0",
                "refusal",
                true
            },
            {
                "an error event",
                WireKind.AnthropicMessages,
                ["""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "a call that is whole in its start commits",
                WireKind.AnthropicMessages,
                [
                    """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1},"caller":{"type":"code_execution_20250825"}}}""",
                ],
                "Content",
                "-",
                null,
                false
            },
            {
                "a message that is whole in its start",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_start","message":{"id":"m","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}}}""",
                    """{"type":"message_stop"}""",
                ],
                "Content, Finish, End",
                "3/2",
                "tool_use",
                true
            },
            {
                "steps that the message leaves out of its own figures",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":23,"output_tokens":1,"iterations":[{"type":"compaction","input_tokens":180,"output_tokens":3},null,{"type":"message","input_tokens":23,"output_tokens":1}]}}""",
                ],
                "Finish",
                "23/1",
                "end_turn",
                true
            },
            {
                "a count that is cut counts nothing",
                WireKind.AnthropicMessages,
                [
                    """{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}""",
                    """{"type":"message_delta","usage":{"output_tokens":1234},"delta":{"stop_reason":"end_tu""",
                ],
                "None, Malformed",
                "3/1",
                null,
                false
            },
            {
                "an error without its event's name",
                WireKind.AnthropicMessages,
                ["""{"error":{"type":"overloaded_error","message":"Overloaded"}}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "an unknown event",
                WireKind.AnthropicMessages,
                ["""{"type":"brand_new","payload":{"deep":[1,2]}}"""],
                "None",
                "-",
                null,
                false
            },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, WireKind wire, string[] frames, string marks, string usage, string? finish, bool terminated)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => $": comment\r\n\r\ndata:{f}\r\n\r\n")));
        foreach (var chunk in new[] { body.Length, 1 })
        {
            var facts = Wires[wire].Observe(new CallFeatures(), TestTargets.DialectOf(wire));
            var seen = Read(wire, body, chunk, facts).Where((_, i) => i % 2 == 1);

            string.Join(", ", seen).ShouldBe(marks, name);
            (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(usage, name);
            facts.FinishReason.ShouldBe(finish, name);
            facts.Terminated.ShouldBe(terminated, name);
        }
    }

    [Fact]
    public void ZeroArgumentTool_HasEmptyObjectOnEitherWire()
    {
        var anthropic =
            """{"content":[{"type":"tool_use","id":"t","name":"f","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}""";
        var events = new List<AnswerEvent>();
        Wires[WireKind.AnthropicMessages]
            .Codec.ReadAnswer(TestTargets.DialectOf(WireKind.AnthropicMessages))
            .ReadWhole(Encoding.UTF8.GetBytes(anthropic), events);
        var chat = new System.Buffers.ArrayBufferWriter<byte>();

        Wires[WireKind.OpenAiChat].Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true)).WriteWhole(events, chat);

        Encoding
            .UTF8.GetString(chat.WrittenSpan)
            .ShouldContain("""{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}""");
    }

    [Fact]
    public void ForeignSignature_IsLeftOutAndReported()
    {
        var request = Wires[WireKind.AnthropicMessages]
            .Codec.ReadRequest(
                """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"a"}]},{"role":"user","content":"r"}]}"""u8.ToArray()
            );
        var degradations = new List<Degradation>();
        var chat = new System.Buffers.ArrayBufferWriter<byte>();

        Wires[WireKind.OpenAiChat].Codec.WriteRequest(request, TestTargets.Of(WireKind.OpenAiChat), degradations, chat);

        Encoding.UTF8.GetString(chat.WrittenSpan).ShouldNotContain("sig");
        degradations.Select(d => d.Feature).ShouldBe(["thinking"]);
    }

    [Theory]
    [InlineData("data: a\n\ndata:b\r\n\r\n", "a|b")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("event: x\nid: 1\ndata: a\n\n", "a")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("data: no end", "no end")]
    public void Framing_KnowsEveryLineEnd(string text, string expected)
    {
        var framing = new Sluice.Wires.Sse.SseFraming();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var data = new List<string>();
        while (framing.TryRead(bytes, final: true, out var frame))
        {
            data.Add(Encoding.UTF8.GetString(frame.Data));
            bytes = bytes[frame.Length..];
        }

        string.Join('|', data).ShouldBe(expected);
    }

    private static string Delta(string delta) => $$"""{"choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""";

    private static string Finish(string reason) => $$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}]}""";

    private static List<FrameMarks> Read(WireKind kind, byte[] body, int chunk, AnswerObserver facts)
    {
        var marks = new List<FrameMarks>();
        var (start, end) = (0, 0);
        while (end < body.Length)
        {
            end = Math.Min(body.Length, end + chunk);
            while (Wires[kind].Framing.TryRead(body.AsSpan(start..end), final: end == body.Length, out var frame))
            {
                marks.Add(facts.Observe(frame));
                start += frame.Length;
            }
        }

        return marks;
    }
}
