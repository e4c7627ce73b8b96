using System.Text;
using Sluice.Calls;
using Sluice.Wires;
using Sluice.Wires.OpenAiChat;
using Sluice.Wires.Records;

namespace Sluice.Tests.Wires;

/// <summary>What is odd in one vendor's answers is read as any other answer.</summary>
public sealed class VendorAnswerTests
{
    [Theory]
    [InlineData("openai", """{"content":"a","reasoning":null,"tool_calls":null}""", "stop", "TextDelta Finished:Stop")]
    [InlineData("nvidia", """{"content":null,"tool_calls":[]}""", "stop", "Finished:Stop")]
    [InlineData(
        "groq",
        """{"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        "tool_calls",
        "ToolCallStarted ToolArgumentsDelta Finished:ToolCalls"
    )]
    [InlineData(
        "cerebras",
        """{"reasoning":"hm","content":"a","tool_calls":[{"id":"85e4fd267","type":"function","function":{"name":"f","arguments":"{}"}}]}""",
        "tool_calls",
        "ReasoningDelta TextDelta ToolCallStarted ToolArgumentsDelta Finished:ToolCalls"
    )]
    [InlineData("mistral", """{"content":"a"}""", "model_length", "TextDelta Finished:Length")]
    [InlineData("together", """{"content":"a"}""", "eos", "TextDelta Finished:Stop")]
    [InlineData("openai", """{"content":null,"refusal":"no"}""", "stop", "RefusalDelta Finished:Refusal")]
    [InlineData("azure", """{"content":"a"}""", "content_filter", "TextDelta Finished:Refusal")]
    [InlineData("deepseek", """{"content":"a","reasoning_content":"hm"}""", "stop", "ReasoningDelta TextDelta Finished:Stop")]
    [InlineData("deepseek", """{"content":"a","reasoning":"not its member"}""", "stop", "TextDelta Finished:Stop")]
    [InlineData(
        "venice",
        """{"content":"a","reasoning_content":null,"annotations":null,"audio":null,"function_call":null,"name":null,"refusal":null,"tool_calls":[]}""",
        "stop",
        "TextDelta Finished:Stop"
    )]
    public void Message_IsRead(string vendor, string message, string reason, string expected) =>
        Names(Whole(vendor, message, reason)).ShouldBe(expected);

    [Theory]
    [InlineData("""{"id":"","type":"function","function":{"name":"f","arguments":"{}"}}""")]
    [InlineData("""{"id":"c","type":"custom","custom":{"name":"f","input":"x"}}""")]
    [InlineData("""{"id":"c","type":"custom","function":{"name":"f","arguments":"{}"}}""")]
    [InlineData("""{"id":"c","type":"function","function":{"name":"","arguments":"{}"}}""")]
    [InlineData("""{"id":"c","type":"function","function":{"name":"f","arguments":7}}""")]
    public void CallThatIsNone_IsLeftOutAndNamed_TheTextStays(string call)
    {
        var events = Whole("openai", $$"""{"content":"a","tool_calls":[{{call}}]}""", "stop");

        events.OfType<ToolCallStarted>().ShouldBeEmpty();
        events.OfType<TextDelta>().Single().Text.ShouldBe("a");
        events.OfType<Omitted>().Count().ShouldBe(1);
        events.OfType<Finished>().Single().Reason.ShouldBe(FinishReason.Stop);
    }

    [Fact]
    public void CallWithoutAnId_GetsOne()
    {
        var events = Whole("openai", """{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}""", "stop");

        events.OfType<ToolCallStarted>().Single().ShouldBe(new ToolCallStarted(0, "call_0", "f"));
        events.OfType<ToolArgumentsDelta>().Single().Json.ShouldBe("""{"a":1}""");
        events.OfType<Finished>().Single().Reason.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public void CallsThatAllCountAsTheFirst_AreToldApartByTheirIds()
    {
        var events = Frames(
            "openai",
            """{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}""",
            """{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}]}}"""
        );

        WholeMessage.Of(events).Calls.Select(c => (c.Id, c.Name, c.Arguments)).ShouldBe([("a", "f", "{}"), ("b", "g", "{}")]);
    }

    [Theory]
    [InlineData(
        """[{"function":{"name":"f","arguments":"{}"}}]""",
        """[{"function":{"name":"f","arguments":"{\"a\":1}"}}]""",
        "f {}, f {\"a\":1}"
    )]
    [InlineData("""[{"function":{"name":"f","arguments":"{}"}},{"function":{"name":"g"}}]""", "[]", "f {}, g ")]
    [InlineData("""[{"id":"a","function":{"name":"f","arguments":"{\"a\""}}]""", """[{"function":{"arguments":":1}"}}]""", "f {\"a\":1}")]
    [InlineData(
        """[{"id":"a","function":{"name":"f","arguments":"{"}},{"id":"b","function":{"name":"g","arguments":"{"}}]""",
        """[{"id":"a","function":{"name":"f","arguments":"}"}},{"id":"b","function":{"arguments":"}"}}]""",
        "f {}, g {}"
    )]
    public void CallsThatNobodyCounts_AreToldApartByIdsAndNames(string first, string second, string expected)
    {
        var events = Frames("openai", $$$"""{"delta":{"tool_calls":{{{first}}}}}""", $$$"""{"delta":{"tool_calls":{{{second}}}}}""");

        string.Join(", ", WholeMessage.Of(events).Calls.Select(c => $"{c.Name} {c.Arguments}")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""a\ud83c""", """\udf89b""", "a\U0001F389b")]
    [InlineData("""a\ud83c""", """\n\u00e9\"\\/""", "a~\n\u00e9\"\\/")]
    [InlineData("a", """\ud83c\t\r\b\f""", "a~\t\r\b\f")]
    public void TextCutInTheMiddleOfACharacter_IsReadOn(string first, string second, string expected)
    {
        var events = Frames("openai", $$$"""{"delta":{"content":"{{{first}}}"}}""", $$$"""{"delta":{"content":"{{{second}}}"}}""");

        // No attribute can hold half a character.
        WholeMessage.Of(events).Text.ShouldBe(expected.Replace("~", "\ud83c", StringComparison.Ordinal));
    }

    [Fact]
    public void TextThatIsNoUtf8_IsReadWithMarks()
    {
        var events = new List<AnswerEvent>();
        byte[] body = [.. "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a"u8, 0xFF, .. "b\"},\"finish_reason\":\"stop\"}]}"u8];

        new OpenAiChatWire().Codec.ReadAnswer(TestTargets.Named("openai")).ReadWhole(body, events);

        WholeMessage.Of(events).Text.ShouldBe("a\uFFFDb");
    }

    [Fact]
    public void AnswerWithoutAChoice_IsNone() =>
        Should
            .Throw<ProviderException>(() =>
                new OpenAiChatWire()
                    .Observe(new CallFeatures(), TestTargets.Named("groq"))
                    .ObserveWhole("""{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":0}}"""u8)
            )
            .Failure.ShouldBe(FailureClass.Drift);

    [Fact]
    public void Perplexity_SearchResults_AreSourcesOnce()
    {
        const string Found =
            """{"citations":["https://a","https://b"],"search_results":[{"title":"A","url":"https://a","snippet":"x"},{"title":"B","url":"https://b","snippet":"y"}]""";
        var events = new List<AnswerEvent>();
        var reader = new OpenAiChatWire().Codec.ReadAnswer(TestTargets.Named("perplexity"));
        foreach (var finish in (string[])["null", "\"stop\""])
        {
            var data = Encoding.UTF8.GetBytes(
                Found + """,  "choices":[{"index":0,"delta":{"content":"a"},"message":{"content":"aa"},"finish_reason":""" + finish + "}]}"
            );
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        events
            .OfType<Cited>()
            .Select(c => (c.Citation.Url, c.Citation.Title, c.Citation.Quote))
            .ShouldBe([("https://a", "A", "x"), ("https://b", "B", "y")]);
        WholeMessage.Of(events).Text.ShouldBe("aa");
    }

    [Fact]
    public void Groq_SearchItRan_IsSources_CodeItRanIsNamed()
    {
        var events = Whole(
            "groq",
            """{"content":"a","executed_tools":[{"type":"search","search_results":{"results":[{"title":"A","url":"https://a","content":"x"},{"title":"B","url":"https://b","content":"y"}]}},{"type":"python","arguments":"{}","output":"4"}]}""",
            "stop"
        );

        events.OfType<Cited>().Select(c => c.Citation.Url).ShouldBe(["https://a", "https://b"]);
        events.OfType<Omitted>().Single().Feature.ShouldBe("executed_tools");
    }

    [Fact]
    public void Logprobs_AreReportedAndWrittenAgain()
    {
        const string Logprobs = """{"content":[{"token":"a","logprob":-0.1,"bytes":[97],"top_logprobs":[]}],"refusal":null}""";
        var events = Frames("openai", """{"delta":{"content":"a"},"finish_reason":"stop","logprobs":""" + Logprobs + "}");
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();

        new OpenAiChatWire().Codec.WriteAnswer(new AnswerIdentity("i", "m", DateTimeOffset.UnixEpoch, true)).WriteWhole(events, bytes);

        Encoding.UTF8.GetString(bytes.WrittenSpan).ShouldContain($"\"logprobs\":{Logprobs}");
    }

    private static string Names(IEnumerable<AnswerEvent> events) =>
        string.Join(' ', events.Select(e => e is Finished finished ? $"Finished:{finished.Reason}" : e.GetType().Name));

    private static List<AnswerEvent> Whole(string vendor, string message, string reason)
    {
        var events = new List<AnswerEvent>();
        new OpenAiChatWire()
            .Codec.ReadAnswer(TestTargets.Named(vendor))
            .ReadWhole(
                Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"message":{{message}},"finish_reason":"{{reason}}"}]}"""),
                events
            );
        return events;
    }

    private static List<AnswerEvent> Frames(string vendor, params string[] choices)
    {
        var events = new List<AnswerEvent>();
        var reader = new OpenAiChatWire().Codec.ReadAnswer(TestTargets.Named(vendor));
        foreach (var choice in choices)
        {
            var data = Encoding.UTF8.GetBytes($$"""{"choices":[{{choice}}]}""");
            reader.ReadFrame(new Frame { Length = data.Length, Data = data }, events);
        }

        return events;
    }
}
