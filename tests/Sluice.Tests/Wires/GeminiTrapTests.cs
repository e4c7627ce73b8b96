using System.Text;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What Gemini's wire really does, one trap a row: read whole and one byte at a time.</summary>
public sealed class GeminiTrapTests
{
    /// <summary>name, frames, marks of each frame, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "usage grows from chunk to chunk and there is no last frame",
                [
                    """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":4,"totalTokenCount":13}}""",
                    """{"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":1,"thoughtsTokenCount":6}}""",
                    """{"candidates":[{"content":{"parts":[{"text":"b"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"thoughtsTokenCount":6}}""",
                ],
                "Content, Content, Content, Finish",
                "9/8",
                "STOP",
                true
            },
            {
                "what tools read is counted apart",
                [
                    """{"candidates":[],"usageMetadata":{"promptTokenCount":17,"candidatesTokenCount":201,"thoughtsTokenCount":213,"toolUsePromptTokenCount":119,"totalTokenCount":550}}""",
                ],
                "None",
                "136/414",
                null,
                false
            },
            {
                "usage without counts is none",
                ["""{"candidates":[],"usageMetadata":{"trafficType":"ON_DEMAND"}}"""],
                "None",
                "-",
                null,
                false
            },
            {
                "text goes on after a first finish",
                [
                    """{"candidates":[{"content":{"parts":[{"executableCode":{"code":"1","language":"PYTHON"}}]},"finishReason":"STOP"}]}""",
                    """{"candidates":[{"content":{"parts":[{"text":"one"}]}}]}""",
                    """{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}""",
                ],
                "Content, Finish, Content, Finish",
                "-",
                "STOP",
                true
            },
            { "an empty part does not commit", ["""{"candidates":[{"content":{"parts":[{"text":""}]}}]}"""], "None", "-", null, false },
            {
                "a signature alone does not commit",
                ["""{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"c2ln"}]}}]}"""],
                "None",
                "-",
                null,
                false
            },
            {
                "a whole call commits, without arguments too",
                [
                    """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP","finishMessage":"Model generated function call(s)."}]}""",
                ],
                "Content, Finish",
                "-",
                "STOP",
                true
            },
            {
                "the start of a streamed call does not commit, its arguments do",
                [
                    """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}""",
                    """{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"x","willContinue":true}],"willContinue":true}}]}}]}""",
                    """{"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}""",
                ],
                "None, Content, None",
                "-",
                null,
                false
            },
            {
                "a blocked prompt has no candidates",
                ["""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}"""],
                "Finish",
                "9/0",
                "PROHIBITED_CONTENT",
                true
            },
            {
                "feedback without a reason blocks nothing",
                ["""{"promptFeedback":{"safetyRatings":[]},"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "a filter is a finish",
                ["""{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"X","blocked":true}]}]}"""],
                "Finish",
                "-",
                "SAFETY",
                true
            },
            {
                "a malformed call is a failure",
                [
                    """{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed function call: f("}]}""",
                ],
                "Error",
                "-",
                "MALFORMED_FUNCTION_CALL",
                true
            },
            {
                "an error in the stream",
                ["""{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"""],
                "Error",
                "-",
                null,
                false
            },
            { "not JSON", ["""{"candidates":["""], "Malformed", "-", null, false },
            {
                "a frame that is cut after its finish ends nothing",
                ["""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}],"usageMeta"""],
                "Malformed",
                "-",
                null,
                false
            },
            {
                "members of other types and unknown ones pass",
                [
                    """{"candidates":[{"content":{"parts":"none"},"brandNew":{"deep":[1,{"b":2}]}},"odd",{"content":{"parts":[3,{"text":"a","brandNew":null}]}}],"createTime":"2026-04-02T17:03:50Z"}""",
                ],
                "Content",
                "-",
                null,
                false
            },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, string[] frames, string marks, string usage, string? finish, bool terminated)
    {
        var wire = GeminiFixture.Wires[WireKind.Gemini];
        var body = Encoding.UTF8.GetBytes(string.Concat(frames.Select(f => $"data: {f}\r\n\r\n")));
        foreach (var chunk in new[] { body.Length, 1 })
        {
            var facts = wire.Observe(new CallFeatures(), TestTargets.DialectOf(WireKind.Gemini));
            var seen = new List<FrameMarks>();
            for (var (start, end) = (0, 0); end < body.Length; )
            {
                end = Math.Min(body.Length, end + chunk);
                while (wire.Framing.TryRead(body.AsSpan(start..end), final: end == body.Length, out var frame))
                {
                    seen.Add(facts.Observe(frame));
                    start += frame.Length;
                }
            }

            string.Join(", ", seen).ShouldBe(marks, name);
            (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(usage, name);
            facts.FinishReason.ShouldBe(finish, name);
            facts.Terminated.ShouldBe(terminated, name);
        }
    }

    [Fact]
    public void Candidates_AllOfThemMustFinish()
    {
        var facts = GeminiFixture.Wires[WireKind.Gemini].Observe(new CallFeatures { Choices = 2 }, TestTargets.DialectOf(WireKind.Gemini));

        facts.ObserveWhole("""{"candidates":[{"finishReason":"STOP","index":0}]}"""u8);
        facts.Terminated.ShouldBeFalse();
        facts.ObserveWhole("""{"candidates":[{"finishReason":"STOP","index":1}]}"""u8);

        facts.Terminated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"models":[]}""", "candidates: expected array, found nothing")]
    [InlineData("[]", "candidates: expected array, found nothing")]
    [InlineData("""[{"candidates":[]}, {"cand""", "the answer is not the JSON object its protocol documents")]
    [InlineData("3", "the answer is not the JSON object its protocol documents")]
    public void WholeAnswer_WithoutItsShape_IsDrift(string body, string message)
    {
        var facts = GeminiFixture.Wires[WireKind.Gemini].Observe(new CallFeatures(), TestTargets.DialectOf(WireKind.Gemini));

        var failure = Should.Throw<ProviderException>(() => facts.ObserveWhole(Encoding.UTF8.GetBytes(body)));

        failure.Failure.ShouldBe(FailureClass.Drift);
        failure.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", 1)]
    [InlineData("gemini-3-flash-preview", 2)]
    public void Searches_AreCountedAsTheModelBillsThem(string model, int expected) =>
        UsageOf(
            $$$"""{"candidates":[{"content":{"parts":[{"text":"a"}]},"groundingMetadata":{"webSearchQueries":["x","y"]}}],"usageMetadata":{"promptTokenCount":1},"modelVersion":"{{{model}}}"}"""
        )
            .WebSearchRequests.ShouldBe(expected);

    [Fact]
    public void Sound_IsCountedByItsKind()
    {
        var usage = UsageOf(
            """{"candidates":[],"usageMetadata":{"promptTokenCount":159,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9},{"tokenCount":150,"modality":"AUDIO"},{"modality":"VIDEO"}],"candidatesTokenCount":22,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":20}],"cachedContentTokenCount":5}}"""
        );

        usage.InputAudioTokens.ShouldBe(150);
        usage.OutputAudioTokens.ShouldBe(20);
        usage.CacheReadTokens.ShouldBe(5);
        usage.InputTokens.ShouldBe(159);
    }

    [Theory]
    [InlineData("[{A}\n,\r\n{B}\n]\n")]
    [InlineData(" [ {A} , {B} ]")]
    [InlineData("[{A},{B}]")]
    [InlineData("data: {A}\r\n\r\n\r\ndata: {B}\r\n\r\n")]
    public void Stream_AsAnArrayOrAsEvents_IsCutAlike(string text)
    {
        const string A = """{"text":"}\"{"}""";
        const string B = """{"b":{"c":[1]}}""";
        var bytes = Encoding.UTF8.GetBytes(text.Replace("{A}", A, StringComparison.Ordinal).Replace("{B}", B, StringComparison.Ordinal));
        var framing = GeminiFixture.Wires[WireKind.Gemini].Framing;
        for (var chunk = 1; chunk <= bytes.Length; chunk++)
        {
            var seen = new List<string>();
            for (var (start, end) = (0, 0); end < bytes.Length; )
            {
                end = Math.Min(bytes.Length, end + chunk);
                while (framing.TryRead(bytes.AsSpan(start..end), final: end == bytes.Length, out var frame))
                {
                    seen.Add(Encoding.UTF8.GetString(frame.Data));
                    start += frame.Length;
                }
            }

            seen.Where(s => s.Length > 0).ShouldBe([A, B], $"in pieces of {chunk}");
        }
    }

    [Fact]
    public void Calls_WithoutIds_GetIdsThatDifferFromAnswerToAnswer()
    {
        static string[] Ids(string answer) =>
            [
                .. WholeMessage
                    .Of(
                        GeminiFixture.Whole(
                            $$$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"f","args":{"a":1}}},{"functionCall":{"id":"own","name":"g"}}]},"finishReason":"STOP"}],"responseId":"{{{{answer}}}}"}"""
                        )
                    )
                    .Calls.Select(c => c.Id),
            ];

        Ids("r1").ShouldBe(["call_r1_0", "call_r1_1", "own"]);
        Ids("r2").ShouldBe(["call_r2_0", "call_r2_1", "own"]);
    }

    [Fact]
    public void Stop_WithCalls_IsAFinishByCalls() =>
        GeminiFixture
            .Whole("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}]}""")
            .OfType<Finished>()
            .Single()
            .Reason.ShouldBe(FinishReason.ToolCalls);

    [Fact]
    public void ParallelCalls_OnlyTheFirstIsSigned()
    {
        var events = GeminiFixture.Whole(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"g","args":{}}}]},"finishReason":"STOP"}]}"""
        );

        events
            .Take(3)
            .ShouldBe([new ReasoningSigned("c2ln"), new ToolCallStarted(0, "call_0", "f"), new ToolCallStarted(1, "call_1", "g")]);
    }

    [Fact]
    public void TrailingSignature_StandsBehindTheText() =>
        WholeMessage
            .Of(
                GeminiFixture.Chunks(
                    """{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]}""",
                    """{"candidates":[{"content":{"parts":[{"text":"289"}]}}]}""",
                    """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"c2ln"}]},"finishReason":"STOP"}]}"""
                )
            )
            .Parts.ShouldBe([new ReasoningPart("hm", null), new TextPart("289"), new ReasoningPart("", "c2ln")], new PartComparer());

    [Fact]
    public void StreamedArguments_AreJoinedByTheirPaths()
    {
        var calls = WholeMessage
            .Of(
                GeminiFixture.Chunks(
                    Call("""{"name":"f","willContinue":true}"""),
                    Call("""{"partialArgs":[{"jsonPath":"$.place.city","stringValue":"Bos","willContinue":true}],"willContinue":true}"""),
                    Call("""{"partialArgs":[{"jsonPath":"$.place.city","stringValue":"ton"}],"willContinue":true}"""),
                    Call(
                        """{"partialArgs":[{"jsonPath":"$.days[0]","numberValue":2},{"jsonPath":"$.days[1]","numberValue":3}],"willContinue":true}"""
                    ),
                    Call(
                        """{"partialArgs":[{"jsonPath":"$.now","boolValue":true},{"jsonPath":"$.none","nullValue":"NULL_VALUE"}],"willContinue":true}"""
                    ),
                    Call(
                        """{"partialArgs":[{"jsonPath":"$['a.b'][1].c","stringValue":"y"},{"jsonPath":"$[\"a.b\"][0]","stringValue":"x"},{"jsonPath":"$.0","numberValue":1}],"willContinue":true}"""
                    ),
                    Call("{}"),
                    Call("""{"name":"g","willContinue":true}"""),
                    """{"candidates":[{"content":{"parts":[{"functionCall":{}}]},"finishReason":"STOP"}]}"""
                )
            )
            .Calls;

        calls
            .Select(c => (c.Name, c.Arguments))
            .ShouldBe([
                ("f", """{"place":{"city":"Boston"},"days":[2,3],"now":true,"none":null,"a.b":["x",{"c":"y"}],"0":1}"""),
                ("g", ""),
            ]);

        static string Call(string call) => $$$$"""{"candidates":[{"content":{"parts":[{"functionCall":{{{{call}}}}}]}}]}""";
    }

    [Theory]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("SAFETY", FinishReason.Refusal)]
    [InlineData("RECITATION", FinishReason.Refusal)]
    [InlineData("SPII", FinishReason.Refusal)]
    internal void FinishReason_HasAMeaning(string reason, FinishReason expected) =>
        GeminiFixture.Whole($$"""{"candidates":[{"finishReason":"{{reason}}"}]}""").OfType<Finished>().Single().Reason.ShouldBe(expected);

    [Fact]
    public void BlockedPrompt_IsARefusal() =>
        GeminiFixture
            .Whole("""{"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"The prompt was blocked."}}""")
            .ShouldBe([new RefusalDelta("The prompt was blocked."), new Finished(FinishReason.Refusal)]);

    private static Usage UsageOf(string body)
    {
        var facts = GeminiFixture.Wires[WireKind.Gemini].Observe(new CallFeatures(), TestTargets.DialectOf(WireKind.Gemini));
        facts.ObserveWhole(Encoding.UTF8.GetBytes(body));
        return facts.Usage!;
    }

    /// <summary>Parts hold lists, which are equal by what is in them.</summary>
    private sealed class PartComparer : IEqualityComparer<Part>
    {
        public bool Equals(Part? x, Part? y) => x is TextPart a && y is TextPart b ? a.Text == b.Text : Equals((object?)x, y);

        public int GetHashCode(Part obj) => obj.GetType().GetHashCode();
    }
}
