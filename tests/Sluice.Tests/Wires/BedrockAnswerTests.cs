using System.Text;
using System.Text.Json;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Simulator;
using Sluice.Wires;
using Sluice.Wires.BedrockConverse;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What Converse really answers, one trap a row: read as facts and as events.</summary>
public sealed class BedrockAnswerTests
{
    private static readonly BedrockWire Wire = new();

    /// <summary>name, frames, marks of each, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "starts, stops and padding do not commit",
                [
                    """{"messageStart":{"p":"abcdef","role":"assistant"}}""",
                    """{"contentBlockStart":{"contentBlockIndex":0,"start":{}}}""",
                    """{"contentBlockStart":{"contentBlockIndex":0,"p":"abc","start":{"toolUse":{"name":"f","toolUseId":"t"}}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"toolUse":{"input":""}},"p":"abc"}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":""}}}""",
                    """{"contentBlockStop":{"contentBlockIndex":0,"p":"ab"}}""",
                ],
                "None, None, None, None, None, None",
                "-",
                null,
                false
            },
            {
                "usage follows the stop",
                [
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"a"},"p":"abc"}}""",
                    """{"messageStop":{"p":"abc","stopReason":"end_turn"}}""",
                    """{"metadata":{"metrics":{"latencyMs":9},"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}}""",
                ],
                "Content, Finish, End",
                "3/2",
                "end_turn",
                true
            },
            {
                "usage before the stop",
                ["""{"metadata":{"usage":{"inputTokens":3,"outputTokens":2}}}""", """{"messageStop":{"stopReason":"tool_use"}}"""],
                "None, Finish",
                "3/2",
                "tool_use",
                true
            },
            {
                "input is counted without its cached part",
                [
                    """{"metadata":{"usage":{"cacheReadInputTokens":10,"cacheWriteInputTokens":20,"cacheDetails":[{"inputTokens":15,"ttl":"1h"},{"inputTokens":5,"ttl":"5m"}],"inputTokens":3,"outputTokens":2,"totalTokens":35}}}""",
                ],
                "None",
                "33/2",
                null,
                false
            },
            {
                "reasoning, its signature and what is withheld are content",
                [
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig"}}}}""",
                    """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AAAA"}}}}""",
                ],
                "Content, Content, Content",
                "-",
                null,
                false
            },
            {
                "a guardrail ends it",
                ["""{"messageStop":{"stopReason":"guardrail_intervened"}}"""],
                "Finish",
                "-",
                "guardrail_intervened",
                true
            },
            {
                "the model broke its own output",
                ["""{"messageStop":{"stopReason":"malformed_tool_use"}}"""],
                "Error",
                "-",
                "malformed_tool_use",
                false
            },
            {
                "an exception",
                ["""{"type":"error","error":{"type":"modelStreamErrorException","message":"An error occurred"}}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "an exception in the words of the service's model",
                ["""{"throttlingException":{"message":"Too many tokens, please wait before trying again."}}"""],
                "Error",
                "-",
                null,
                false
            },
            { "not JSON", ["""{"contentBlockDelta":{"broken":}"""], "Malformed", "-", null, false },
            {
                "unknown events and members pass",
                ["""{"newEvent":{"a":[1,{"b":2}]}}""", """{"contentBlockDelta":{"new":[{}],"delta":{"text":"a"},"contentBlockIndex":0}}"""],
                "None, Content",
                "-",
                null,
                false
            },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Frames_AreReadAsWhatTheyMean(string name, string[] frames, string marks, string usage, string? finish, bool terminated)
    {
        var facts = Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind));

        var seen = frames.Select(f => Observe(facts, f)).ToList();

        string.Join(", ", seen).ShouldBe(marks, name);
        (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(usage, name);
        facts.FinishReason.ShouldBe(finish, name);
        facts.Terminated.ShouldBe(terminated, name);
    }

    [Fact]
    public void Usage_HasItsCachedParts()
    {
        var facts = Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind));

        Observe(
            facts,
            """{"metadata":{"usage":{"cacheReadInputTokens":10,"cacheWriteInputTokens":20,"cacheDetails":[{"inputTokens":15,"ttl":"1h"}],"inputTokens":3,"outputTokens":2}}}"""
        );

        facts.Usage.ShouldBe(
            new Usage
            {
                InputTokens = 33,
                CacheReadTokens = 10,
                CacheWriteTokens = 20,
                CacheWrite1hTokens = 15,
                OutputTokens = 2,
                Evidence = UsageEvidence.Reported,
            }
        );
    }

    [Fact]
    public void Stream_IsReadAsEvents() =>
        Events(
                """{"messageStart":{"role":"assistant"}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig"}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":0}}""",
                """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"text":"ok"}}}""",
                """{"contentBlockStop":{"contentBlockIndex":1}}""",
                """{"contentBlockStart":{"contentBlockIndex":2,"start":{"toolUse":{"name":"f","toolUseId":"t1"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"a\":"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":2,"delta":{"toolUse":{"input":"1}"}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":2}}""",
                """{"contentBlockDelta":{"contentBlockIndex":3,"delta":{"reasoningContent":{"redactedContent":"AAAA"}}}}""",
                """{"messageStop":{"stopReason":"tool_use"}}"""
            )
            .ShouldBe([
                new ReasoningDelta("hm"),
                new ReasoningSigned("sig"),
                new TextDelta("ok"),
                new ToolCallStarted(2, "t1", "f"),
                new ToolArgumentsDelta(2, "{\"a\":"),
                new ToolArgumentsDelta(2, "1}"),
                new ReasoningRedacted("AAAA"),
                new Finished(FinishReason.ToolCalls),
            ]);

    [Fact]
    public void ToolForAStructuredAnswer_IsReadAsText() =>
        Events(
                $$$$$"""{"contentBlockStart":{"contentBlockIndex":0,"start":{"toolUse":{"name":"{{{{{StructuredAnswer.Tool}}}}}","toolUseId":"t1"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":1}"}}}}""",
                """{"messageStop":{"stopReason":"tool_use"}}"""
            )
            .ShouldBe([new TextDelta("{\"a\":1}"), new Finished(FinishReason.Stop)]);

    [Fact]
    public void ToolOfBedrocksOwn_IsNoCallToTheCaller() =>
        Events(
                """{"contentBlockStart":{"contentBlockIndex":0,"start":{"toolUse":{"name":"nova_grounding","toolUseId":"t1","type":"server_tool_use"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":1}"}}}}""",
                """{"messageStop":{"stopReason":"end_turn"}}"""
            )
            .ShouldBe([new Omitted("server_tool_use"), new Finished(FinishReason.Stop)]);

    [Fact]
    public void Sources_FollowTheTextThatRestsOnThem()
    {
        var events = Events(
            """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"citation":{"title":"policy","sourceContent":[{"text":"20 days."}],"location":{"web":{"url":"https://e.org"}}}}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"text":"20 days"}}}""",
            """{"contentBlockStop":{"contentBlockIndex":1}}"""
        );

        events[0].ShouldBe(new TextDelta("20 days"));
        var citation = events[1].ShouldBeOfType<Cited>().Citation;
        (citation.Title, citation.Quote, citation.Url).ShouldBe(("policy", "20 days.", "https://e.org"));
    }

    [Theory]
    [InlineData("""{"text":"a"},{"video":{"format":"mp4"}}""", "video")]
    [InlineData("""{"type":"text","text":"a"}""", "")]
    [InlineData(
        """{"text":"a"},{"toolUse":{"name":"nova_grounding","toolUseId":"t","type":"server_tool_use","input":{"q":1}}}""",
        "server_tool_use"
    )]
    public void WholeAnswer_NamesWhatNoRecordHolds(string blocks, string omitted)
    {
        var events = new List<AnswerEvent>();
        Wire.Codec.ReadAnswer(TestTargets.DialectOf(Wire.Kind))
            .ReadWhole(
                Encoding.UTF8.GetBytes(
                    """{"output":{"message":{"content":[BLOCKS],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1}}""".Replace(
                        "BLOCKS",
                        blocks,
                        StringComparison.Ordinal
                    )
                ),
                events
            );

        WholeMessage.Of(events).Text.ShouldBe("a");
        string.Join(',', events.Unheld()).ShouldBe(omitted);
    }

    [Fact]
    public void WholeAnswerWithoutContent_IsDrift() =>
        Should
            .Throw<ProviderException>(() =>
                Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind)).ObserveWhole("""{"output":{},"usage":{}}"""u8)
            )
            .Failure.ShouldBe(FailureClass.Drift);

    [Theory]
    [InlineData("bedrock-tool-no-args.json", "I'll update the issue list for you.", "updateIssueList:")]
    [InlineData("bedrock-tool-no-args.chunks.txt", "I'll update the issue list for you.", "updateIssueList:")]
    [InlineData("bedrock-json-other-tool.1.chunks.txt", "", "get-weather:{\"location\":\"San Francisco\"}")]
    [InlineData("bedrock-tool-call.1.json", "", "bash:{\"command\":\"ls -l\"}")]
    [InlineData("bedrock-json-tool-with-answer.1.json", "2 + 2 equals 4.", "json:{\"firstName\":\"John\",\"lastName\":\"Doe\"}")]
    public void Recording_HasItsTextAndCalls(string file, string text, string calls)
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        var body = File.ReadAllText(Path.Combine(Recordings.Root!, "amazon-bedrock/vercel-ai", file));
        var events = new List<AnswerEvent>();
        if (file.EndsWith(".json", StringComparison.Ordinal))
        {
            Wire.Codec.ReadAnswer(TestTargets.DialectOf(Wire.Kind)).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        }
        else
        {
            events = Events([.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        }

        var message = WholeMessage.Of(events);
        message.Text.ShouldBe(text);
        string.Join(' ', message.Calls.Select(c => $"{c.Name}:{Compact(c.Arguments)}")).ShouldBe(calls);
        message.Finish.ShouldBe(FinishReason.ToolCalls);
        message.Usage.ShouldNotBeNull();
    }

    [Fact]
    public void AllRecordedFiles_AreRead()
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        var files = Directory.GetFiles(Path.Combine(Recordings.Root!, "amazon-bedrock"), "*", SearchOption.AllDirectories);

        files.Length.ShouldBeGreaterThan(5);
        foreach (var file in files)
        {
            var facts = Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind));
            if (file.EndsWith(".json", StringComparison.Ordinal))
            {
                facts.ObserveWhole(File.ReadAllBytes(file));
            }
            else
            {
                foreach (var line in File.ReadLines(file))
                {
                    Observe(facts, line);
                }
            }

            (facts.Terminated, facts.MalformedFrames).ShouldBe((true, 0), file);
            facts.ContentBytes.ShouldBeGreaterThan(0, file);
        }
    }

    [Fact]
    public void RecordedStreams_HaveTextReasoningAndSources()
    {
        Assert.SkipWhen(Recordings.Root is null, "SLUICE_RECORDINGS is not set: recordings of real traffic are not at hand");
        var thinking = WholeMessage.Of(EventsOf("cassettes/bedrock/langchain-aws/test_thinking[v0].yaml"));
        var cited = WholeMessage.Of(EventsOf("cassettes/bedrock/langchain-aws/test_citations[document1].yaml"));

        thinking.Parts.OfType<ReasoningPart>().Single().Signature.ShouldNotBeNull();
        thinking.Reasoning.ShouldStartWith("I need to find the smallest");
        cited.Text.ShouldStartWith("Employees receive 20 days annual leave.");
        cited.Parts.OfType<TextPart>().SelectMany(t => t.Citations).Select(c => c.Title).ShouldBe(["company_policy", "company_policy"]);
        cited.Usage!.InputTokens.ShouldBe(878);
    }

    private static string Compact(string arguments)
    {
        using var parsed = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
        return arguments.Length == 0 ? "" : JsonSerializer.Serialize(parsed.RootElement);
    }

    private static List<AnswerEvent> EventsOf(string cassette)
    {
        var events = new List<AnswerEvent>();
        var reader = Wire.Codec.ReadAnswer(TestTargets.DialectOf(Wire.Kind));
        ReadOnlySpan<byte> bytes = BinaryEvents.Frames(Cassette.Read(Path.Combine(Recordings.Root!, cassette))[0].Body);
        while (Wire.Framing.TryRead(bytes, final: true, out var frame))
        {
            reader.ReadFrame(frame, events);
            bytes = bytes[frame.Length..];
        }

        return events;
    }

    private static List<AnswerEvent> Events(params string[] frames)
    {
        var events = new List<AnswerEvent>();
        var reader = Wire.Codec.ReadAnswer(TestTargets.DialectOf(Wire.Kind));
        foreach (var data in frames.Select(Encoding.UTF8.GetBytes))
        {
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        return events;
    }

    private static FrameMarks Observe(AnswerObserver facts, string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        return facts.Observe(new Frame { Length = bytes.Length, Data = bytes });
    }
}
