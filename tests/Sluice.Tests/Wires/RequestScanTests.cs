using System.Text;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;

namespace Sluice.Tests.Wires;

/// <summary>What money needs to know of a request before it is sent.</summary>
public sealed class RequestScanTests
{
    [Theory]
    [InlineData("""{"type":"text","text":"image_url, url, file_id"}""", 0, false)]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}""", 1, false)]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""", 1, true)]
    [InlineData("""{"type":"image_url","image_url":"https://example.com/a.png"}""", 1, true)]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", 0, true)]
    [InlineData("""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA"}}""", 0, true)]
    public void Chat_Part(string part, int images, bool unbounded) => Of(new OpenAiChatWire(), part).ShouldBe((images, unbounded));

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}}""", 1, false)]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}""", 1, true)]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"file_1"}}""", 1, true)]
    [InlineData("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA"}}""", 0, true)]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"AA"}}""", 0, false)]
    [InlineData(
        """{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","data":"AA"}}]}""",
        1,
        false
    )]
    [InlineData("""{"type":"tool_use","id":"t","name":"fetch","input":{"url":"https://example.com","type":"image"}}""", 0, false)]
    public void Messages_Part(string part, int images, bool unbounded) => Of(new AnthropicWire(), part).ShouldBe((images, unbounded));

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"max_tokens":7}""", 7L)]
    [InlineData("""{"max_tokens":7,"max_completion_tokens":5}""", 5L)]
    [InlineData("""{"max_tokens":7,"max_completion_tokens":null}""", 7L)]
    [InlineData("""{"max_tokens":-1}""", null)]
    [InlineData("""{"max_tokens":-1000000000}""", null)]
    [InlineData("""{"max_tokens":"7"}""", null)]
    [InlineData("""{"max_tokens":0}""", 0L)]
    public void OutputLimit_IsAWholeNumberOrNone(string body, long? limit) =>
        new OpenAiChatWire().ReadHead(Encoding.UTF8.GetBytes(body)).Features.OutputLimit.ShouldBe(limit);

    private static (int, bool) Of(IWire wire, string part)
    {
        var features = wire.ReadHead(
            Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":[PART]}]}""".Replace("PART", part, StringComparison.Ordinal))
        ).Features;
        return (features.Images, features.UnboundedInput);
    }
}
