namespace Sluice.Tests.Wires.Conformance;

/// <summary>Gemini.</summary>
internal sealed class GeminiFixtures : IFixtures
{
    private const string Usage = """{"promptTokenCount":3,"candidatesTokenCount":1,"thoughtsTokenCount":1}""";

    public string Preset => "gemini";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Fixture.Stream(
                Part("""{"text":"Hello"}""") + """data: {"candidates":[{"cont""",
                "Hello | - | - | - | - | - | Cut Transient"
            ),
            [Trouble.TransportErrorAfterToolCall] = Fixture.Stream(
                Part("""{"functionCall":{"name":"f","args":{"a":1}}}"""),
                """- | - | f({"a":1}) | - | - | - | Cut Transient"""
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Fixture.Stream(
                Part("""{"text":"Hel"}""") + "data: {\"broken\":\n\n" + Part("""{"text":"lo"}""") + Finish("STOP"),
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.UnknownEvent] = Fixture.Stream(
                Frame("""{"new":{"deep":[1]}}""") + Part("""{"text":"Hello","novel":true}""") + Finish("STOP"),
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.DefectiveKnownEvent] = Fixture.Stream(
                Frame("""{"candidates":"none","usageMetadata":"many"}""")
                    + Frame("""{"candidates":[{"content":{"parts":"none"},"finishReason":7}]}""")
                    + Part("""{"text":"Hello"}""")
                    + Finish("STOP"),
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EmptyFirstChoice] = Fixture.Stream(
                Frame("""{"candidates":[],"usageMetadata":{"promptTokenCount":3}}""") + Part("""{"text":"Hello"}""") + Finish("STOP"),
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.RefusalFrames] = Fixture.Stream(
                Frame("""{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}}"""),
                "- | - | - | - | Refusal | 3/0 | Completed"
            ),
            [Trouble.UsageVariants] = Fixture.Stream(
                Frame("""{"candidates":[{"content":{"parts":[{"text":"Hello"}]}}],"usageMetadata":{"promptTokenCount":3}}""")
                    + Frame(
                        """{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"toolUsePromptTokenCount":1,"cachedContentTokenCount":1,"candidatesTokenCount":1,"thoughtsTokenCount":1}}"""
                    ),
                "Hello | - | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.InterleavedReasoning] = Fixture.Stream(
                Part("""{"text":"Hm.","thought":true}""")
                    + Part("""{"text":"Hel"}""")
                    + Part("""{"text":" Well.","thought":true}""")
                    + Part("""{"text":"lo"}""")
                    + Finish("STOP"),
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed"
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                400,
                """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}]""",
                "- | - | - | - | - | 0/0 | Failed Credential"
            ),
            [Trouble.ErrorFirst] = Fixture.Stream(
                Frame("""{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"""),
                "- | - | - | - | - | - | Failed Transient"
            ),
            [Trouble.CutWithoutTerminal] = Fixture.Stream(Part("""{"text":"Hello"}"""), "Hello | - | - | - | - | - | Cut Transient"),
        };

    private static string Frame(string json) => $"data: {json}\n\n";

    private static string Part(string part) => Frame($$$"""{"candidates":[{"content":{"parts":[{{{part}}}],"role":"model"},"index":0}]}""");

    private static string Finish(string reason) =>
        Frame($$$"""{"candidates":[{"finishReason":"{{{reason}}}","index":0}],"usageMetadata":{{{Usage}}}}""");
}
