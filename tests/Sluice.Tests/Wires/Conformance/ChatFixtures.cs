namespace Sluice.Tests.Wires.Conformance;

/// <summary>Chat Completions.</summary>
internal sealed class ChatFixtures : IFixtures
{
    private const string Role = """data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""" + "\n\n";
    private const string Usage = """data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    public string Preset => "openai";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Fixture.Stream(
                Role + Text("Hello") + """data: {"id":"c","choices":[{"index":0,"del""",
                "Hello | - | - | - | - | - | Cut Transient"
            ),
            [Trouble.TransportErrorAfterToolCall] = Fixture.Stream(
                Role + Delta("""{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}"""),
                """- | - | f({"a":) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Fixture.Stream(
                Role + Text("Hel") + "data: {\"broken\":\n\n" + Text("lo") + Finish("stop") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Fixture.Stream(
                Role + "event: novelty\ndata: {\"new\":{\"deep\":[1]}}\n\n" + Text("Hello") + Finish("stop") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Fixture.Stream(
                Role
                    + """data: {"id":1,"choices":"none","usage":"many"}"""
                    + "\n\n"
                    + """data: {"choices":[{"index":"0","delta":7,"finish_reason":8}]}"""
                    + "\n\n"
                    + Text("Hello")
                    + Finish("stop")
                    + Usage
                    + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Fixture.Stream(
                """data: {"id":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}"""
                    + "\n\n"
                    + Role
                    + Text("Hello")
                    + Finish("stop")
                    + Usage
                    + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.RefusalFrames] = Fixture.Stream(
                Role + Delta("""{"refusal":"I can"}""") + Delta("""{"refusal":"not."}""") + Finish("stop") + Usage + Done,
                "- | - | - | I cannot. | Refusal | 3/2 | Completed"
            ),
            [Trouble.UsageVariants] = Fixture.Stream(
                Role
                    + Text("Hello")
                    + """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1},"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":1}}}"""
                    + "\n\n"
                    + Usage
                    + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Fixture.Stream(
                Role
                    + Delta("""{"reasoning_content":"Hm."}""")
                    + Text("Hel")
                    + Delta("""{"reasoning_content":" Well.","content":null}""")
                    + Text("lo")
                    + Finish("stop")
                    + Usage
                    + Done,
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                400,
                """{"error":{"message":"This model's maximum context length is 8 tokens","type":"invalid_request_error","code":"context_length_exceeded"}}""",
                "- | - | - | - | - | 0/0 | Failed ContextTooLong"
            ),
            [Trouble.ErrorFirst] = Fixture.Stream(
                """data: {"error":{"message":"overloaded","type":"server_error"}}""" + "\n\n",
                "- | - | - | - | - | - | Failed Transient"
            ),
            [Trouble.CutWithoutTerminal] = Fixture.Stream(Role + Text("Hello"), "Hello | - | - | - | - | - | Cut Transient"),
        };

    private static string Text(string text) => Delta($$"""{"content":"{{text}}"}""");

    private static string Delta(string delta) => $$"""data: {"id":"c","choices":[{"index":0,"delta":{{delta}}}]}""" + "\n\n";

    private static string Finish(string reason) =>
        $$"""data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"{{reason}}"}]}""" + "\n\n";
}
