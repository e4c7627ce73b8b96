namespace Sluice.Tests.Wires.Conformance;

/// <summary>OpenAI Responses.</summary>
internal sealed class ResponsesFixtures : IFixtures
{
    private static readonly string Created =
        Event("response.created", """{"response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}""")
        + Event("response.in_progress", """{"response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}""");

    private static readonly string Opened =
        Event("response.output_item.added", """{"output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","content":[]}}""")
        + Event(
            "response.content_part.added",
            """{"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}"""
        );

    private static readonly string Completed = Event(
        "response.completed",
        """{"response":{"id":"resp_1","model":"m","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":2}}}"""
    );

    public string Preset => "openai-responses";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Fixture.Stream(
                Created + Opened + Text("Hello") + "event: response.output_text.delta\ndata: {\"type\":\"respon",
                "Hello | - | - | - | - | - | Cut Transient"
            ),
            [Trouble.TransportErrorAfterToolCall] = Fixture.Stream(
                Created
                    + Event(
                        "response.output_item.added",
                        """{"output_index":0,"item":{"id":"fc_1","type":"function_call","call_id":"t","name":"f","arguments":""}}"""
                    )
                    + Event("response.function_call_arguments.delta", """{"item_id":"fc_1","output_index":0,"delta":"{\"a\":"}"""),
                """- | - | f({"a":) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Fixture.Stream(
                Created + Opened + Text("Hel") + "data: {\"broken\":\n\n" + Text("lo") + Completed,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Fixture.Stream(
                Created + Event("response.novelty", """{"new":{"deep":[1]}}""") + Opened + Text("Hello") + Completed,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Fixture.Stream(
                Created
                    + Event("response.output_text.delta", """{"output_index":"0","delta":7}""")
                    + Event("response.output_item.added", """{"output_index":0,"item":"none"}""")
                    + Opened
                    + Text("Hello")
                    + Completed,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Fixture.Stream(
                Created
                    + Event("response.output_item.added", """{"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""")
                    + Event("response.output_item.done", """{"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""")
                    + Opened
                    + Text("Hello")
                    + Completed,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.RefusalFrames] = Fixture.Stream(
                Created
                    + Opened
                    + Event("response.refusal.delta", """{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"I can"}""")
                    + Event("response.refusal.delta", """{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"not."}""")
                    + Event("response.refusal.done", """{"item_id":"msg_1","output_index":0,"content_index":0,"refusal":"I cannot."}""")
                    + Completed,
                "- | - | - | I cannot. | Refusal | 3/2 | Completed"
            ),
            [Trouble.UsageVariants] = Fixture.Stream(
                Event("response.created", """{"response":{"id":"resp_1","model":"m","usage":null}}""")
                    + Opened
                    + Text("Hello")
                    + Event(
                        "response.incomplete",
                        """{"response":{"id":"resp_1","model":"m","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":1},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1}}}}"""
                    ),
                "Hello | - | - | - | Length | 3/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Fixture.Stream(
                Created
                    + Event(
                        "response.reasoning_summary_text.delta",
                        """{"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"Hm."}"""
                    )
                    + Opened
                    + Text("Hel")
                    + Event(
                        "response.reasoning_summary_text.delta",
                        """{"item_id":"rs_2","output_index":2,"summary_index":0,"delta":" Well."}"""
                    )
                    + Text("lo")
                    + Completed,
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                429,
                """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""",
                "- | - | - | - | - | 0/0 | Failed Exhausted"
            ),
            [Trouble.ErrorFirst] = Fixture.Stream(
                Created
                    + Event(
                        "error",
                        """{"error":{"type":"tokens","code":"rate_limit_exceeded","message":"Rate limit reached","param":null}}"""
                    )
                    + Event(
                        "response.failed",
                        """{"response":{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","message":"Rate limit reached"}}}"""
                    ),
                "- | - | - | - | - | - | Failed RateLimited"
            ),
            [Trouble.CutWithoutTerminal] = Fixture.Stream(
                Created
                    + Opened
                    + Text("Hello")
                    + Event("response.output_text.done", """{"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hello"}"""),
                "Hello | - | - | - | - | - | Cut Transient"
            ),
        };

    /// <summary>The discriminator comes last.</summary>
    private static string Event(string name, string members) => $"event: {name}\ndata: {members[..^1]},\"type\":\"{name}\"}}\n\n";

    private static string Text(string text) =>
        Event("response.output_text.delta", $$$"""{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{{text}}}"}""");
}
