using System.Text;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Messages answers as events, where calls come other than in pieces.</summary>
public sealed class MessagesAnswerTests
{
    private static readonly AnthropicWire Wire = new();

    [Fact]
    public void CallThatIsWholeInItsStart_HasItsArguments() =>
        Read(
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1},"caller":{"type":"code_execution_20250825"}}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"""
            )
            .ShouldBe([new ToolCallStarted(0, "t", "f"), new ToolArgumentsDelta(0, """{"a":1}"""), new Finished(FinishReason.ToolCalls)]);

    [Fact]
    public void CallThatIsWholeInItsStart_WithoutAnEnd_HasItsArguments() =>
        Read(
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"""
            )
            .ShouldBe([new ToolCallStarted(0, "t", "f"), new ToolArgumentsDelta(0, """{"a":1}"""), new Finished(FinishReason.ToolCalls)]);

    [Fact]
    public void CallWithBoth_HasThePiecesAlone() =>
        Read(
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}""",
                """{"type":"content_block_stop","index":0}"""
            )
            .ShouldBe([new ToolCallStarted(0, "t", "f"), new ToolArgumentsDelta(0, """{"a":1}""")]);

    [Fact]
    public void MessageThatIsWholeInItsStart_IsRead() =>
        Read(
                """{"type":"message_start","message":{"id":"m","content":[{"type":"text","text":"hi"},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use","stop_sequence":null}}""",
                """{"type":"message_stop"}"""
            )
            .ShouldBe([
                new TextDelta("hi"),
                new ToolCallStarted(1, "t", "f"),
                new ToolArgumentsDelta(1, """{"a":1}"""),
                new Finished(FinishReason.ToolCalls),
            ]);

    [Theory]
    [InlineData("compaction", FinishReason.Paused)]
    [InlineData("pause_turn", FinishReason.Paused)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("refusal", FinishReason.Refusal)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    internal void StopReason_HasAMeaning(string reason, FinishReason expected) =>
        Read($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"}}""").ShouldBe([new Finished(expected)]);

    private static List<AnswerEvent> Read(params string[] frames)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => $"data: {f}\n\n")));
        return WireReading.Events(Wire, body, body.Length);
    }
}
