using Sluice.Catalog;

namespace Sluice.Tests.Wires;

/// <summary>What Chat Completions really do, one trap a row: read whole and one byte at a time.</summary>
public sealed class ChatTrapTests
{
    /// <summary>name, frames, marks of each frame, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            { "role alone does not commit", [Delta("""{"role":"assistant","content":""}""")], "None", "-", null, false },
            {
                "usage null on every chunk, then a trailing one",
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
                [
                    Finish("stop"),
                    """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"cost":0.25}}""",
                ],
                "Finish, Finish",
                "3/2",
                "stop",
                true
            },
            { "openrouter ends with an error finish", [Finish("error")], "Error", "-", "error", false },
            {
                "azure begins without choices",
                ["""{"choices":[],"id":"","model":"","prompt_filter_results":[{"prompt_index":0}]}"""],
                "None",
                "-",
                null,
                false
            },
            { "refusal is content", [Delta("""{"refusal":"no"}""")], "Content", "-", null, false },
            {
                "the start of a tool call does not commit, its arguments do",
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
                [Delta("""{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}""")],
                "Content",
                "-",
                null,
                false
            },
            {
                "venice sends null for every absent field",
                [Delta("""{"role":null,"content":null,"tool_calls":null,"refusal":null}""")],
                "None",
                "-",
                null,
                false
            },
            {
                "a frame that is cut after its finish ends nothing",
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
                ["""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prom""", Finish("length")],
                "Malformed, Finish",
                "-",
                "length",
                true
            },
            {
                "counts that are written as fractions",
                ["""{"choices":[],"usage":{"prompt_tokens":3.0,"completion_tokens":2e0,"total_tokens":0.5}}"""],
                "UsageOnly",
                "3/2",
                null,
                false
            },
            { "an error in the stream", ["""{"error":{"message":"overloaded","type":"server_error"}}"""], "Error", "-", null, false },
            { "a null error is none", ["""{"error":null,"choices":[{"index":0,"delta":{"content":"a"}}]}"""], "Content", "-", null, false },
            { "not JSON", ["{\"broken\":"], "Malformed", "-", null, false },
            {
                "unknown members pass",
                [
                    """{"time_info":{"a":[1,{"b":2}]},"choices":[{"index":0,"delta":{"content":"a","new":null},"logprobs":{"content":[]}}]}""",
                ],
                "Content",
                "-",
                null,
                false
            },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, string[] frames, string marks, string usage, string? finish, bool terminated) =>
        TrapReading.Check(WireKind.OpenAiChat, name, frames, new TrapReading(marks, usage, finish, terminated));

    private static string Delta(string delta) => $$"""{"choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""";

    private static string Finish(string reason) => $$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}]}""";
}
