using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>One request, as each vendor is sent it: byte for byte.</summary>
public sealed class VendorRequestTests
{
    private static readonly ModelCatalog Cards = new(CatalogData.Models());

    private const string Question = """
        {"model":"r","messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"max_tokens":9,"temperature":0.5,"stop":["x"],"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"user":"u","service_tier":"auto","stream":true}
        """;

    [Theory]
    [InlineData(
        "openai",
        """{"model":"m","messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","service_tier":"auto","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "azure",
        """{"messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "groq",
        """{"model":"m","messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"stop":["x"],"user":"u","service_tier":"auto","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "cerebras",
        """{"model":"m","messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "nvidia",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "mistral",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"random_seed":7,"frequency_penalty":1,"n":2,"stop":["x"],"stream":true}"""
    )]
    [InlineData(
        "deepseek",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"frequency_penalty":1,"logprobs":true,"stop":["x"],"stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "xai",
        """{"model":"m","messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "openrouter",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"logprobs":true,"stop":["x"],"user":"u","stream":true}"""
    )]
    [InlineData(
        "together",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"stop":["x"],"stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "fireworks",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData("perplexity", """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"frequency_penalty":1,"stream":true}""")]
    [InlineData(
        "cohere",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"stop":["x"],"stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "huggingface",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"logprobs":true,"stop":["x"],"stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "venice",
        """{"model":"m","messages":M,"max_completion_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "llama-cpp",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"n":2,"logprobs":true,"stop":["x"],"user":"u","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        "lmstudio",
        """{"model":"m","messages":M,"max_tokens":9,"temperature":0.5,"seed":7,"frequency_penalty":1,"stop":["x"],"stream":true,"stream_options":{"include_usage":true}}"""
    )]
    public void Settings_AreRenamedAndLeftOutByTheRow(string vendor, string expected)
    {
        var (body, _) = Written(Question, TestTargets.Of(TestTargets.Named(vendor), "m"));

        body.ShouldBe(
            expected.Replace("M", """[{"role":"system","content":"s"},{"role":"user","content":"q"}]""", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void ModelThatLacksAFeature_IsNotAskedForIt()
    {
        var target = TestTargets.Of(TestTargets.Named("xai"), "grok-4.3");
        var reasoning = target with { Card = target.Card with { Lacks = Feature.Stop | Feature.Penalties } };

        var (body, _) = Written(Question, reasoning);

        body.ShouldNotContain("stop\"");
        body.ShouldNotContain("penalty");
        body.ShouldContain("\"seed\":7");
    }

    [Theory]
    [InlineData("deepseek", "image", "input_audio", "document")]
    [InlineData("groq", "input_audio", "document")]
    [InlineData("mistral", "input_audio", "document")]
    [InlineData("azure", "document")]
    [InlineData("openai")]
    public void Content_ThatTheVendorDoesNotTake_IsLeftOutAndReported(string vendor, params string[] lost)
    {
        var (body, degradations) = Written(
            """{"model":"r","messages":[{"role":"user","content":[{"type":"text","text":"q"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]}]}""",
            TestTargets.Of(TestTargets.Named(vendor), "m")
        );

        degradations.ShouldBe(lost);
        foreach (
            var (name, member) in (ReadOnlySpan<(string, string)>)
                [("image", "image_url"), ("input_audio", "input_audio"), ("document", "file_data")]
        )
        {
            body.Contains(member, StringComparison.Ordinal).ShouldBe(!lost.Contains(name), member);
        }
    }

    [Theory]
    [InlineData(
        "groq",
        "groq/compound",
        """{"model":"groq/compound","messages":[],"compound_custom":{"tools":{"enabled_tools":["web_search","code_interpreter"]}}}""",
        "tools"
    )]
    [InlineData(
        "groq",
        "openai/gpt-oss-120b",
        """{"model":"openai/gpt-oss-120b","messages":[],"tools":[{"type":"function","function":{"name":"f"}},{"type":"browser_search"},{"type":"code_interpreter"}]}"""
    )]
    [InlineData(
        "openrouter",
        "m",
        """{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f"}}],"plugins":[{"id":"web"}]}""",
        "tools.code_execution_20250825"
    )]
    [InlineData(
        "cerebras",
        "m",
        """{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f"}}]}""",
        "tools.web_search_20250305",
        "tools.code_execution_20250825"
    )]
    public void ToolsOfTheVendorsOwn_AreAskedForByTheRow(string vendor, string model, string expected, params string[] lost)
    {
        var tools = (ServerToolKind kind, string type) =>
            new ServerTool(kind, type, JsonDocument.Parse("{}").RootElement, WireKind.AnthropicMessages);
        var request = new ChatRequest
        {
            Messages = [],
            Tools = [new Tool("f", null, null, null)],
            ServerTools =
            [
                tools(ServerToolKind.WebSearch, "web_search_20250305"),
                tools(ServerToolKind.CodeExecution, "code_execution_20250825"),
            ],
        };

        var (body, degradations) = Written(request, TestTargets.Of(TestTargets.Named(vendor), model));

        body.ShouldBe(expected);
        degradations.ShouldBe(lost);
    }

    [Theory]
    [InlineData("deepseek", """{"role":"assistant","reasoning_content":"hm","content":"a"}""")]
    [InlineData(
        "mistral",
        """{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}"""
    )]
    [InlineData(
        "openrouter",
        """{"role":"assistant","reasoning_details":[{"type":"reasoning.text","text":"hm","index":0}],"content":"a"}"""
    )]
    [InlineData("openai", """{"role":"assistant","content":"a"}""", "thinking")]
    public void ReasoningOfAnEarlierTurn_GoesBackAsTheVendorTakesIt(string vendor, string expected, params string[] lost)
    {
        var (body, degradations) = Written(
            """{"model":"r","messages":[{"role":"user","content":"q"},{"role":"assistant","reasoning_content":"hm","content":"a"},{"role":"user","content":"r"}]}""",
            TestTargets.Of(TestTargets.Named(vendor), "m")
        );

        body.ShouldContain(expected);
        degradations.ShouldBe(lost);
    }

    [Theory]
    [InlineData(
        "openrouter",
        """[{"type":"text","text":"s"},{"type":"text","text":"t","cache_control":{"type":"ephemeral","ttl":"1h"}}]"""
    )]
    [InlineData("openai", "\"s\\nt\"", "cache_control")]
    public void CacheMarks_AreSaidWhereTheVendorTakesThem(string vendor, string content, params string[] lost)
    {
        var request = new ChatRequest
        {
            Messages = [new Message(Role.User, [new TextPart("s"), new TextPart("t") { Cache = new CacheMark("1h") }])],
        };

        var (body, degradations) = Written(request, TestTargets.Of(TestTargets.Named(vendor)));

        body.ShouldBe($$"""{"model":"model","messages":[{"role":"user","content":{{content}}}]}""");
        degradations.ShouldBe(lost);
    }

    [Theory]
    [InlineData("openai", "gpt-5", """{"model":"gpt-5","messages":[]}""", "temperature")]
    [InlineData("openai", "gpt-4o", """{"model":"gpt-4o","messages":[],"temperature":0.5}""")]
    public void WhatOneModelRejects_IsLeftOut(string vendor, string model, string expected, params string[] drops)
    {
        var target = TestTargets.Of(TestTargets.Named(vendor), model);
        target = target with { Card = Cards.Find(vendor, model)! };

        Written("""{"model":"r","messages":[],"temperature":0.5}""", target).Body.ShouldBe(expected);
        target.Drops.Contains("temperature").ShouldBe(drops.Length > 0);
    }

    [Fact]
    public void NamedTool_WhereItMayBeIgnored_IsAskedForAndReported()
    {
        var (body, degradations) = Written(
            """{"model":"r","messages":[],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}}}""",
            TestTargets.Of(TestTargets.Named("llama-cpp"), "m")
        );

        body.ShouldContain("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        degradations.ShouldBe(["tool_choice"]);
    }

    private static (string Body, string[] Degradations) Written(string request, Target target) =>
        Written(new OpenAiChatWire().Codec.ReadRequest(Encoding.UTF8.GetBytes(request)), target);

    private static (string Body, string[] Degradations) Written(ChatRequest request, Target target)
    {
        var (wire, degradations, bytes) = (new OpenAiChatWire(), new List<Degradation>(), new ArrayBufferWriter<byte>());
        wire.Codec.WriteRequest(request, target, degradations, bytes);
        var askUsage = request.Stream && target.Provider.Dialect.StreamUsage == StreamUsage.OnRequest;
        var body = wire.Splice(wire.ReadHead(bytes.WrittenMemory), target, new SpliceOptions(null, askUsage));
        return (Encoding.UTF8.GetString(body.Span), [.. degradations.Select(d => d.Feature)]);
    }
}
