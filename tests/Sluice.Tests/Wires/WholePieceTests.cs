using System.Text;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Blocks of text keep their own sources, and pieces that come in parts are put together.</summary>
public sealed class WholePieceTests
{
    [Fact]
    public void Messages_SourcesBeforeTheirText_BelongToItAndNotToTheBlockBefore()
    {
        var message = Streamed(
            new AnthropicWire(),
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is "}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":[]}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"page_location","cited_text":"blue"}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"blue"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"."}}""",
            """{"type":"content_block_stop","index":2}"""
        );

        message.Parts.Cast<TextPart>().Select(p => (p.Text, p.Citations.Count)).ShouldBe([("It is ", 0), ("blue", 1), (".", 0)]);
    }

    [Theory]
    [InlineData("""{\"query\":\"sky\"}""", """{"query":"sky"}""")]
    [InlineData("""{\"query\":\"s""", """{"invalid_arguments":"{\"query\":\"s"}""")]
    public void Messages_UseOfAServersTool_HasTheInputThatCameInPieces(string pieces, string input)
    {
        var message = Streamed(
            new AnthropicWire(),
            """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"PIECES"}}""".Replace(
                "PIECES",
                pieces,
                StringComparison.Ordinal
            ),
            """{"type":"content_block_stop","index":0}"""
        );

        ((OpaquePart)message.Parts.Single())
            .Json.GetRawText()
            .ShouldBe($$"""{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{{input}}}""");
    }

    [Fact]
    public void Responses_PiecesOfOneMessage_CountTheirPlacesEachFromItsOwnBeginning()
    {
        var message = Streamed(
            new ResponsesWire(),
            """{"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"one"}""",
            """{"type":"response.content_part.added","output_index":0,"content_index":1,"part":{"type":"output_text","text":""}}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":1,"delta":"two"}""",
            """{"type":"response.output_text.annotation.added","output_index":0,"content_index":1,"annotation":{"type":"url_citation","url":"https://a","start_index":0,"end_index":3}}"""
        );

        message.Parts.Cast<TextPart>().Select(p => (p.Text, p.Citations.Count)).ShouldBe([("one", 0), ("two", 1)]);
    }

    [Fact]
    public void Chat_SpokenAnswer_IsOnePieceWhateverItCameIn()
    {
        var message = Streamed(
            new OpenAiChatWire(),
            """{"choices":[{"index":0,"delta":{"audio":{"id":"audio_1","transcript":"Hel"}}}]}""",
            """{"choices":[{"index":0,"delta":{"audio":{"transcript":"lo"}}}]}""",
            """{"choices":[{"index":0,"delta":{"audio":{"data":"UklG"}}}]}""",
            """{"choices":[{"index":0,"delta":{"audio":{"expires_at":9}},"finish_reason":"stop"}]}"""
        );

        ((OpaquePart)message.Parts.Single())
            .Json.GetRawText()
            .ShouldBe("""{"id":"audio_1","expires_at":9,"transcript":"Hello","data":"UklG"}""");
    }

    private static WholeMessage Streamed(IWire wire, params string[] frames)
    {
        var events = new List<AnswerEvent>();
        var reader = wire.Codec.ReadAnswer(TestTargets.DialectOf(wire.Kind));
        foreach (var bytes in frames.Select(Encoding.UTF8.GetBytes))
        {
            reader.ReadFrame(new Frame { Length = bytes.Length, Data = bytes }, events);
        }

        return WholeMessage.Of(events);
    }
}
