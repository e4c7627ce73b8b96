using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.AnthropicMessages;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>An answer of a given form: natively, by a tool or in words, in this order of what the target can.</summary>
public sealed class StructuredOutputTests
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire());
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    [Theory]
    [InlineData("openai", true, "Nothing")]
    [InlineData("openai", false, "Nothing")]
    [InlineData("anthropic", true, "Nothing")]
    [InlineData("anthropic", false, "Prefill")]
    [InlineData("cerebras", true, "Nothing")]
    [InlineData("cerebras", false, "Words")]
    [InlineData("deepseek", true, "ObjectAndWords")]
    [InlineData("deepseek", false, "Nothing")]
    [InlineData("perplexity", false, "Words")]
    [InlineData("lmstudio", true, "Nothing")]
    public void Vendor_IsAskedInTheBestWayItHas(string vendor, bool schema, string expected) =>
        StructuredOutput.Of(Asking(schema), Target(vendor)).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("json_schema", true, "Tool")]
    [InlineData("json_schema tools", true, "Words")]
    [InlineData("json_schema forced_tool", true, "Words")]
    [InlineData("prefill", false, "Words")]
    public void ModelThatLacksTheBestWay_IsAskedInTheNext(string lacks, bool schema, string expected)
    {
        var target = Target("anthropic");

        StructuredOutput
            .Of(Asking(schema), target with { Card = target.Card with { Lacks = FeatureTable.Parse(lacks.Split(' ')) } })
            .ToString()
            .ShouldBe(expected);
    }

    [Fact]
    public void Thinking_TakesNeitherABeginningNorAForcedTool()
    {
        var target = Target("anthropic");
        var old = target with { Card = target.Card with { Lacks = Feature.JsonSchema } };

        StructuredOutput.Of(Asking(false) with { ThinkingBudget = 2000 }, target).ShouldBe(StructuredBy.Words);
        StructuredOutput.Of(Asking(true) with { ReasoningEffort = "low" }, old).ShouldBe(StructuredBy.Words);
        StructuredOutput.Of(Asking(true) with { ToolChoice = new ToolChoice(ToolChoiceKind.None) }, old).ShouldBe(StructuredBy.Words);
    }

    [Fact]
    public void Groq_TakesNoFormBesideTools()
    {
        var request = Asking(false) with { Tools = [new Tool("f", null, null, null)] };

        StructuredOutput.Of(request, Target("groq")).ShouldBe(StructuredBy.Words);
        StructuredOutput.Of(request, Target("openai")).ShouldBe(StructuredBy.Nothing);
    }

    [Fact]
    public void Anthropic_AnyObject_IsAskedInWordsAndBegun()
    {
        var (body, degradations) = Written(Asking(false), Target("anthropic"));

        body.ShouldContain("\"system\":\"S\\nRespond with one valid JSON object and nothing else.\"");
        body.ShouldContain("""{"role":"assistant","content":[{"type":"text","text":"{"}]}]""");
        degradations.ShouldBe(["response_format"]);
    }

    [Fact]
    public void Anthropic_Schema_IsNativeAndNotReported()
    {
        var (body, degradations) = Written(Asking(true), Target("anthropic"));

        body.ShouldContain("""{"format":{"type":"json_schema","schema":{"type":"object"}}}""");
        degradations.ShouldBeEmpty();
    }

    [Fact]
    public void Anthropic_SchemaOfAModelWithoutTheMode_IsTheInputOfATool()
    {
        var target = Target("anthropic");

        var (body, degradations) = Written(Asking(true), target with { Card = target.Card with { Lacks = Feature.JsonSchema } });

        body.ShouldContain("\"name\":\"give_structured_answer\"");
        body.ShouldContain("\"input_schema\":{\"type\":\"object\"}");
        body.ShouldContain("""tool_choice":{"type":"tool","name":"give_structured_answer"}""");
        degradations.ShouldBe(["response_format"]);
    }

    [Fact]
    public void Cerebras_AnyObject_IsAskedInWordsAlone()
    {
        var (body, _) = Written(Asking(false), Target("cerebras"));

        body.ShouldNotContain("response_format");
        body.ShouldContain("Respond with one valid JSON object");
    }

    [Fact]
    public void Cerebras_Schema_IsForwardedAsItIs() =>
        Written(Asking(true), Target("cerebras"))
            .Body.ShouldContain("""response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""");

    [Fact]
    public void DeepSeek_Schema_IsAnObjectAndWords()
    {
        var (body, _) = Written(Asking(true), Target("deepseek"));

        body.ShouldContain("\"response_format\":{\"type\":\"json_object\"}");
        body.ShouldContain("It must fit this JSON schema: {\\\"type\\\":\\\"object\\\"}");
    }

    [Theory]
    [InlineData("\\\"ok\\\":true}", "{\"ok\":true}")]
    [InlineData("{\\\"ok\\\":true}", "{\"ok\":true}")]
    [InlineData("\\n {\\\"ok\\\":true}", "\n {\"ok\":true}")]
    public void BegunAnswer_HasItsBeginningOnce(string said, string expected) =>
        Read(StructuredBy.Prefill, "[{\"type\":\"text\",\"text\":\"" + said + "\"}]", "end_turn").Text.ShouldBe(expected);

    [Fact]
    public void BegunAnswer_OfAToolCallAlone_HasNoText()
    {
        var message = Read(StructuredBy.Prefill, """[{"type":"tool_use","id":"t","name":"f","input":{}}]""", "tool_use");

        message.Text.ShouldBe("");
        message.Calls.Single().Name.ShouldBe("f");
        message.Finish.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public void BegunAnswer_InAStream_WaitsForTheFirstWord()
    {
        var reader = StructuredReader.Over(Wires[WireKind.OpenAiChat].Codec.ReadAnswer(TestTargets.Named("openai")), StructuredBy.Prefill);
        var events = new List<AnswerEvent>();
        foreach (var text in (string[])[" ", "\\\"a\\\"", ":1}"])
        {
            var data = Encoding.UTF8.GetBytes(
                """{"choices":[{"index":0,"delta":{"content":"TEXT"}}]}""".Replace("TEXT", text, StringComparison.Ordinal)
            );
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        events.OfType<TextDelta>().Select(t => t.Text).ShouldBe(["{ \"a\"", ":1}"]);
    }

    [Fact]
    public void AnsweringTool_IsTheTextAndNoCall()
    {
        var message = Read(
            StructuredBy.Tool,
            """[{"type":"tool_use","id":"t","name":"give_structured_answer","input":{"ok":true}}]""",
            "tool_use"
        );

        message.Text.ShouldBe("""{"ok":true}""");
        message.Calls.ShouldBeEmpty();
        message.Finish.ShouldBe(FinishReason.Stop);
    }

    [Theory]
    [InlineData("openai", """{"response_format":{"type":"json_object"}}""", true)]
    [InlineData("cerebras", """{"response_format":{"type":"json_object"}}""", false)]
    [InlineData("cerebras", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}}""", true)]
    [InlineData("deepseek", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}}""", false)]
    [InlineData("groq", """{"response_format":{"type":"json_object"},"tools":[{"type":"function","function":{"name":"f"}}]}""", false)]
    [InlineData(
        "deepseek",
        """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}""",
        false
    )]
    [InlineData(
        "groq",
        """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}""",
        false
    )]
    [InlineData("groq", """{"web_search_options":{}}""", false)]
    [InlineData(
        "deepseek",
        """{"messages":[{"role":"user","content":"a file and an image_url"}],"response_format":{"type":"text"}}""",
        true
    )]
    public void ChatBody_PassesUnlessSomethingMustBeSaidOtherwise(string vendor, string body, bool passes)
    {
        var wire = Wires[WireKind.OpenAiChat];

        wire.Passes(wire.ReadHead(Encoding.UTF8.GetBytes(body)), Target(vendor)).ShouldBe(passes);
    }

    private static ChatRequest Asking(bool schema) =>
        new()
        {
            System = [new TextPart("S")],
            Messages = [new Message(Role.User, [new TextPart("q")])],
            Format = new ResponseFormat(null, schema ? Schema : null, null),
        };

    private static Target Target(string vendor) => TestTargets.Of(TestTargets.Named(vendor), "m");

    private static (string Body, string[] Degradations) Written(ChatRequest request, Target target)
    {
        var (degradations, bytes) = (new List<Degradation>(), new ArrayBufferWriter<byte>());
        Wires[target.Wire].Codec.WriteRequest(StructuredOutput.For(request, target, degradations), target, degradations, bytes);
        return (Encoding.UTF8.GetString(bytes.WrittenSpan), [.. degradations.Select(d => d.Feature)]);
    }

    private static WholeMessage Read(StructuredBy form, string content, string reason)
    {
        var events = new List<AnswerEvent>();
        StructuredReader
            .Over(Wires[WireKind.AnthropicMessages].Codec.ReadAnswer(TestTargets.Named("anthropic")), form)
            .ReadWhole(Encoding.UTF8.GetBytes("{\"content\":" + content + ",\"stop_reason\":\"" + reason + "\"}"), events);
        return WholeMessage.Of(events);
    }
}
