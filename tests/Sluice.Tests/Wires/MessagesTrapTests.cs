using Sluice.Catalog;

namespace Sluice.Tests.Wires;

/// <summary>What Anthropic Messages really do, one trap a row: read whole and one byte at a time.</summary>
public sealed class MessagesTrapTests
{
    /// <summary>name, frames, marks of each frame, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "type comes last",
                ["""{"index":0,"delta":{"text":"a","type":"text_delta"},"type":"content_block_delta"}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "starts and pings do not commit",
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
                ["""{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":7}}"""],
                "Finish",
                "0/7",
                "max_tokens",
                true
            },
            {
                "redacted thinking comes whole in its start",
                ["""{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"abc"}}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "a tool's start and its empty first piece do not commit",
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
                ["""{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"a":1}},"usage":{"output_tokens":0}}"""],
                "Finish",
                "0/0",
                "refusal",
                true
            },
            {
                "an error event",
                ["""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "a call that is whole in its start commits",
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
                ["""{"error":{"type":"overloaded_error","message":"Overloaded"}}"""],
                "Error",
                "-",
                null,
                false
            },
            { "an unknown event", ["""{"type":"brand_new","payload":{"deep":[1,2]}}"""], "None", "-", null, false },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, string[] frames, string marks, string usage, string? finish, bool terminated) =>
        TrapReading.Check(WireKind.AnthropicMessages, name, frames, new TrapReading(marks, usage, finish, terminated));
}
