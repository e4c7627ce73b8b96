using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Money;
using Sluice.Wires;
using Sluice.Wires.OpenAiResponses;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires.OpenAiResponses;

/// <summary>Answers from and to Responses, event by event.</summary>
public sealed class ResponsesAnswerTests
{
    private static readonly ResponsesWire Wire = new();

    private static readonly Usage SomeUsage = new()
    {
        InputTokens = 9,
        CacheReadTokens = 4,
        OutputTokens = 7,
        ReasoningTokens = 3,
        Evidence = UsageEvidence.Reported,
    };

    [Fact]
    public void Stream_IsReadAsEvents()
    {
        var events = Read(
            """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
            """{"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
            """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"one"}""",
            """{"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":1,"part":{"type":"summary_text","text":""}}""",
            """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"two"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"one"},{"type":"summary_text","text":"two"}],"encrypted_content":"gAAA"}}""",
            """{"type":"response.output_item.done","output_index":1,"item":{"id":"ws_1","type":"web_search_call","status":"completed"}}""",
            """{"type":"response.output_text.delta","output_index":2,"content_index":0,"delta":"hi","logprobs":[{"token":"hi","logprob":-0.1}]}""",
            """{"type":"response.output_text.done","output_index":2,"content_index":0,"text":"hi"}""",
            """{"type":"response.output_item.done","output_index":2,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"hi"}]}}""",
            """{"type":"response.output_item.added","output_index":3,"item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":""}}""",
            """{"type":"response.output_item.added","output_index":4,"item":{"id":"fc_2","type":"function_call","call_id":"c2","name":"g","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}""",
            """{"type":"response.output_item.done","output_index":3,"item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":"{}"}}""",
            """{"type":"response.output_item.done","output_index":4,"item":{"id":"fc_2","type":"function_call","call_id":"c2","name":"g","arguments":"{\"a\":1}"}}""",
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":7}}}"""
        );

        events
            .Select(e =>
                e is LogprobsReported l ? l.Json.GetRawText()
                : e is UsageReported ? "usage"
                : e is PartReported p ? ((OpaquePart)p.Part).Json.GetRawText()
                : e.ToString()
            )
            .ShouldBe([
                new ReasoningDelta("one").ToString(),
                new ReasoningDelta("\n\n").ToString(),
                new ReasoningDelta("two").ToString(),
                new ReasoningSigned("rs_1:gAAA").ToString(),
                """{"id":"ws_1","type":"web_search_call","status":"completed"}""",
                new TextDelta("hi").ToString(),
                """{"content":[{"token":"hi","logprob":-0.1}]}""",
                new ToolCallStarted(3, "c1", "f").ToString(),
                new ToolCallStarted(4, "c2", "g").ToString(),
                new ToolArgumentsDelta(3, "{}").ToString(),
                new ToolArgumentsDelta(4, """{"a":1}""").ToString(),
                "usage",
                new Finished(FinishReason.ToolCalls).ToString(),
            ]);
    }

    [Fact]
    public void Answer_InItsLastEventAlone_IsRead() =>
        Read(
                """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}""",
                """{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"hi"}]},{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":"{}"}]}}"""
            )
            .ShouldBe([
                new TextDelta("hi"),
                new ToolCallStarted(1, "c1", "f"),
                new ToolArgumentsDelta(1, "{}"),
                new Finished(FinishReason.ToolCalls),
            ]);

    [Fact]
    public void Pieces_ThatComeWhole_AreReadOnce() =>
        Read(
                """{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"a"}""",
                """{"type":"response.output_text.delta","output_index":0,"content_index":1,"delta":"b"}""",
                """{"type":"response.output_text.done","output_index":0,"content_index":1,"text":"b"}""",
                """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]}}""",
                """{"type":"response.output_item.added","output_index":1,"item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":""}}""",
                """{"type":"response.function_call_arguments.done","output_index":1,"item_id":"fc_1","arguments":"{}"}""",
                """{"type":"response.output_item.done","item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":"{}"}}"""
            )
            .ShouldBe([new TextDelta("a"), new TextDelta("b"), new ToolCallStarted(1, "c1", "f"), new ToolArgumentsDelta(1, "{}")]);

    [Fact]
    public void ToolWithFreeInput_IsACall() =>
        Read(
                """{"type":"response.output_item.added","output_index":0,"item":{"id":"ctc_1","type":"custom_tool_call","call_id":"c1","name":"code","input":""}}""",
                """{"type":"response.custom_tool_call_input.delta","output_index":0,"item_id":"ctc_1","delta":"print(1)"}""",
                """{"type":"response.custom_tool_call_input.done","output_index":0,"item_id":"ctc_1","input":"print(1)"}""",
                """{"type":"response.output_item.done","output_index":0,"item":{"id":"ctc_1","type":"custom_tool_call","call_id":"c1","name":"code","input":"print(1)"}}""",
                """{"type":"response.completed","response":{"status":"completed","output":[]}}"""
            )
            .ShouldBe([new ToolCallStarted(0, "c1", "code"), new ToolArgumentsDelta(0, "print(1)"), new Finished(FinishReason.ToolCalls)]);

    [Fact]
    public void AnswersInARow_KeepTheirCallsApart()
    {
        var events = Read([.. Turn("a"), .. Turn("b"), .. Turn("c")]);

        WholeMessage.Of(events).Calls.Select(c => (c.Id, c.Arguments)).ShouldBe([("a", "{}"), ("b", "{}"), ("c", "{}")]);
        events.OfType<ToolCallStarted>().Select(c => c.Index).ShouldBeUnique();

        static string[] Turn(string id) =>
            [
                $$$"""{"type":"response.output_item.added","output_index":0,"item":{"id":"fc_{{{id}}}","type":"function_call","call_id":"{{{id}}}","name":"f","arguments":""}}""",
                """{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"}""",
                $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"fc_{{{id}}}_changed","type":"function_call","call_id":"{{{id}}}","name":"f","arguments":"{}"}}""",
            ];
    }

    [Theory]
    [InlineData("completed", "null", "output_text", nameof(FinishReason.Stop))]
    [InlineData("completed", "null", "refusal", nameof(FinishReason.Refusal))]
    [InlineData("incomplete", """{"reason":"max_output_tokens"}""", "output_text", nameof(FinishReason.Length))]
    [InlineData("incomplete", """{"reason":"content_filter"}""", "output_text", nameof(FinishReason.Refusal))]
    [InlineData("incomplete", "null", "output_text", nameof(FinishReason.Length))]
    [InlineData("queued", "null", "output_text", nameof(FinishReason.Paused))]
    public void Whole_EndsAsItsStatusSays(string status, string details, string type, string expected)
    {
        var events = new List<AnswerEvent>();
        var member = type == "refusal" ? "refusal" : "text";

        Wire.Codec.ReadAnswer(TestTargets.DialectOf(WireKind.OpenAiResponses))
            .ReadWhole(
                Encoding.UTF8.GetBytes(
                    $$"""{"status":"{{status}}","incomplete_details":{{details}},"output":[{"type":"message","content":[{"type":"{{type}}","{{member}}":"a"}]}]}"""
                ),
                events
            );

        events[^1].ShouldBe(new Finished(Enum.Parse<FinishReason>(expected)));
    }

    [Fact]
    public void Stream_IsWrittenInTheWholeGrammar()
    {
        var frames = Written(
            new ReasoningDelta("hm"),
            new ReasoningSigned("sig"),
            new TextDelta("a"),
            new TextDelta("b"),
            new Cited(new Citation("https://example.org", null, null, null, null, default, WireKind.AnthropicMessages)),
            new ToolCallStarted(7, "c1", "f"),
            new ToolCallStarted(8, "c2", "g"),
            new ToolArgumentsDelta(8, """{"a":"""),
            new ToolArgumentsDelta(8, "1}"),
            new UsageReported(SomeUsage),
            new Finished(FinishReason.ToolCalls)
        );

        frames
            .Skip(2)
            .SkipLast(1)
            .ShouldBe([
                """response.output_item.added {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_resp_x_0","type":"reasoning","summary":[]}}""",
                """response.reasoning_summary_part.added {"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_resp_x_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
                """response.reasoning_summary_text.delta {"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_resp_x_0","output_index":0,"summary_index":0,"delta":"hm"}""",
                """response.reasoning_summary_text.done {"type":"response.reasoning_summary_text.done","sequence_number":5,"item_id":"rs_resp_x_0","output_index":0,"summary_index":0,"text":"hm"}""",
                """response.reasoning_summary_part.done {"type":"response.reasoning_summary_part.done","sequence_number":6,"item_id":"rs_resp_x_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"hm"}}""",
                """response.output_item.done {"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"id":"rs_resp_x_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"sig"}}""",
                """response.output_item.added {"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"id":"msg_resp_x_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
                """response.content_part.added {"type":"response.content_part.added","sequence_number":9,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}""",
                """response.output_text.delta {"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"delta":"a","logprobs":[]}""",
                """response.output_text.delta {"type":"response.output_text.delta","sequence_number":11,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"delta":"b","logprobs":[]}""",
                """response.output_text.annotation.added {"type":"response.output_text.annotation.added","sequence_number":12,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://example.org","title":"https://example.org","start_index":0,"end_index":2}}""",
                """response.output_text.done {"type":"response.output_text.done","sequence_number":13,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"text":"ab","logprobs":[]}""",
                """response.content_part.done {"type":"response.content_part.done","sequence_number":14,"item_id":"msg_resp_x_1","output_index":1,"content_index":0,"part":{"type":"output_text","annotations":[{"type":"url_citation","url":"https://example.org","title":"https://example.org","start_index":0,"end_index":2}],"logprobs":[],"text":"ab"}}""",
                """response.output_item.done {"type":"response.output_item.done","sequence_number":15,"output_index":1,"item":{"id":"msg_resp_x_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[{"type":"url_citation","url":"https://example.org","title":"https://example.org","start_index":0,"end_index":2}],"logprobs":[],"text":"ab"}],"role":"assistant"}}""",
                """response.output_item.added {"type":"response.output_item.added","sequence_number":16,"output_index":2,"item":{"id":"fc_resp_x_2","type":"function_call","status":"in_progress","arguments":"","call_id":"c1","name":"f"}}""",
                """response.output_item.added {"type":"response.output_item.added","sequence_number":17,"output_index":3,"item":{"id":"fc_resp_x_3","type":"function_call","status":"in_progress","arguments":"","call_id":"c2","name":"g"}}""",
                """response.function_call_arguments.delta {"type":"response.function_call_arguments.delta","sequence_number":18,"item_id":"fc_resp_x_3","output_index":3,"delta":"{\"a\":"}""",
                """response.function_call_arguments.delta {"type":"response.function_call_arguments.delta","sequence_number":19,"item_id":"fc_resp_x_3","output_index":3,"delta":"1}"}""",
                """response.function_call_arguments.delta {"type":"response.function_call_arguments.delta","sequence_number":20,"item_id":"fc_resp_x_2","output_index":2,"delta":"{}"}""",
                """response.function_call_arguments.done {"type":"response.function_call_arguments.done","sequence_number":21,"item_id":"fc_resp_x_2","output_index":2,"arguments":"{}"}""",
                """response.output_item.done {"type":"response.output_item.done","sequence_number":22,"output_index":2,"item":{"id":"fc_resp_x_2","type":"function_call","status":"completed","arguments":"{}","call_id":"c1","name":"f"}}""",
                """response.function_call_arguments.done {"type":"response.function_call_arguments.done","sequence_number":23,"item_id":"fc_resp_x_3","output_index":3,"arguments":"{\"a\":1}"}""",
                """response.output_item.done {"type":"response.output_item.done","sequence_number":24,"output_index":3,"item":{"id":"fc_resp_x_3","type":"function_call","status":"completed","arguments":"{\"a\":1}","call_id":"c2","name":"g"}}""",
            ]);
        frames[0].ShouldStartWith("response.created {");
        frames[1].ShouldStartWith("response.in_progress {");
        frames[^1]
            .ShouldStartWith(
                """response.completed {"type":"response.completed","sequence_number":25,"response":{"id":"resp_x","object":"response","created_at":0,"status":"completed","""
            );
    }

    [Fact]
    public void Whole_RepeatsTheSettingsOfTheRequest()
    {
        var asked = Wire.ReadHead(
            """{"model":"r","input":"q","instructions":"s","temperature":0.5,"tools":[{"type":"function","name":"f"}],"metadata":{"a":"b"}}"""u8.ToArray()
        );
        var output = new ArrayBufferWriter<byte>();

        Wire.Codec.WriteAnswer(new AnswerIdentity("resp_x", "m", DateTimeOffset.UnixEpoch, UsageAsked: true, asked))
            .WriteWhole([new TextDelta("a"), new UsageReported(SomeUsage), new Finished(FinishReason.Length)], output);

        Encoding
            .UTF8.GetString(output.WrittenSpan)
            .ShouldBe(
                """
                {"id":"resp_x","object":"response","created_at":0,"status":"incomplete","background":false,"error":null,"incomplete_details":{"reason":"max_output_tokens"},"model":"m",
                "output":[{"id":"msg_resp_x_0","type":"message","status":"incomplete","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"a"}],"role":"assistant"}],
                "instructions":"s","max_output_tokens":null,"max_tool_calls":null,"parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},
                "safety_identifier":null,"service_tier":"default","temperature":0.5,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[{"type":"function","name":"f"}],"top_logprobs":0,"top_p":1,
                "truncation":"disabled","user":null,"metadata":{"a":"b"},"store":false,
                "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":0},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":16}}
                """.ReplaceLineEndings("")
            );
    }

    [Theory]
    [InlineData(true, "response.completed", "\"incomplete_details\":null")]
    [InlineData(false, "response.incomplete", "\"incomplete_details\":{\"reason\":\"content_filter\"}")]
    public void Refusal_WithoutWords_WasAFilter(bool words, string name, string details)
    {
        var frames = words
            ? Written(new RefusalDelta("no"), new Finished(FinishReason.Refusal))
            : Written(new Finished(FinishReason.Refusal));

        frames[^1].ShouldStartWith(name + " ");
        frames[^1].ShouldContain(details);
    }

    [Fact]
    public void Logprobs_AreOneListOfTheirText()
    {
        using var some = JsonDocument.Parse("""{"content":[{"token":"a","logprob":-1}]}""");
        using var more = JsonDocument.Parse("""{"content":[{"token":"b","logprob":-2}]}""");

        var frames = Written(
            new TextDelta("a"),
            new LogprobsReported(some.RootElement),
            new TextDelta("b"),
            new LogprobsReported(more.RootElement),
            new Finished(FinishReason.Stop)
        );

        frames[^1].ShouldContain("""[{"token":"a","logprob":-1},{"token":"b","logprob":-2}]""");
    }

    private static List<string> Written(params AnswerEvent[] events)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Wire.Codec.WriteAnswer(new AnswerIdentity("resp_x", "m", DateTimeOffset.UnixEpoch, UsageAsked: true));
        foreach (var answerEvent in events)
        {
            writer.WriteFrames(answerEvent, output);
        }

        writer.WriteEnd(output);
        return
        [
            .. Encoding
                .UTF8.GetString(output.WrittenSpan)
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(f => f["event: ".Length..].Replace("\ndata: ", " ", StringComparison.Ordinal)),
        ];
    }

    private static List<AnswerEvent> Read(params string[] frames)
    {
        var events = new List<AnswerEvent>();
        var reader = Wire.Codec.ReadAnswer(TestTargets.DialectOf(WireKind.OpenAiResponses));
        foreach (var frame in frames)
        {
            var data = Encoding.UTF8.GetBytes(frame);
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        return events;
    }
}
