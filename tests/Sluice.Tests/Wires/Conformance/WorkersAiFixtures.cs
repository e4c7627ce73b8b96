namespace Sluice.Tests.Wires.Conformance;

/// <summary>Workers AI's native endpoint.</summary>
internal sealed class WorkersAiFixtures : IFixtures
{
    private static readonly string Usage = Frame("""{"response":"","usage":{"prompt_tokens":3,"completion_tokens":2}}""");
    private const string Done = "data: [DONE]\n\n";

    public string Preset => "workers-ai";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Fixture.Stream(Text("Hello") + """data: {"respo""", "Hello | - | - | - | - | - | Cut Transient"),
            [Trouble.TransportErrorAfterToolCall] = Fixture.Stream(
                Frame("""{"tool_calls":[{"id":"t","type":"function","index":0,"function":{"name":"f","arguments":"{\"a\":"}}],"p":"ab"}"""),
                """- | - | f({"a":) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Fixture.Stream(
                Text("Hel") + "data: {\"broken\":\n\n" + Text("lo") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Fixture.Stream(
                Frame("""{"new":{"deep":[1]}}""") + Text("Hello") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Fixture.Stream(
                Frame("""{"response":null,"tool_calls":"none","usage":"many"}""") + Text("Hello") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Fixture.Stream(
                Frame("""{"tool_calls":[],"p":"abcdef"}""") + Text("Hello") + Usage + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.RefusalFrames] = Fixture.None("its models refuse in plain text"),
            [Trouble.UsageVariants] = Fixture.Stream(
                Frame("""{"id":"a","choices":[{"index":0,"delta":{"content":"Hel"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""")
                    + Frame(
                        """{"id":"b","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""
                    )
                    + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Fixture.Stream(
                Frame("""{"choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}""")
                    + Frame("""{"choices":[{"index":0,"delta":{"content":"Hel"}}]}""")
                    + Frame("""{"choices":[{"index":0,"delta":{"reasoning_content":" Well."}}]}""")
                    + Frame("""{"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}""")
                    + Usage
                    + Done,
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                429,
                """{"result":null,"success":false,"errors":[{"code":3036,"message":"You have used up your daily free allocation"}],"messages":[]}""",
                "- | - | - | - | - | 0/0 | Failed Exhausted"
            ),
            [Trouble.ErrorFirst] = Fixture.Stream(
                Frame("""{"success":false,"errors":[{"code":3040,"message":"No more data centers to forward the request to"}]}"""),
                "- | - | - | - | - | - | Failed Transient"
            ),
            [Trouble.CutWithoutTerminal] = Fixture.Stream(Text("Hello"), "Hello | - | - | - | - | - | Cut Transient"),
        };

    private static string Frame(string json) => $"data: {json}\n\n";

    private static string Text(string text) => Frame($$$"""{"response":"{{{text}}}"}""");
}
