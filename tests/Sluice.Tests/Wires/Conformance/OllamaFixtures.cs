namespace Sluice.Tests.Wires.Conformance;

/// <summary>Ollama's own protocol: a line of JSON a frame.</summary>
internal sealed class OllamaFixtures : IFixtures
{
    private const string Done =
        """{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}"""
        + "\n";

    public string Preset => "ollama";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Lines(Text("Hello") + """{"model":"m","mess""", "Hello | - | - | - | - | - | Cut Transient"),
            [Trouble.TransportErrorAfterToolCall] = Lines(
                Message("""{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}"""),
                """- | - | f({"a":1}) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Lines(
                Text("Hel") + "{\"broken\":\n" + Text("lo") + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Lines(
                """{"new":{"deep":[1]}}""" + "\n" + Text("Hello") + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Lines(
                """{"message":"none","done":"no"}""" + "\n" + Message("""{"content":7,"tool_calls":"none"}""") + Text("Hello") + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Lines(
                Message("""{"role":"assistant","content":"","tool_calls":[]}""") + Text("Hello") + Done,
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.RefusalFrames] = Fixture.None("a local model refuses in plain text"),
            [Trouble.UsageVariants] = Lines(
                Text("Hello")
                    + """{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"length","eval_count":2}""",
                "Hello | - | - | - | Length | 0/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Lines(
                Message("""{"role":"assistant","content":"","thinking":"Hm."}""")
                    + Text("Hel")
                    + Message("""{"role":"assistant","content":"","thinking":" Well."}""")
                    + Text("lo")
                    + Done,
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                404,
                """{"error":"model \"m\" not found, try pulling it first"}""",
                "- | - | - | - | - | 0/0 | Failed ModelUnavailable"
            ),
            [Trouble.ErrorFirst] = Lines(
                """{"error":"llama runner process has terminated"}""" + "\n",
                "- | - | - | - | - | - | Failed Transient"
            ),
            [Trouble.CutWithoutTerminal] = Lines(Text("Hello"), "Hello | - | - | - | - | - | Cut Transient"),
        };

    private static Fixture Lines(string body, string expected) =>
        Fixture.Stream(body, expected) with
        {
            ContentType = "application/x-ndjson",
        };

    private static string Text(string text) => Message($$$"""{"role":"assistant","content":"{{{text}}}"}""");

    private static string Message(string message) => $$$"""{"model":"m","message":{{{message}}},"done":false}""" + "\n";
}
