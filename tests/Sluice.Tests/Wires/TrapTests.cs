using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Traps that belong to no wire alone.</summary>
public sealed class TrapTests
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire());

    [Fact]
    public void ZeroArgumentTool_HasEmptyObjectOnEitherWire()
    {
        var anthropic =
            """{"content":[{"type":"tool_use","id":"t","name":"f","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}""";
        var events = new List<AnswerEvent>();
        Wires[WireKind.AnthropicMessages]
            .Codec.ReadAnswer(TestTargets.DialectOf(WireKind.AnthropicMessages))
            .ReadWhole(Encoding.UTF8.GetBytes(anthropic), events);
        var chat = new System.Buffers.ArrayBufferWriter<byte>();

        Wires[WireKind.OpenAiChat].Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true)).WriteWhole(events, chat);

        Encoding
            .UTF8.GetString(chat.WrittenSpan)
            .ShouldContain("""{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}""");
    }

    [Fact]
    public void ForeignSignature_IsLeftOutAndReported()
    {
        var request = Wires[WireKind.AnthropicMessages]
            .Codec.ReadRequest(
                """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"a"}]},{"role":"user","content":"r"}]}"""u8.ToArray()
            );
        var degradations = new List<Degradation>();
        var chat = new System.Buffers.ArrayBufferWriter<byte>();

        Wires[WireKind.OpenAiChat].Codec.WriteRequest(request, TestTargets.Of(WireKind.OpenAiChat), degradations, chat);

        Encoding.UTF8.GetString(chat.WrittenSpan).ShouldNotContain("sig");
        degradations.Select(d => d.Feature).ShouldBe(["thinking"]);
    }

    [Theory]
    [InlineData("data: a\n\ndata:b\r\n\r\n", "a|b")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("event: x\nid: 1\ndata: a\n\n", "a")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("data: no end", "no end")]
    public void Framing_KnowsEveryLineEnd(string text, string expected)
    {
        var framing = new Sluice.Wires.Sse.SseFraming();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var data = new List<string>();
        while (framing.TryRead(bytes, final: true, out var frame))
        {
            data.Add(Encoding.UTF8.GetString(frame.Data));
            bytes = bytes[frame.Length..];
        }

        string.Join('|', data).ShouldBe(expected);
    }
}
