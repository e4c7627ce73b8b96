using System.Text;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What an answer has and a client of another wire does not get is named, whole and streamed.</summary>
public sealed class OmittedTests
{
    [Theory]
    [InlineData("""{"type":"text","text":"a","citations":[{"type":"page_location","cited_text":"x"}]}""", "")]
    [InlineData("""{"type":"text","text":"a","citations":null}""", "")]
    [InlineData("""{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}""", "server_tool_use")]
    [InlineData("""{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}""", "web_search_tool_result")]
    [InlineData("""{"type":"tool_use","id":"toolu_1","name":"f","input":{}}""", "")]
    [InlineData("""{"type":"thinking","thinking":"t","signature":"s"}""", "")]
    public void Messages_Block(string block, string omitted)
    {
        Whole(
                new AnthropicWire(),
                """{"id":"m","type":"message","role":"assistant","model":"c","content":[BLOCK],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""".Replace(
                    "BLOCK",
                    block,
                    StringComparison.Ordinal
                )
            )
            .ShouldBe(omitted);
        Frames(
                new AnthropicWire(),
                """{"type":"content_block_start","index":0,"content_block":""" + block + "}",
                """{"type":"content_block_stop","index":0}"""
            )
            .ShouldBe(omitted);
    }

    [Theory]
    [InlineData("""{"index":0,"MESSAGE":{"content":"a","annotations":[]}}""", "")]
    [InlineData("""{"index":0,"MESSAGE":{"content":"a","annotations":[{"type":"file_citation","index":1}]}}""", "annotations")]
    [InlineData("""{"index":0,"MESSAGE":{"content":null,"audio":{"id":"a","data":"UklG"}},"finish_reason":"stop"}""", "audio")]
    [InlineData("""{"index":0,"MESSAGE":{"content":"a"},"logprobs":{"content":[]}}""", "")]
    [InlineData("""{"index":0,"MESSAGE":{"content":"a"},"logprobs":null}""", "")]
    [InlineData("""{"index":1,"MESSAGE":{"content":"a"}}""", "n")]
    [InlineData("""{"index":0,"MESSAGE":{"content":[{"type":"text","text":"a"},{"type":"reference","reference_ids":[1]}]}}""", "reference")]
    public void Chat_Choice(string choice, string omitted)
    {
        Whole(
                new OpenAiChatWire(),
                $$"""{"id":"c","object":"chat.completion","choices":[{{choice.Replace("MESSAGE", "message", StringComparison.Ordinal)}}]}"""
            )
            .ShouldBe(omitted);
        Frames(new OpenAiChatWire(), $$"""{"id":"c","choices":[{{choice.Replace("MESSAGE", "delta", StringComparison.Ordinal)}}]}""")
            .ShouldBe(omitted);
    }

    private static string Whole(IWire wire, string body)
    {
        var events = new List<AnswerEvent>();
        wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind)).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        return NamesOf(events);
    }

    private static string Frames(IWire wire, params string[] frames)
    {
        var events = new List<AnswerEvent>();
        var reader = wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind));
        foreach (var bytes in frames.Select(Encoding.UTF8.GetBytes))
        {
            reader.ReadFrame(new Frame { Length = bytes.Length, Data = bytes }, events);
        }

        return NamesOf(events);
    }

    private static string NamesOf(List<AnswerEvent> events) => string.Join(',', events.Unheld());
}
