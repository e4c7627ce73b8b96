using System.Buffers;
using System.Text;
using Sluice.Calls;
using Sluice.Money;
using Sluice.Wires;
using Sluice.Wires.Ollama;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>Answers of Ollama: what is odd about them, and how they are written for its clients.</summary>
public sealed class OllamaAnswerTests
{
    private static readonly OllamaWire Wire = new();

    /// <summary>lines, marks of each, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "an empty message does not commit",
                ["""{"model":"m","created_at":"t","message":{"role":"assistant","content":""},"done":false}"""],
                "None",
                "-",
                null,
                false
            },
            {
                "thinking commits",
                ["""{"message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "a call without arguments commits, and ends with stop",
                [
                    """{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"now","arguments":{}}}]},"done":false}""",
                    """{"message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"prompt_eval_count":9,"eval_count":4}""",
                ],
                "Content, Finish, End",
                "9/4",
                "stop",
                true
            },
            {
                "a prompt from the cache is not counted",
                ["""{"message":{"content":"a"},"done":true,"done_reason":"length","eval_count":4}"""],
                "Content, Finish, End",
                "0/4",
                "length",
                true
            },
            {
                "an old version says no reason, a last line may lack counts",
                ["""{"done":true,"message":{"content":"a"}}"""],
                "Content, Finish, End",
                "-",
                "stop",
                true
            },
            {
                "a single prompt is answered without a message",
                ["""{"response":"a","done":false}""", """{"response":"","done":true,"done_reason":"stop","eval_count":1}"""],
                "Content, Finish, End",
                "0/1",
                "stop",
                true
            },
            {
                "an error is a line",
                ["""{"message":{"content":"a"},"done":false}""", """{"error":"llama runner process has terminated: exit status 2"}"""],
                "Content, Error",
                "-",
                null,
                false
            },
            { "unknown members and lines pass", ["""{"status":"pulling","new":{"deep":[1]}}"""], "None", "-", null, false },
            {
                "an unreadable line among good ones",
                ["""{"broken":""", """{"message":{"content":"a"},"done":false}"""],
                "Malformed, Content",
                "-",
                null,
                false
            },
            { "a cut line is no end", ["""{"message":{"content":"a"},"done":fal"""], "Malformed", "-", null, false },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, string[] lines, string marks, string usage, string? finish, bool terminated)
    {
        var facts = Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind));
        var seen = lines.Select(Encoding.UTF8.GetBytes).Select(l => facts.Observe(new Frame { Length = l.Length, Data = l }));

        string.Join(", ", seen.ToList()).ShouldBe(marks, name);
        (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(usage, name);
        (facts.FinishReason, facts.Terminated).ShouldBe((finish, terminated), name);
    }

    [Fact]
    public void ErrorLine_HasItsClass() =>
        WireReading
            .Facts(Wire, """{"error":"an error was encountered while running the model: unexpected EOF"}"""u8.ToArray(), 1000)
            .Error!.Failure.ShouldBe(FailureClass.Transient);

    [Fact]
    public void WholeAnswerWithoutAMessage_IsDrift()
    {
        var facts = Wire.Observe(new CallFeatures(), TestTargets.DialectOf(Wire.Kind));

        Should.Throw<ProviderException>(() => facts.ObserveWhole("""{"model":"m","done":true}"""u8)).Failure.ShouldBe(FailureClass.Drift);
    }

    [Fact]
    public void CallsWithoutIds_GetThemFromTimeAndOrder()
    {
        var whole = WireReading.Whole(
            Wire,
            """{"created_at":"2026-01-02T03:04:05.6Z","message":{"tool_calls":[{"function":{"name":"a","arguments":{"x":[1,"é"]}}},{"id":"own","function":{"name":"b","index":1,"arguments":{}}}]},"done":true}"""
        );

        whole.Calls.ShouldBe([new ToolCallPart("call_202601020304056_0", "a", """{"x":[1,"é"]}"""), new ToolCallPart("own", "b", "{}")]);
        whole.Finish.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public void Logprobs_AreReported()
    {
        var body = """{"message":{"content":"a"},"logprobs":[{"token":"a","logprob":-0.5,"bytes":[97]}],"done":true}""";

        WireReading
            .Whole(Wire, body)
            .Logprobs.Single()
            .GetRawText()
            .ShouldBe("""{"content":[{"token":"a","logprob":-0.5,"bytes":[97]}]}""");
    }

    [Fact]
    public void Stream_IsWrittenInLines() =>
        Stream(
                chat: true,
                new ReasoningDelta("hm"),
                new TextDelta("Grüße\n"),
                new ToolCallStarted(0, "c1", "f"),
                new ToolArgumentsDelta(0, "{\"a\":"),
                new ToolCallStarted(1, "c2", "g"),
                new ToolArgumentsDelta(0, "1}"),
                new UsageReported(
                    new Usage
                    {
                        InputTokens = 3,
                        OutputTokens = 2,
                        Evidence = UsageEvidence.Reported,
                    }
                ),
                new Finished(FinishReason.ToolCalls)
            )
            .ShouldBe(
                """
                {"model":"m","created_at":"1970-01-01T00:00:01.000000Z","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
                {"model":"m","created_at":"1970-01-01T00:00:02.000000Z","message":{"role":"assistant","content":"Grüße\n"},"done":false}
                {"model":"m","created_at":"1970-01-01T00:00:03.000000Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"a":1}}},{"id":"c2","function":{"index":1,"name":"g","arguments":{}}}]},"done":false}
                {"model":"m","created_at":"1970-01-01T00:00:04.000000Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5000000000,"load_duration":0,"prompt_eval_count":3,"prompt_eval_duration":0,"eval_count":2,"eval_duration":5000000000}

                """.ReplaceLineEndings("\n")
            );

    [Fact]
    public void SinglePrompt_IsAnsweredWithAResponse() =>
        Stream(chat: false, new TextDelta("a"), new Finished(FinishReason.Length))
            .ShouldBe(
                """
                {"model":"m","created_at":"1970-01-01T00:00:01.000000Z","response":"a","done":false}
                {"model":"m","created_at":"1970-01-01T00:00:02.000000Z","response":"","done":true,"done_reason":"length","total_duration":3000000000,"load_duration":0,"prompt_eval_count":0,"prompt_eval_duration":0,"eval_count":0,"eval_duration":3000000000}

                """.ReplaceLineEndings("\n")
            );

    [Fact]
    public void ArgumentsThatWereCut_ComeBackAsTheyWere()
    {
        var lines = Stream(
            chat: true,
            new ToolCallStarted(0, "c", "f"),
            new ToolArgumentsDelta(0, "{\"city\":\"Be"),
            new Finished(FinishReason.Length)
        );

        lines.ShouldContain(
            """
            "arguments":{"invalid_arguments":"{\"city\":\"Be"}
            """.Trim()
        );
        var read = WholeMessage.Of(WireReading.Events(Wire, Encoding.UTF8.GetBytes(lines), 1));
        (read.Calls.Single().Arguments, read.Finish).ShouldBe(("{\"city\":\"Be", FinishReason.Length));
    }

    [Theory]
    [InlineData("{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}", "{\"a\":1}||{\"b\":2}|{\"c\":3}")]
    [InlineData("\uFEFF{\"a\":1}\n", "{\"a\":1}")]
    public void Framing_IsByLines(string text, string expected)
    {
        var framing = new Sluice.Wires.Ndjson.NdjsonFraming();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var data = new List<string>();
        while (framing.TryRead(bytes, final: true, out var frame))
        {
            data.Add(Encoding.UTF8.GetString(frame.Data));
            bytes = bytes[frame.Length..];
        }

        string.Join('|', data).ShouldBe(expected);
        framing.TryRead("{\"a\":1}"u8, final: false, out _).ShouldBeFalse();
    }

    /// <summary>The clock moves on by a second whenever it is read.</summary>
    private static string Stream(bool chat, params AnswerEvent[] events)
    {
        var seconds = 0;
        var identity = new AnswerIdentity("id", "m", DateTimeOffset.UnixEpoch, UsageAsked: true)
        {
            Elapsed = () => TimeSpan.FromSeconds(seconds++),
        };
        var output = new ArrayBufferWriter<byte>();
        var writer = (chat ? new OllamaCodec() : (ICodec)new OllamaPromptCodec()).WriteAnswer(identity);
        foreach (var answerEvent in events)
        {
            writer.WriteFrames(answerEvent, output);
        }

        writer.WriteEnd(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
