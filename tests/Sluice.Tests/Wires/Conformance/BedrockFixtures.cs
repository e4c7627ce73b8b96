using System.Buffers.Binary;
using System.Text;

namespace Sluice.Tests.Wires.Conformance;

/// <summary>Bedrock Converse: binary messages, put together here by the vendor's description.</summary>
internal sealed class BedrockFixtures : IFixtures
{
    private static readonly byte[] Start = Event("messageStart", """{"p":"ab","role":"assistant"}""");
    private static readonly byte[] Usage = Event(
        "metadata",
        """{"metrics":{"latencyMs":1},"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}"""
    );

    public string Preset => "bedrock";

    public IReadOnlyDictionary<Trouble, Fixture> All { get; } =
        new Dictionary<Trouble, Fixture>
        {
            [Trouble.TruncatedStream] = Binary("Hello | - | - | - | - | - | Cut Transient", Start, Text("Hello"), Text("lost")[..20]),
            [Trouble.TransportErrorAfterToolCall] = Binary(
                """- | - | f({"a":) | - | - | - | Cut Transient""",
                Start,
                Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"name":"f","toolUseId":"t"}}}"""),
                Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":"}}}""")
            ) with
            {
                Breaks = true,
            },
            [Trouble.MalformedFrame] = Binary(
                "Hello | - | - | - | Stop | 3/2 | Completed",
                Start,
                Text("Hel"),
                Event("contentBlockDelta", """{"broken":"""),
                Text("lo"),
                Stop("end_turn"),
                Usage
            ),
            [Trouble.UnknownEvent] = Binary(
                "Hello | - | - | - | Stop | 3/2 | Completed",
                Start,
                Event("novelty", """{"new":{"deep":[1]}}"""),
                Text("Hello"),
                Stop("end_turn"),
                Usage
            ),
            [Trouble.DefectiveKnownEvent] = Binary(
                "Hello | - | - | - | Stop | 3/2 | Completed",
                Start,
                Event("contentBlockDelta", """{"contentBlockIndex":"0","delta":7}"""),
                Event("metadata", """{"usage":"many"}"""),
                Text("Hello"),
                Stop("end_turn"),
                Usage
            ),
            [Trouble.EmptyFirstChoice] = Fixture.None("a message has one answer, and its start carries no list of them"),
            [Trouble.RefusalFrames] = Binary("- | - | - | - | Refusal | 3/2 | Completed", Start, Stop("content_filtered"), Usage),
            [Trouble.UsageVariants] = Binary(
                "Hello | - | - | - | Stop | 3/2 | Completed",
                Start,
                Text("Hello"),
                Stop("end_turn"),
                Event("metadata", """{"usage":{"inputTokens":1,"cacheReadInputTokens":2,"cacheWriteInputTokens":0,"outputTokens":2}}""")
            ),
            [Trouble.InterleavedReasoning] = Binary(
                "Hello | Hm. Well. | - | - | Stop | 3/2 | Completed",
                Start,
                Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}}}"""),
                Text("Hel", 1),
                Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"reasoningContent":{"text":" Well."}}}"""),
                Text("lo", 3),
                Stop("end_turn"),
                Usage
            ),
            [Trouble.EarlyJsonError] = Fixture.Json(
                400,
                """{"message":"The model returned the following errors: Input is too long for requested model."}""",
                "- | - | - | - | - | 0/0 | Failed ContextTooLong"
            ),
            [Trouble.ErrorFirst] = Binary(
                "- | - | - | - | - | - | Failed RateLimited",
                Message(("exception", "throttlingException"), """{"message":"Too many requests, please wait"}""")
            ),
            [Trouble.CutWithoutTerminal] = Binary("Hello | - | - | - | - | - | Cut Transient", Start, Text("Hello")),
        };

    private static Fixture Binary(string expected, params byte[][] messages) =>
        new([.. messages.SelectMany(m => m)], expected) { ContentType = "application/vnd.amazon.eventstream" };

    private static byte[] Text(string text, int index = 0) =>
        Event("contentBlockDelta", $$$"""{"contentBlockIndex":{{{index}}},"delta":{"text":"{{{text}}}"}}""");

    private static byte[] Stop(string reason) => Event("messageStop", $$"""{"stopReason":"{{reason}}"}""");

    private static byte[] Event(string name, string json) => Message(("event", name), json);

    /// <summary>Lengths, their checksum, headers of strings, payload, and the checksum of all.</summary>
    private static byte[] Message((string Kind, string Name) type, string json)
    {
        byte[] headers =
        [
            .. Header($":{type.Kind}-type", type.Name),
            .. Header(":content-type", "application/json"),
            .. Header(":message-type", type.Kind),
        ];
        var payload = Encoding.UTF8.GetBytes(json);
        byte[] prelude = [.. Number(12 + headers.Length + payload.Length + 4), .. Number(headers.Length)];
        byte[] message = [.. prelude, .. Number((int)Checksum(prelude)), .. headers, .. payload];
        return [.. message, .. Number((int)Checksum(message))];
    }

    private static byte[] Header(string name, string value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), 7, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>CRC-32 of IEEE 802.3, bit by bit.</summary>
    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
            }
        }

        return ~sum;
    }
}
