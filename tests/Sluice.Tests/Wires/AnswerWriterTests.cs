using System.Buffers;
using System.Text;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What is written for a client, event by event, where the order of events is not the usual one.</summary>
public sealed class AnswerWriterTests
{
    private static readonly AnswerIdentity Identity = new("i", "m", DateTimeOffset.UnixEpoch, UsageAsked: false);

    [Fact]
    public void ChatStream_CallsWithoutArguments_EndWithAnEmptyObject()
    {
        var text = Stream(
            new OpenAiChatWire(),
            new ToolCallStarted(1, "a", "f"),
            new ToolCallStarted(2, "b", "g"),
            new ToolArgumentsDelta(2, "{\"x\":1}"),
            new Finished(FinishReason.ToolCalls)
        );

        text.ShouldContain("""{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}""");
        text.ShouldNotContain("""{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""");
    }

    [Fact]
    public void MessagesStream_TextInTheMiddleOfACall_FollowsIt()
    {
        var text = Stream(
            new AnthropicWire(),
            new ToolCallStarted(0, "a", "f"),
            new ToolArgumentsDelta(0, "{\"x\":"),
            new TextDelta("meanwhile"),
            new ToolCallStarted(1, "b", "g"),
            new ToolArgumentsDelta(0, "1}"),
            new Finished(FinishReason.ToolCalls)
        );

        var blocks = text.Split('\n').Where(l => l.StartsWith("data: {\"type\":\"content_block", StringComparison.Ordinal));
        string.Join('\n', blocks.Select(b => b["data: ".Length..]))
            .ShouldBe(
                """
                {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","caller":{"type":"direct"},"input":{}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"g","caller":{"type":"direct"},"input":{}}}
                {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}
                {"type":"content_block_stop","index":1}
                {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}
                {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"meanwhile"}}
                {"type":"content_block_stop","index":2}
                """
            );
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"cut")]
    public void MessagesWhole_ArgumentsThatAreNoObject_AreAnEmptyOne(string arguments)
    {
        var output = new ArrayBufferWriter<byte>();

        new AnthropicWire()
            .Codec.WriteAnswer(Identity)
            .WriteWhole(
                [new ToolCallStarted(0, "a", "f"), new ToolArgumentsDelta(0, arguments), new Finished(FinishReason.ToolCalls)],
                output
            );

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldContain("\"input\":{}");
    }

    private static string Stream(IWire wire, params AnswerEvent[] events)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = wire.Codec.WriteAnswer(Identity);
        foreach (var answerEvent in events)
        {
            writer.WriteFrames(answerEvent, output);
        }

        writer.WriteEnd(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
