using System.Net.Http.Headers;
using System.Text;
using Sluice.Simulator;
using Sluice.Tests.Wires;
using Sluice.Upstream.EventStream;

namespace Sluice.Tests.Upstream;

public sealed class EventStreamTests
{
    private static readonly byte[] TwoEvents =
    [
        .. EventMessages.Event("messageStart", """{"role":"assistant"}"""),
        .. EventMessages.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Grüße"}}"""),
    ];

    private const string TwoFrames = """
        event: messageStart
        data: {"messageStart":{"role":"assistant"}}

        event: contentBlockDelta
        data: {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Grüße"}}}


        """;

    [Fact]
    public void Crc32_OfTheUsualCheck_IsTheUsualValue() => Crc32.Of("123456789"u8).ShouldBe(0xCBF43926u);

    [Fact]
    public async Task Events_BecomeServerSentEvents() => (await ReadAsync(TwoEvents)).ShouldBe(TwoFrames);

    [Fact]
    public async Task Events_SplitAtEveryByteAndOneAtATime_AreTheSame()
    {
        for (var split = 1; split < TwoEvents.Length; split++)
        {
            (await ReadAsync(TwoEvents, split)).ShouldBe(TwoFrames, $"split at {split}");
        }

        (await ReadAsync(TwoEvents, 1, oneByOne: true)).ShouldBe(TwoFrames);
    }

    [Fact]
    public async Task Exception_BecomesAnErrorEvent() =>
        (await ReadAsync(EventMessages.Exception("throttlingException", """{"message":"slow \"down\""}"""))).ShouldBe(
            """
            event: error
            data: {"type":"error","error":{"type":"throttlingException","message":"slow \"down\""}}


            """
        );

    [Fact]
    public async Task ErrorWithoutAModel_BecomesAnErrorEvent() =>
        (
            await ReadAsync(
                EventMessages.Write([(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "oops")], "")
            )
        ).ShouldBe(
            """
            event: error
            data: {"type":"error","error":{"type":"InternalFailure","message":"oops"}}


            """
        );

    [Fact]
    public async Task Chunk_BecomesTheEventInIt() =>
        (
            await ReadAsync(
                EventMessages.Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String("""{"type":"message_stop"}"""u8)}}","p":"abc"}""")
            )
        ).ShouldBe(
            """
            event: message_stop
            data: {"type":"message_stop"}


            """
        );

    [Fact]
    public async Task LineEndsInAPayload_DoNotEndTheFrame() =>
        (await ReadAsync(EventMessages.Event("metadata", "{\r\n \"usage\": {}\n}"))).ShouldBe(
            "event: metadata\ndata: {\"metadata\":{   \"usage\": {} }}\n\n"
        );

    [Fact]
    public async Task HeadersOfEveryKind_AreSteppedOver()
    {
        // true, false, byte, 2, 4 and 8 bytes, raw bytes, an instant and a UUID, before the one that matters.
        byte[] odd =
        [
            .. Named("a", 0),
            .. Named("b", 1),
            .. Named("c", 2, 7),
            .. Named("d", 3, 0, 7),
            .. Named("e", 4, 0, 0, 0, 7),
            .. Named("f", 5, 0, 0, 0, 0, 0, 0, 0, 7),
            .. Named("g", 6, 0, 2, 1, 2),
            .. Named("h", 8, 0, 0, 0, 0, 0, 0, 0, 7),
            .. Named("i", 9, [.. Enumerable.Repeat((byte)1, 16)]),
        ];
        var plain = EventMessages.Event("messageStart", "{}");
        var message = new byte[plain.Length + odd.Length];
        plain.AsSpan(0, 12).CopyTo(message);
        odd.CopyTo(message, 12);
        plain.AsSpan(12).CopyTo(message.AsSpan(12 + odd.Length));
        message[3] += (byte)odd.Length;
        message[7] += (byte)odd.Length;
        Seal(message);

        (await ReadAsync(message)).ShouldBe("event: messageStart\ndata: {\"messageStart\":{}}\n\n");
    }

    [Theory]
    [InlineData(2, "beginning")]
    [InlineData(60, "checksum")]
    public async Task DamagedByte_IsNoticed(int at, string what)
    {
        var damaged = (byte[])TwoEvents.Clone();
        damaged[at] ^= 1;

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(damaged))).Message.ShouldContain(what);
    }

    [Fact]
    public async Task Damage_IsMetAfterWhatCameBeforeIt()
    {
        var damaged = (byte[])TwoEvents.Clone();
        damaged[^1] ^= 1;
        await using var reader = new EventStreamReader(new Pieces(damaged, damaged.Length));
        var buffer = new byte[4096];

        var read = await reader.ReadAsync(buffer, TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString(buffer, 0, read).ShouldStartWith("event: messageStart");
        await Should.ThrowAsync<InvalidDataException>(() => reader.ReadAsync(buffer).AsTask());
    }

    [Fact]
    public async Task EndInTheMiddleOfAMessage_IsACut()
    {
        await using var reader = new EventStreamReader(new Pieces(TwoEvents[..^5], TwoEvents.Length));
        var buffer = new byte[4096];
        (await reader.ReadAsync(buffer, TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);

        await Should.ThrowAsync<HttpIOException>(() => reader.ReadAsync(buffer).AsTask());
    }

    [Fact]
    public async Task Content_IsDecodedByItsTypeAlone()
    {
        using var binary = new HttpResponseMessage { Content = new ByteArrayContent(TwoEvents) };
        binary.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.amazon.eventstream");
        using var plain = new HttpResponseMessage { Content = new ByteArrayContent(TwoEvents) };
        plain.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");

        EventStreamContent.Decode(binary);
        EventStreamContent.Decode(plain);

        (await binary.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(TwoFrames);
        binary.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(TwoEvents);
    }

    [Fact]
    public async Task Recordings_SplitAtEveryByteAndOneAtATime_AreTheSame()
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        var streams = Directory
            .EnumerateFiles(Path.Combine(Recordings.Root!, "cassettes/bedrock"), "*.y*ml", SearchOption.AllDirectories)
            .SelectMany(Cassette.Read)
            .Where(e => e.Path.EndsWith("-stream", StringComparison.Ordinal))
            .Select(e => e.Body)
            .ToList();

        streams.Count.ShouldBeGreaterThan(5);
        foreach (var stream in streams)
        {
            var whole = await ReadAsync(stream);
            whole.ShouldContain("event: messageStop");
            (await ReadAsync(stream, 1, oneByOne: true)).ShouldBe(whole);
            for (var split = 1; split < Math.Min(stream.Length, 1500); split++)
            {
                (await ReadAsync(stream, split)).ShouldBe(whole, $"split at {split}");
            }
        }
    }

    private static byte[] Named(string name, byte kind, params byte[] value) =>
        [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), kind, .. value];

    /// <summary>Puts the right checksums into a message that was changed.</summary>
    private static void Seal(byte[] message)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.Of(message.AsSpan(0, 8)));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
            message.AsSpan(message.Length - 4),
            Crc32.Of(message.AsSpan(0, message.Length - 4))
        );
    }

    private static Task<string> ReadAsync(byte[] bytes) => ReadAsync(bytes, bytes.Length);

    private static async Task<string> ReadAsync(byte[] bytes, int split, bool oneByOne = false)
    {
        await using var reader = new EventStreamReader(new Pieces(bytes, split, oneByOne));
        using var text = new MemoryStream();
        await reader.CopyToAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Hands out bytes up to a split and then the rest, or one at a time.</summary>
    private sealed class Pieces(byte[] bytes, int split, bool oneByOne = false) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var most =
                oneByOne ? 1
                : Position < split ? split - (int)Position
                : int.MaxValue;
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
        }
    }
}
