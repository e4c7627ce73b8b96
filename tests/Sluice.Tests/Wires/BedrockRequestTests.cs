using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Wires;
using Sluice.Wires.BedrockConverse;
using Sluice.Wires.Json;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Requests as Converse is sent them, byte by byte, and what is lost on the way.</summary>
public sealed class BedrockRequestTests
{
    private const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Nova = "us.amazon.nova-2-lite-v1:0";
    private const string Llama = "us.meta.llama3-3-70b-instruct-v1:0";

    private static readonly BedrockWire Wire = new();

    [Fact]
    public void Conversation_IsWrittenWhole() =>
        Written(
                new ChatRequest
                {
                    System = [new TextPart("Be brief.") { Cache = new CacheMark("1h") }],
                    Messages =
                    [
                        new Message(Role.User, [new TextPart("Hi"), new ImagePart("image/png", "iVBO", null)]),
                        new Message(
                            Role.Assistant,
                            [
                                new ReasoningPart("hm", "sig"),
                                new ReasoningPart("", null, "AAAA"),
                                new TextPart("I look."),
                                new ToolCallPart("toolu_1", "f", "{\"a\":1}"),
                            ]
                        ),
                        new Message(Role.User, [new TextPart("and?"), new ToolResultPart("toolu_1", [new TextPart("no")], true)]),
                    ],
                    Tools = [new Tool("f", "finds", JsonOf("""{"type":"object"}"""), true, new CacheMark(null))],
                    ToolChoice = new ToolChoice(ToolChoiceKind.Auto),
                    MaxOutput = 100,
                    Temperature = 0.5m,
                    TopP = 0.9m,
                    Stop = ["END"],
                    ServiceTier = "priority",
                },
                Claude,
                out var lost
            )
            .ShouldBe(
                """{"messages":[{"role":"user","content":[{"text":"Hi"},{"image":{"format":"png","source":{"bytes":"iVBO"}}}]},"""
                    + """{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},{"reasoningContent":{"redactedContent":"AAAA"}},{"text":"I look."},{"toolUse":{"toolUseId":"toolu_1","name":"f","input":{"a":1}}}]},"""
                    + """{"role":"user","content":[{"toolResult":{"toolUseId":"toolu_1","content":[{"text":"no"}],"status":"error"}},{"text":"and?"}]}],"""
                    + """ "system":[{"text":"Be brief."},{"cachePoint":{"type":"default","ttl":"1h"}}],""".Trim()
                    + """ "inferenceConfig":{"maxTokens":100,"temperature":0.5,"topP":0.9,"stopSequences":["END"]},""".Trim()
                    + """ "toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"finds","inputSchema":{"json":{"type":"object"}},"strict":true}},{"cachePoint":{"type":"default"}}],"toolChoice":{"auto":{}}},""".Trim()
                    + """ "serviceTier":{"type":"priority"}}""".Trim()
            );

    [Fact]
    public void Conversation_WrittenWhole_LosesNothing()
    {
        Written(Ask() with { MaxOutput = 10, ServiceTier = "auto", ParallelTools = true }, Claude, out var lost);

        lost.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Claude, """{"thinking":{"type":"enabled","budget_tokens":2000}}""", "")]
    [InlineData(Nova, null, "thinking")]
    [InlineData(Llama, null, "reasoning_effort")]
    public void ThinkingBudget_IsSaidInTheWordsOfTheFamily(string model, string? fields, string lost) =>
        Fields(Ask() with { ThinkingBudget = 2000, MaxOutput = 4000 }, model).ShouldBe((fields, lost));

    [Theory]
    [InlineData(Claude, "medium", """{"thinking":{"type":"enabled","budget_tokens":4096}}""", "reasoning_effort")]
    [InlineData(Claude, "none", null, "")]
    [InlineData(Nova, "low", """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""", "")]
    [InlineData(Nova, "high", """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""", "reasoning_effort")]
    [InlineData("openai.gpt-oss-120b-1:0", "high", """{"reasoning_effort":"high"}""", "")]
    [InlineData(Llama, "high", null, "reasoning_effort")]
    public void ReasoningEffort_IsSaidInTheWordsOfTheFamily(string model, string effort, string? fields, string lost) =>
        Fields(Ask() with { ReasoningEffort = effort }, model).ShouldBe((fields, lost));

    [Theory]
    [InlineData(Claude, """{"top_k":40}""", "")]
    [InlineData(Nova, """{"inferenceConfig":{"topK":40}}""", "")]
    [InlineData(Llama, null, "top_k")]
    public void TopK_GoesBesideTheProtocol(string model, string? fields, string lost) =>
        Fields(Ask() with { TopK = 40 }, model).ShouldBe((fields, lost));

    [Theory]
    [InlineData(Claude, null, """{"type":"auto","disable_parallel_tool_use":true}""", null, "")]
    [InlineData(Claude, ToolChoiceKind.Auto, """{"type":"auto","disable_parallel_tool_use":true}""", null, "")]
    [InlineData(Claude, ToolChoiceKind.Required, """{"disable_parallel_tool_use":true}""", """{"any":{}}""", "")]
    [InlineData(Claude, ToolChoiceKind.Named, """{"disable_parallel_tool_use":true}""", """{"tool":{"name":"f"}}""", "")]
    [InlineData("us.anthropic.claude-sonnet-4-20250514-v1:0", null, null, null, "parallel_tool_calls")]
    [InlineData(Nova, ToolChoiceKind.Auto, null, """{"auto":{}}""", "parallel_tool_calls")]
    public void SingleCalls_AreAskedForBesideTheProtocolWithoutGivingTheTypeTwice(
        string model,
        object? choice,
        string? beside,
        string? within,
        string lost
    )
    {
        var kind = (ToolChoiceKind?)choice;
        var request = Ask() with
        {
            Tools = [new Tool("f", null, null, null)],
            ParallelTools = false,
            ToolChoice = kind is { } asked ? new ToolChoice(asked, asked == ToolChoiceKind.Named ? "f" : null) : null,
        };

        using var body = JsonDocument.Parse(Written(request, model, out var losses));

        body.RootElement.Get("additionalModelRequestFields")?.Get("tool_choice")?.GetRawText().ShouldBe(beside);
        body.RootElement.Get("toolConfig")?.Get("toolChoice")?.GetRawText().ShouldBe(within);
        losses.ShouldBe(lost);
    }

    [Fact]
    public void Thinking_ForbidsATemperatureAndAForcedTool()
    {
        var tools = new[] { new Tool("f", null, null, null) };

        Fields(Ask() with { ThinkingBudget = 2000, Temperature = 0.2m }, Claude)
            .ShouldBe(("""{"thinking":{"type":"enabled","budget_tokens":2000}}""", "temperature"));
        Fields(Ask() with { ThinkingBudget = 2000, Tools = tools, ToolChoice = new ToolChoice(ToolChoiceKind.Required) }, Claude)
            .ShouldBe((null, "reasoning_effort"));
        Fields(Ask() with { ThinkingBudget = 2000, MaxOutput = 1000 }, Claude).ShouldBe((null, "reasoning_effort"));
    }

    [Theory]
    [InlineData(Claude, "outputConfig", "")]
    [InlineData(Nova, "toolConfig", "response_format")]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", "toolConfig", "response_format")]
    [InlineData(Llama, "system", "response_format")]
    public void Schema_IsHadFromTheModelByAToolOrInWords(string model, string member, string lost)
    {
        var written = Written(
            Ask() with
            {
                Format = new ResponseFormat("answer", JsonOf("""{"type":"object","properties":{"a":{"type":"string"}}}"""), true),
            },
            model,
            out var losses
        );

        using var body = JsonDocument.Parse(written);
        new[] { "outputConfig", "toolConfig", "system" }.Where(m => body.RootElement.TryGetProperty(m, out _)).ShouldBe([member]);
        losses.ShouldBe(lost);
        written.ShouldContain(
            member switch
            {
                "outputConfig" =>
                    """ "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}","name":"answer"}}}}""".Trim(),
                "toolConfig" =>
                    """ "inputSchema":{"json":{"type":"object","properties":{"a":{"type":"string"}}}}}}],"toolChoice":{"tool":{"name":"structured_answer"}}}""".Trim(),
                _ => "fit this JSON schema",
            }
        );
    }

    [Fact]
    public void NoToolMayBeCalled_IsSaidByOfferingNone()
    {
        var request = Ask() with { Tools = [new Tool("f", null, null, null)], ToolChoice = new ToolChoice(ToolChoiceKind.None) };

        Written(request, Claude, out var lost).ShouldNotContain("toolConfig");
        lost.ShouldBe("");
    }

    [Fact]
    public void CallsWithoutTools_BringTheirToolsBack()
    {
        var written = Written(
            new ChatRequest
            {
                Messages =
                [
                    new Message(Role.User, [new TextPart("go")]),
                    new Message(Role.Assistant, [new ToolCallPart("call.1/x", "f", "")]),
                    new Message(Role.User, [new ToolResultPart("call.1/x", [new TextPart("ok")], false)]),
                ],
            },
            Claude,
            out var lost
        );

        written.ShouldContain("""{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}""");
        written.ShouldContain("""{"toolUse":{"toolUseId":"call_1_x","name":"f","input":{}}}""");
        written.ShouldContain("""{"toolResult":{"toolUseId":"call_1_x",""");
        lost.ShouldBe("tools");
    }

    [Fact]
    public void BlankTextsAndTurns_AreLeftOut_AndTurnsAlternate() =>
        Written(
                new ChatRequest
                {
                    Messages =
                    [
                        new Message(Role.User, [new TextPart("a")]),
                        new Message(Role.Assistant, [new TextPart(" \n")]),
                        new Message(Role.User, [new TextPart(""), new TextPart("b")]),
                    ],
                },
                Claude,
                out _
            )
            .ShouldBe("""{"messages":[{"role":"user","content":[{"text":"a"},{"text":"b"}]}],"inferenceConfig":{}}""");

    [Fact]
    public void Documents_HaveNamesOfTheirOwn() =>
        Written(
                new ChatRequest
                {
                    Messages =
                    [
                        new Message(
                            Role.User,
                            [
                                new DocumentPart("application/pdf", "JVBE", null, "Q1_report.v2.pdf"),
                                new DocumentPart("text/plain", "aGk=", null, "Q1_report.v2.pdf"),
                                new DocumentPart("text/csv", null, "s3://bucket/a.csv", null),
                                new DocumentPart("text/plain", null, null, "notes") { Text = "n" },
                                new TextPart("compare"),
                            ]
                        ),
                    ],
                },
                Claude,
                out var lost
            )
            .ShouldStartWith(
                """{"messages":[{"role":"user","content":[{"document":{"format":"pdf","name":"Q1 report v2 pdf","source":{"bytes":"JVBE"}}},{"document":{"format":"txt","name":"Q1 report v2 pdf 2","source":{"bytes":"aGk="}}},{"document":{"format":"csv","name":"document 3","source":{"s3Location":{"uri":"s3://bucket/a.csv"}}}},{"document":{"format":"txt","name":"notes","source":{"text":"n"}}},{"text":"compare"}]}]"""
            );

    [Fact]
    public void WhatConverseCannotSay_IsReported()
    {
        Written(
            new ChatRequest
            {
                Messages =
                [
                    new Message(
                        Role.User,
                        [
                            new TextPart("a"),
                            new ImagePart(null, null, "https://e.org/a.png"),
                            new ImagePart("image/tiff", "AAAA", null),
                            new AudioPart("audio/wav", "AAAA"),
                            new DocumentPart("application/zip", "AAAA", null, null),
                        ]
                    ),
                    new Message(Role.Assistant, [new ReasoningPart("unsigned", null)]),
                    new Message(Role.System, [new TextPart("late")]),
                ],
                Temperature = 1.5m,
                Seed = 1,
                Choices = 2,
                Logprobs = true,
                FrequencyPenalty = 1,
                PresencePenalty = 1,
                User = "u",
                PromptCacheKey = "k",
                ServiceTier = "scale",
                Tools = [new Tool("f", null, null, null)],
                ParallelTools = false,
                ServerTools = [new ServerTool(ServerToolKind.WebSearch, "web_search", JsonOf("{}"), WireKind.OpenAiResponses)],
                Extensions = [KeyValuePair.Create("logit_bias", JsonOf("{}"))],
                Origin = WireKind.OpenAiChat,
            },
            Claude,
            out var lost
        );

        lost.Split(',')
            .Order()
            .ShouldBe([
                "document",
                "frequency_penalty",
                "image",
                "image_url",
                "input_audio",
                "logit_bias",
                "logprobs",
                "n",
                "presence_penalty",
                "prompt_cache_key",
                "reasoning",
                "seed",
                "service_tier",
                "system",
                "temperature",
                "tools.web_search",
                "user",
            ]);
    }

    [Theory]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"text":"a"},{"cachePoint":{"type":"default"}}]}],"system":[{"text":"s"}],"inferenceConfig":{"maxTokens":5},"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"tool":{"name":"f"}}},"additionalModelRequestFields":{"top_k":3,"anthropic_beta":["x"]},"guardrailConfig":{"guardrailIdentifier":"g"}}"""
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"text":"a"},{"guardContent":{"text":{"text":"b"}}},{"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://b/v"}}}}]},{"role":"assistant","content":[{"citationsContent":{"content":[{"text":"t"}],"citations":[{"title":"d"}]}}]}],"inferenceConfig":{}}"""
    )]
    public void OwnRequest_ReadAndWritten_IsTheSame(string body)
    {
        var request = Wire.Codec.ReadRequest(Encoding.UTF8.GetBytes(body));

        using var expected = JsonDocument.Parse(body);
        using var written = JsonDocument.Parse(Written(request, Claude, out var lost));
        JsonElement.DeepEquals(written.RootElement, expected.RootElement).ShouldBeTrue(written.RootElement.GetRawText());
        lost.ShouldBe("");
    }

    [Fact]
    public void Head_KnowsWhatRoutingAndMoneyNeed()
    {
        var head = Wire.ReadHead(
            Encoding.UTF8.GetBytes(
                """{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/i"}}}}]}],"inferenceConfig":{"maxTokens":7},"toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}}]},"additionalModelRequestFields":{"thinking":{"budget_tokens":9}}}"""
            ),
            new RequestAddress("m", Stream: true)
        );

        (head.Model, head.Features).ShouldBe(
            (
                "m",
                new CallFeatures
                {
                    Stream = true,
                    OutputLimit = 7,
                    ThinkingBudget = 9,
                    Tools = true,
                    ServerTools = true,
                    Images = 1,
                    UnboundedInput = true,
                }
            )
        );
    }

    [Fact]
    public void Limit_IsSplicedIntoTheInferenceConfig()
    {
        var target = TestTargets.Of(WireKind.BedrockConverse, Claude);
        var head = Wire.ReadHead("""{"messages":[],"inferenceConfig":{"temperature":1}}"""u8.ToArray(), new RequestAddress("m", false));

        Encoding
            .UTF8.GetString(Wire.Splice(head, target, new SpliceOptions(50, AskUsage: true)).Span)
            .ShouldBe("""{"messages":[],"inferenceConfig":{"temperature":1,"maxTokens":50}}""");
    }

    private static ChatRequest Ask() => new() { Messages = [new Message(Role.User, [new TextPart("hi")])] };

    private static (string? Fields, string Lost) Fields(ChatRequest request, string model)
    {
        using var body = JsonDocument.Parse(Written(request, model, out var lost));
        return (body.RootElement.TryGetProperty("additionalModelRequestFields", out var fields) ? fields.GetRawText() : null, lost);
    }

    private static string Written(ChatRequest request, string model, out string lost)
    {
        var (bytes, losses) = (new ArrayBufferWriter<byte>(), new List<Degradation>());
        Wire.Codec.WriteRequest(request, TargetOf(model), losses, bytes);
        lost = string.Join(',', losses.Select(l => l.Feature));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static Target TargetOf(string model)
    {
        var target = TestTargets.Of(WireKind.BedrockConverse, model);
        return target with { Card = target.Card with { Reasoning = true } };
    }

    private static JsonElement JsonOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
