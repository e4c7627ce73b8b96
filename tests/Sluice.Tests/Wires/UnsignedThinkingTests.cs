using System.Text;
using Sluice.Wires.AnthropicMessages;

namespace Sluice.Tests.Wires;

/// <summary>Reasoning of another model does not reach Anthropic as thinking that nobody signed.</summary>
public sealed class UnsignedThinkingTests
{
    private const string Unsigned = """{"type":"thinking","thinking":"hm","signature":""}""";
    private const string Signed = """{"signature":"sig","thinking":"hm", "type":"thinking"}""";

    [Theory]
    [InlineData(
        """[{"role":"assistant","content":[UNSIGNED , {"type":"text","text":"a"}]}]""",
        """[{"role":"assistant","content":[{"type":"text","text":"a"}]}]"""
    )]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"text","text":"a"}, UNSIGNED]}]""",
        """[{"role":"assistant","content":[{"type":"text","text":"a"}]}]"""
    )]
    [InlineData(
        """[{"role":"assistant","content":[UNSIGNED,{"thinking":"x","type":"thinking"},{"type":"text","text":"a"},SIGNED]}]""",
        """[{"role":"assistant","content":[{"type":"text","text":"a"},SIGNED]}]"""
    )]
    [InlineData(
        """[{"role":"user","content":"q"},{"role":"assistant","content":[UNSIGNED]},{"role":"user","content":"r"}]""",
        """[{"role":"user","content":"q"},{"role":"user","content":"r"}]"""
    )]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"text","text":"a"},UNSIGNED,UNSIGNED]}]""",
        """[{"role":"assistant","content":[{"type":"text","text":"a"}]}]"""
    )]
    [InlineData(
        """[{"role":"user","content":"q"},{"role":"assistant","content":[UNSIGNED,UNSIGNED]}]""",
        """[{"role":"user","content":"q"}]"""
    )]
    public void Body_LosesWhatNobodySigned(string messages, string expected)
    {
        var head = new AnthropicWire().ReadHead(Body(messages));

        Encoding.UTF8.GetString(head.Body.Span).ShouldBe(Encoding.UTF8.GetString(Body(expected)));
        head.Degradations.Single().Feature.ShouldBe("thinking");
    }

    [Fact]
    public void Body_WithSignedThinkingOnly_IsTheVerySameMemory()
    {
        ReadOnlyMemory<byte> body = Body("""[{"role":"assistant","content":[SIGNED,{"type":"text","text":"\"type\":\"thinking\""}]}]""");

        new AnthropicWire().ReadHead(body).Body.ShouldBe(body);
    }

    [Theory]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":2000},"messages":MESSAGES}""", """{"messages":""")]
    [InlineData("""{"thinking":{"type":"adaptive"},"messages":MESSAGES}""", """{"thinking":{"type":"adaptive"},"messages":""")]
    public void ToolLoopBegunByAnotherModel_GoesOnWithoutThinking(string body, string expected)
    {
        const string messages = """
            [{"role":"assistant","content":[UNSIGNED,{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]
            """;

        var head = new AnthropicWire().ReadHead(Body(messages, body));

        Encoding.UTF8.GetString(head.Body.Span).ShouldStartWith(expected);
    }

    private static byte[] Body(string messages, string body = """{"model":"m","messages":MESSAGES,"max_tokens":9}""") =>
        Encoding.UTF8.GetBytes(
            body.Replace("MESSAGES", messages, StringComparison.Ordinal)
                .Replace("UNSIGNED", Unsigned, StringComparison.Ordinal)
                .Replace("SIGNED", Signed, StringComparison.Ordinal)
        );
}
