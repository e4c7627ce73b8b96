using System.Text;
using Sluice.Wires.OpenAiResponses;

namespace Sluice.Tests.Wires.OpenAiResponses;

public sealed class ResponsesHeadTests
{
    [Theory]
    [InlineData("""{"input":"see https://example.org"}""", 0, false)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,iVBO"}]}]}""", 1, false)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://example.org/a.png"}]}]}""", 1, true)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","file_id":"file_1"}]}]}""", 1, true)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://example.org/a.pdf"}]}]}""", 0, true)]
    [InlineData(
        """{"input":[{"role":"user","content":[{"type":"input_file","filename":"a","file_data":"data:application/pdf;base64,JVBE"}]}]}""",
        0,
        true
    )]
    [InlineData(
        """{"input":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a","annotations":[{"type":"file_citation","file_id":"file_1"}]}]}]}""",
        0,
        false
    )]
    [InlineData("""{"input":"go on","previous_response_id":"resp_1"}""", 0, true)]
    [InlineData("""{"input":"go on","conversation":{"id":"conv_1"}}""", 0, true)]
    [InlineData("""{"input":"go on","prompt":{"id":"pmpt_1"}}""", 0, true)]
    [InlineData("""{"input":[{"type":"item_reference","id":"msg_1"}]}""", 0, true)]
    public void Content_ThatItsBytesDoNotBound_CountsAsTheWindow(string body, int images, bool unbounded)
    {
        var features = new ResponsesWire().ReadHead(Encoding.UTF8.GetBytes(body)).Features;

        (features.Images, features.UnboundedInput).ShouldBe((images, unbounded));
    }

    [Theory]
    [InlineData("""[{"type":"function","name":"f","parameters":{"properties":{"type":{"type":"web_search"}}}}]""", false)]
    [InlineData("""[{"type":"custom","name":"f"},{"type":"local_shell"}]""", false)]
    [InlineData("""[{"type":"function","name":"f"},{"type":"web_search"}]""", true)]
    [InlineData("""[{"server_label":"s","type":"mcp"}]""", true)]
    public void Tools_OfTheProvidersOwn_AreFlagged(string tools, bool expected) =>
        new ResponsesWire()
            .ReadHead(Encoding.UTF8.GetBytes($$"""{"input":"a","tools":{{tools}}}"""))
            .Features.ServerTools.ShouldBe(expected);

    [Theory]
    [InlineData("", false)]
    [InlineData(""","store":false""", false)]
    [InlineData(""","store":true""", true)]
    [InlineData(""","background":true""", true)]
    public void StoreAndBackground_AreStateful(string members, bool expected) =>
        new ResponsesWire().ReadHead(Encoding.UTF8.GetBytes($$"""{"input":"a"{{members}}}""")).Features.Stateful.ShouldBe(expected);

    [Fact]
    public void State_NamesEverythingTheRequestGoesOnFrom()
    {
        const string Body =
            """{"previous_response_id":"resp_1","conversation":"conv_1","input":[{"id":"msg_1","type":"item_reference"},{"id":"msg_2","type":"message","role":"user","content":"a"},{"type":"item_reference","id":"rs_1"}]}""";

        new ResponsesWire()
            .ReadHead(Encoding.UTF8.GetBytes(Body))
            .Features.State.Select(s => (s.Member, s.Id))
            .ShouldBe([("previous_response_id", "resp_1"), ("conversation", "conv_1"), ("input", "msg_1"), ("input", "rs_1")]);
    }
}
