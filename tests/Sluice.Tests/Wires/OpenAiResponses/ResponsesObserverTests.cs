using System.Text;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.OpenAiResponses;

namespace Sluice.Tests.Wires.OpenAiResponses;

/// <summary>What the wire really does, one trap a row: read whole and one byte at a time.</summary>
public sealed class ResponsesObserverTests
{
    private const string Created =
        """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","model":"m","output":[],"error":null,"usage":null}}""";
    private const string InProgress =
        """{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1","status":"in_progress","output":[],"usage":null}}""";

    /// <summary>name, events, marks of each, "input/output", finish, terminated.</summary>
    public static TheoryData<string, string[], string, string, string?, bool> Traps() =>
        new()
        {
            {
                "starts of response, item and part do not commit",
                [
                    Created,
                    InProgress,
                    """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
                    """{"type":"response.content_part.added","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"text":""}}""",
                ],
                "None, None, None, None",
                "-",
                null,
                false
            },
            {
                "the start of a call does not commit, its arguments do",
                [
                    """{"type":"response.output_item.added","output_index":0,"item":{"id":"fc_1","type":"function_call","arguments":"","call_id":"c","name":"f"}}""",
                    """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"{}","obfuscation":"abc"}""",
                ],
                "None, Content",
                "-",
                null,
                false
            },
            {
                "type comes last",
                ["""{"delta":"a","item_id":"m","output_index":0,"logprobs":[],"type":"response.output_text.delta"}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "padding and empty pieces are no content",
                ["""{"type":"response.output_text.delta","delta":"","obfuscation":"abcdefgh","logprobs":[]}"""],
                "None",
                "-",
                null,
                false
            },
            {
                "refusal, reasoning and citation are content",
                [
                    """{"type":"response.refusal.delta","delta":"no"}""",
                    """{"type":"response.reasoning_summary_text.delta","delta":"hm"}""",
                    """{"type":"response.reasoning_text.delta","delta":"hm"}""",
                    """{"type":"response.output_text.annotation.added","annotation":{"type":"url_citation","url":"https://example.org"}}""",
                ],
                "Content, Content, Content, Content",
                "-",
                null,
                false
            },
            {
                "states of a search are none, the call itself is content",
                [
                    """{"type":"response.output_item.added","output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"in_progress"}}""",
                    """{"type":"response.web_search_call.searching","item_id":"ws_1","output_index":0}""",
                    """{"type":"response.output_item.done","output_index":0,"item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}}""",
                ],
                "None, None, Content",
                "-",
                null,
                false
            },
            {
                "reasoning without a word is none, encrypted it is content",
                [
                    """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
                    """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_2","type":"reasoning","summary":[],"encrypted_content":"gAAA"}}""",
                ],
                "None, Content",
                "-",
                null,
                false
            },
            {
                "an image comes in pieces",
                ["""{"type":"response.image_generation_call.partial_image","partial_image_b64":"iVBO"}"""],
                "Content",
                "-",
                null,
                false
            },
            {
                "too many requests, under a 200",
                [
                    Created,
                    InProgress,
                    """{"type":"error","sequence_number":2,"error":{"type":"tokens","code":"rate_limit_exceeded","message":"Request too large","param":null}}""",
                ],
                "None, None, Error",
                "-",
                null,
                false
            },
            {
                "a failure that only the response tells",
                [
                    """{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"sorry"},"usage":{"input_tokens":3,"output_tokens":0}}}""",
                ],
                "Error",
                "3/0",
                null,
                false
            },
            {
                "an error without a code",
                ["""{"type":"error","error":{"type":"server_error","code":null,"message":"Sorry","param":null},"sequence_number":2}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "an error that is flat",
                ["""{"type":"error","code":"server_error","message":"Sorry","param":null,"sequence_number":2}"""],
                "Error",
                "-",
                null,
                false
            },
            {
                "cut by its limit",
                [
                    """{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[],"usage":{"input_tokens":83,"input_tokens_details":{"cached_tokens":2},"output_tokens":16}}}""",
                ],
                "Finish, End",
                "83/16",
                "max_output_tokens",
                true
            },
            {
                "complete, and openrouter's last word after it",
                [
                    """{"type":"response.completed","response":{"id":"resp_1","status":"completed","incomplete_details":null,"output":[],"usage":{"input_tokens":3,"output_tokens":2}}}""",
                    "[DONE]",
                ],
                "Finish, End, End",
                "3/2",
                "completed",
                true
            },
            { "an unknown event", ["""{"type":"response.brand_new","payload":{"deep":[1,2]}}"""], "None", "-", null, false },
            { "not JSON", ["{\"broken\":"], "Malformed", "-", null, false },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Trap_IsRead(string name, string[] events, string marks, string usage, string? finish, bool terminated)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(events.Select(e => $": keepalive\n\nevent: x\ndata: {e}\n\n")));
        foreach (var chunk in new[] { body.Length, 1 })
        {
            var facts = new ResponsesObserver();
            var seen = Read(body, chunk, facts).Where((_, i) => i % 2 == 1);

            string.Join(", ", seen).ShouldBe(marks, name);
            (facts.Usage is { } u ? $"{u.InputTokens}/{u.OutputTokens}" : "-").ShouldBe(usage, name);
            facts.FinishReason.ShouldBe(finish, name);
            facts.Terminated.ShouldBe(terminated, name);
        }
    }

    [Theory]
    [InlineData(
        """{"type":"tokens","code":"rate_limit_exceeded","message":"Request too large for gpt-4o on tokens per min (TPM): Limit 1, Requested 30."}""",
        FailureClass.RateLimited
    )]
    [InlineData(
        """{"type":"insufficient_quota","code":"insufficient_quota","message":"You exceeded your current quota"}""",
        FailureClass.Exhausted
    )]
    [InlineData("""{"type":"server_error","code":null,"message":"Sorry, something went wrong."}""", FailureClass.Transient)]
    public void Error_InTheStream_HasItsClass(string error, FailureClass expected)
    {
        var facts = new ResponsesObserver();

        Read(Encoding.UTF8.GetBytes($"data: {{\"type\":\"error\",\"error\":{error}}}\n\n"), 4096, facts);
        var unnamed = new ResponsesObserver();
        Read(Encoding.UTF8.GetBytes($"data: {{\"error\":{error}}}\n\n"), 4096, unnamed);

        facts.Error!.Failure.ShouldBe(expected);
        unnamed.Error!.Failure.ShouldBe(expected);
    }

    [Fact]
    public void Usage_OfXai_HasItsChargeAndItsCache()
    {
        var facts = new ResponsesObserver();

        facts.ObserveWhole(
            """{"object":"response","status":"completed","output":[],"usage":{"input_tokens":359,"input_tokens_details":{"cached_tokens":128,"cache_write_tokens":7},"output_tokens":210,"output_tokens_details":{"reasoning_tokens":189},"cost_in_usd_ticks":8393500,"num_sources_used":0}}"""u8
        );

        var usage = facts.Usage!;
        (usage.InputTokens, usage.CacheReadTokens, usage.CacheWriteTokens).ShouldBe((359, 128, 7));
        (usage.OutputTokens, usage.ReasoningTokens).ShouldBe((210, 189));
        usage.ReportedCost!.Value.Dollars.ShouldBe(0.00083935m);
    }

    [Theory]
    [InlineData(
        """{"output":[{"type":"web_search_call","action":{"query":"q","type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"}]""",
        2
    )]
    [InlineData("""{"tool_usage":{"image_gen":{"a":[1]},"web_search":{"num_requests":5}},"output":[{"type":"web_search_call"}]""", 5)]
    public void Searches_AreCounted(string response, int expected)
    {
        var facts = new ResponsesObserver();

        facts.ObserveWhole(Encoding.UTF8.GetBytes(response + ""","status":"completed","usage":{"input_tokens":1,"output_tokens":1}}"""));

        facts.Usage!.WebSearchRequests.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"id":"resp_1","status":"completed"}""", FailureClass.Drift)]
    [InlineData("""[]""", FailureClass.Drift)]
    [InlineData(
        """{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","message":"x"},"output":[]}""",
        FailureClass.RateLimited
    )]
    [InlineData("""{"error":{"type":"server_error","message":"x"}}""", FailureClass.Transient)]
    public void Whole_ThatIsNoAnswer_IsAFailure(string body, FailureClass expected) =>
        Should
            .Throw<ProviderException>(() => new ResponsesObserver().ObserveWhole(Encoding.UTF8.GetBytes(body)))
            .Failure.ShouldBe(expected);

    [Fact]
    public void KeptIds_AreThoseOfResponseAndItems_UnlessNothingIsKept()
    {
        var (kept, fleeting) = (new ResponsesObserver(), new ResponsesObserver());
        const string Answer =
            """{"id":"resp_1","status":"completed","store":STORE,"output":[{"id":"rs_1","type":"reasoning"},{"id":"msg_1","type":"message"}]}""";

        kept.ObserveWhole(Encoding.UTF8.GetBytes(Answer.Replace("STORE", "true", StringComparison.Ordinal)));
        fleeting.ObserveWhole(Encoding.UTF8.GetBytes(Answer.Replace("STORE", "false", StringComparison.Ordinal)));

        kept.KeptIds.ShouldBe(["resp_1", "rs_1", "msg_1"]);
        fleeting.KeptIds.ShouldBeEmpty();
    }

    [Fact]
    public void Queued_WorksOn()
    {
        var facts = new ResponsesObserver();

        facts.ObserveWhole("""{"id":"resp_1","status":"queued","background":true,"output":[],"usage":null}"""u8);

        facts.WorksOn.ShouldBeTrue();
    }

    private static List<FrameMarks> Read(byte[] body, int chunk, ResponsesObserver facts)
    {
        var framing = new ResponsesWire().Framing;
        var marks = new List<FrameMarks>();
        var (start, end) = (0, 0);
        while (end < body.Length)
        {
            end = Math.Min(body.Length, end + chunk);
            while (framing.TryRead(body.AsSpan(start..end), final: end == body.Length, out var frame))
            {
                marks.Add(facts.Observe(frame));
                start += frame.Length;
            }
        }

        return marks;
    }
}
