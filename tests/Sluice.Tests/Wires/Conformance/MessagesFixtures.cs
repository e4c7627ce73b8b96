namespace Sluice.Tests.Wires.Conformance;

/// <summary>Anthropic Messages.</summary>
internal sealed class MessagesFixtures : IFixtures
{
    private static readonly string Start = Event(
        "message_start",
        """{"message":{"id":"m","model":"m","role":"assistant","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}"""
    );

    private static readonly string Stop = Event("message_stop", "{}");

    public string Preset => "anthropic";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Fixture.Stream(
                Start + Open(0, "text") + Text(0, "Hello") + "event: content_block_delta\ndata: {\"type\":\"content_bl",
                "Hello | - | - | - | - | - | Cut Transient"
            ),
            [Trouble.TransportErrorAfterToolCall] = Fixture.Stream(
                Start
                    + Event("content_block_start", """{"index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""")
                    + Event("content_block_delta", """{"index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"""),
                """- | - | f({"a":) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Fixture.Stream(
                Start + Open(0, "text") + Text(0, "Hel") + "event: ping\ndata: {\"broken\":\n\n" + Text(0, "lo") + End("end_turn") + Stop,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Fixture.Stream(
                Start + Event("novelty", """{"new":{"deep":[1]}}""") + Open(0, "text") + Text(0, "Hello") + End("end_turn") + Stop,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Fixture.Stream(
                Start
                    + Event("content_block_delta", """{"index":"0","delta":7}""")
                    + Event("message_delta", """{"usage":"many"}""")
                    + Open(0, "text")
                    + Text(0, "Hello")
                    + End("end_turn")
                    + Stop,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Fixture.None("a message has one answer, and its start carries no list of them"),
            [Trouble.RefusalFrames] = Fixture.Stream(Start + End("refusal") + Stop, "- | - | - | - | Refusal | 3/2 | Completed"),
            [Trouble.UsageVariants] = Fixture.Stream(
                Event(
                    "message_start",
                    """{"message":{"id":"m","usage":{"input_tokens":0,"output_tokens":0,"cache_read_input_tokens":null}}}"""
                )
                    + Open(0, "text")
                    + Text(0, "Hello")
                    + Event(
                        "message_delta",
                        """{"delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1,"cache_read_input_tokens":2,"output_tokens":2}}"""
                    )
                    + Stop
                    + "event: data\ndata: [DONE]\n\n",
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Fixture.Stream(
                Start
                    + Open(0, "thinking")
                    + Event("content_block_delta", """{"index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""")
                    + Open(1, "text")
                    + Text(1, "Hel")
                    + Open(2, "thinking")
                    + Event("content_block_delta", """{"index":2,"delta":{"type":"thinking_delta","thinking":" Well."}}""")
                    + Open(3, "text")
                    + Text(3, "lo")
                    + End("end_turn")
                    + Stop,
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                529,
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":null}""",
                "- | - | - | - | - | 0/0 | Failed Transient"
            ),
            [Trouble.ErrorFirst] = Fixture.Stream(
                Event("error", """{"error":{"type":"overloaded_error","message":"Overloaded"}}"""),
                "- | - | - | - | - | - | Failed Transient"
            ),
            [Trouble.CutWithoutTerminal] = Fixture.Stream(
                Start + Open(0, "text") + Text(0, "Hello") + Event("content_block_stop", """{"index":0}"""),
                "Hello | - | - | - | - | - | Cut Transient"
            ),
        };

    /// <summary>The discriminator comes last, as some clients of the wire write it.</summary>
    private static string Event(string name, string members) =>
        $"event: {name}\ndata: {members[..^1]}{(members.Length > 2 ? "," : "")}\"type\":\"{name}\"}}\n\n";

    private static string Open(int index, string type) =>
        Event("content_block_start", $$$"""{"index":{{{index}}},"content_block":{"type":"{{{type}}}","{{{type}}}":""}}""");

    private static string Text(int index, string text) =>
        Event("content_block_delta", $$$"""{"index":{{{index}}},"delta":{"type":"text_delta","text":"{{{text}}}"}}""");

    private static string End(string reason) =>
        Event("message_delta", $$$"""{"delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":2}}""");
}
