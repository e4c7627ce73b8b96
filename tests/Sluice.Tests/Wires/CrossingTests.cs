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

/// <summary>A request crosses from one wire to the other: what becomes of each part of it, and what is reported as lost.</summary>
public sealed class CrossingTests
{
    private static readonly WireTable Wires = new(new OpenAiChatWire(), new AnthropicWire());

    [Theory]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":2000}}""", "reasoning_effort", "\"low\"", "thinking.budget_tokens")]
    [InlineData("""{"thinking":{"type":"adaptive","display":"omitted"}}""", "reasoning_effort", null, "thinking.display")]
    [InlineData("""{"thinking":{"type":"disabled"}}""", "reasoning_effort", null, "")]
    [InlineData("""{"output_config":{"effort":"medium"}}""", "reasoning_effort", "\"medium\"", "")]
    [InlineData("""{"output_config":{"effort":"max"}}""", "reasoning_effort", "\"high\"", "output_config.effort")]
    [InlineData(
        """{"output_config":{"effort":"low","task_budget":{"total":9}}}""",
        "reasoning_effort",
        "\"low\"",
        "output_config.task_budget"
    )]
    [InlineData(
        """{"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}""",
        "response_format",
        """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""",
        ""
    )]
    [InlineData(
        """{"output_format":{"type":"json_schema","schema":{"type":"object"}}}""",
        "response_format",
        """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""",
        ""
    )]
    [InlineData("""{"context_management":{"edits":[]}}""", "context_management", null, "context_management")]
    [InlineData("""{"top_k":5}""", "top_k", null, "top_k")]
    [InlineData("""{"stop_sequences":["a","b","c","d","e",1]}""", "stop", """["a","b","c","d"]""", "stop_sequences")]
    [InlineData(
        """{"tools":[{"type":"code_execution_20250825","name":"code_execution"}],"tool_choice":{"type":"auto"}}""",
        "tool_choice",
        null,
        "tools.code_execution_20250825"
    )]
    [InlineData(
        """{"tools":[{"name":"f","input_schema":{},"cache_control":{"type":"ephemeral"}}]}""",
        "tool_choice",
        null,
        "cache_control"
    )]
    [InlineData(
        """{"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}""",
        "parallel_tool_calls",
        "false",
        ""
    )]
    public void MessagesToChat_Member(string members, string name, string? expected, string lost)
    {
        var (chat, degradations) = Cross(WireKind.AnthropicMessages, WithMessages(members), Thinker(WireKind.OpenAiChat));

        Raw(chat, name).ShouldBe(expected);
        string.Join(", ", degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Fact]
    public void MessagesToChat_ModelThatDoesNotReason_IsNotToldHowMuchTo()
    {
        var (chat, degradations) = Cross(
            WireKind.AnthropicMessages,
            WithMessages("""{"thinking":{"type":"enabled","budget_tokens":2000}}"""),
            TestTargets.Of(WireKind.OpenAiChat)
        );

        chat.TryGetProperty("reasoning_effort", out _).ShouldBeFalse();
        degradations.Single().ShouldBe(new Degradation("thinking.budget_tokens", "left out: the model does not reason"));
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":"The answer is"}""", """[{"role":"assistant","content":"The answer is"}]""", "prefill")]
    [InlineData(
        """{"role":"user","content":[{"type":"document","title":"Notes","source":{"type":"text","media_type":"text/plain","data":"a\nb"}},{"type":"text","text":"sum up"}]}""",
        """[{"role":"user","content":[{"type":"text","text":"Notes\n\na\nb"},{"type":"text","text":"sum up"}]}]""",
        ""
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"no","cache_control":{"type":"ephemeral"}},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}}]}]}""",
        """[{"role":"tool","tool_call_id":"t","content":"error: no"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]""",
        "cache_control, tool_result"
    )]
    [InlineData("""{"role":"system","content":"be brief"}""", """[{"role":"system","content":"be brief"}]""", "")]
    [InlineData(
        """{"role":"user","content":[{"type":"search_result","source":"s","title":"t","content":[]}]}""",
        """[{"role":"user","content":""}]""",
        "search_result"
    )]
    public void MessagesToChat_Message(string message, string expected, string lost)
    {
        var (chat, degradations) = Cross(
            WireKind.AnthropicMessages,
            $$"""{"model":"m","max_tokens":9,"messages":[{{message}}]}""",
            TestTargets.Of(WireKind.OpenAiChat)
        );

        Raw(chat, "messages").ShouldBe(expected);
        string.Join(", ", degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Fact]
    public void MessagesToChat_Thread_IsRefusedByTheCodeItsSdkUnderstands() =>
        Wires[WireKind.AnthropicMessages]
            .Codec.ReadRequest(Encoding.UTF8.GetBytes(WithMessages("""{"thread":{"type":"continue","id":"thread_1"}}""")))
            .RefusedElsewhere!.Code.ShouldBe("thread_unsupported_request");

    [Theory]
    [InlineData("""{"thread":{"type":"continue","id":"thread_1"}}""", "thread")]
    [InlineData("""{"thinking":{"type":"adaptive","display":"omitted"}}""", "thinking")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":2000,"display":"omitted"}}""", "thinking")]
    [InlineData("""{"output_config":{"effort":"max"}}""", "output_config")]
    [InlineData("""{"context_management":{"edits":[]}}""", "context_management")]
    public void MessagesToMessages_Member_IsKept(string members, string name)
    {
        var (messages, degradations) = Cross(WireKind.AnthropicMessages, WithMessages(members), Thinker(WireKind.AnthropicMessages));

        Raw(messages, name).ShouldBe(Raw(JsonDocument.Parse(members).RootElement, name));
        degradations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(ThinkingStyle.Adaptive), """{"thinking":{"type":"adaptive"}}""", """{"thinking":{"type":"adaptive"}}""", "")]
    [InlineData(
        nameof(ThinkingStyle.Adaptive),
        """{"thinking":{"type":"enabled","budget_tokens":5000,"display":"omitted"}}""",
        """{"output_config":{"effort":"medium"},"thinking":{"type":"adaptive","display":"omitted"}}""",
        "thinking.budget_tokens"
    )]
    [InlineData(nameof(ThinkingStyle.Adaptive), """{"thinking":{"type":"disabled"}}""", "{}", "")]
    [InlineData(
        nameof(ThinkingStyle.Budget),
        """{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}""",
        """{"thinking":{"type":"enabled","budget_tokens":1024}}""",
        "thinking"
    )]
    [InlineData(nameof(ThinkingStyle.Budget), """{"thinking":{"type":"disabled"}}""", """{"thinking":{"type":"disabled"}}""", "")]
    public void MessagesToMessages_Thinking_IsSaidAsTheModelTakesIt(string style, string members, string expected, string lost)
    {
        var thinker = Thinker(WireKind.AnthropicMessages);

        var (messages, degradations) = Cross(
            WireKind.AnthropicMessages,
            WithMessages(members),
            thinker with
            {
                Card = thinker.Card with { Thinking = Enum.Parse<ThinkingStyle>(style) },
            }
        );

        var said = messages
            .EnumerateObject()
            .Where(m => m.Name is "thinking" or "output_config")
            .Select(m => $"\"{m.Name}\":{m.Value.GetRawText()}");
        $"{{{string.Join(',', said)}}}".ShouldBe(expected);
        string.Join(", ", degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Theory]
    [InlineData("none", null, "")]
    [InlineData("minimal", """{"type":"adaptive","display":"summarized"}""", "reasoning_effort")]
    [InlineData("xhigh", """{"type":"adaptive","display":"summarized"}""", "")]
    public void ChatToMessages_Effort_IsAnEffortWhereTheModelTakesNoBudget(string effort, string? thinking, string lost)
    {
        var thinker = Thinker(WireKind.AnthropicMessages);

        var (messages, degradations) = Cross(
            WireKind.OpenAiChat,
            WithMessages($$"""{"reasoning_effort":"{{effort}}"}"""),
            thinker with
            {
                Card = thinker.Card with { Thinking = ThinkingStyle.Adaptive },
            }
        );

        Raw(messages, "thinking").ShouldBe(thinking);
        string.Join(", ", degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Theory]
    [InlineData(nameof(ThinkingStyle.Any), "adaptive", true)]
    [InlineData(nameof(ThinkingStyle.Any), "enabled", true)]
    [InlineData(nameof(ThinkingStyle.Adaptive), "adaptive", true)]
    [InlineData(nameof(ThinkingStyle.Adaptive), "enabled", false)]
    [InlineData(nameof(ThinkingStyle.Adaptive), "disabled", false)]
    [InlineData(nameof(ThinkingStyle.Budget), "adaptive", false)]
    [InlineData(nameof(ThinkingStyle.Budget), "enabled", true)]
    public void Messages_BodyPasses_UnlessTheModelIsToldToThinkInAnotherWay(string style, string type, bool passes)
    {
        var wire = Wires[WireKind.AnthropicMessages];
        var thinker = Thinker(WireKind.AnthropicMessages);

        wire.Passes(
                wire.ReadHead(Encoding.UTF8.GetBytes(WithMessages($$$"""{"thinking":{"type":"{{{type}}}"}}"""))),
                thinker with
                {
                    Card = thinker.Card with { Thinking = Enum.Parse<ThinkingStyle>(style) },
                }
            )
            .ShouldBe(passes);
    }

    [Theory]
    [InlineData("""{"n":1,"frequency_penalty":0,"presence_penalty":0,"store":false,"logprobs":false}""", "n", null, "")]
    [InlineData("""{"n":2,"seed":0,"frequency_penalty":0.5}""", "n", null, "seed, frequency_penalty, n")]
    [InlineData("""{"tools":[{"type":"custom","custom":{"name":"c"}}]}""", "tools", null, "tools.custom")]
    [InlineData("""{"tool_choice":{"type":"allowed_tools","allowed_tools":{}}}""", "tool_choice", null, "tool_choice.allowed_tools")]
    [InlineData("""{"stop":["a",1,null]}""", "stop_sequences", """["a"]""", "")]
    [InlineData("""{"reasoning_effort":"low"}""", "thinking", """{"type":"enabled","budget_tokens":1024}""", "reasoning_effort")]
    [InlineData("""{"reasoning_effort":"none"}""", "thinking", null, "")]
    [InlineData("""{"reasoning_effort":"high","max_tokens":5000}""", "thinking", null, "reasoning_effort")]
    [InlineData("""{"reasoning_effort":"low","temperature":0.2}""", "temperature", null, "reasoning_effort, temperature")]
    [InlineData(
        """{"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required"}""",
        "thinking",
        null,
        "reasoning_effort"
    )]
    public void ChatToMessages_Member(string members, string name, string? expected, string lost)
    {
        var (messages, degradations) = Cross(WireKind.OpenAiChat, WithMessages(members), Thinker(WireKind.AnthropicMessages));

        Raw(messages, name).ShouldBe(expected);
        string.Join(", ", degradations.Select(d => d.Feature)).ShouldBe(lost);
    }

    [Fact]
    public void ChatToMessages_ResultsOfToolsWithoutSignedThinking_AreAnsweredWithoutThinking()
    {
        var (messages, degradations) = Cross(
            WireKind.OpenAiChat,
            """{"model":"m","reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"functions.f:0","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"functions.f:0","content":"r"}]}""",
            Thinker(WireKind.AnthropicMessages)
        );

        messages.TryGetProperty("thinking", out _).ShouldBeFalse();
        degradations.Single().Feature.ShouldBe("reasoning_effort");
        Raw(messages, "messages")
            .ShouldBe(
                """[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"tool_use","id":"functions_f_0","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"functions_f_0","content":[{"type":"text","text":"r"}]}]}]"""
            );
    }

    [Theory]
    [InlineData("""{"role":"user","name":"bob","content":"hi"}""", """[{"type":"text","text":"hi"}]""", "messages.name")]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"text","text":""}]}""",
        """[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]""",
        ""
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"high"}}]}""",
        """[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]""",
        "messages.image_url.detail"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}""",
        """[{"type":"text","text":"a"}]""",
        "input_audio"
    )]
    public void ChatToMessages_Message(string message, string expected, string lost)
    {
        var (messages, degradations) = Cross(
            WireKind.OpenAiChat,
            $$"""{"model":"m","messages":[{{message}},{"role":"assistant","content":""},{"role":"assistant","reasoning_content":"hm"}]}""",
            TestTargets.Of(WireKind.AnthropicMessages)
        );

        Raw(messages.GetProperty("messages").EnumerateArray().Single(), "content").ShouldBe(expected);
        degradations.Select(d => d.Feature).Where(f => f != "reasoning").ShouldBe(lost.Length == 0 ? [] : [lost]);
    }

    private static string WithMessages(string members) => """{"model":"m","messages":[{"role":"user","content":"q"}],""" + members[1..];

    private static Target Thinker(WireKind wire) =>
        TestTargets.Of(wire) with
        {
            Card = ModelCard.OfLocal("p", "model") with { Reasoning = true },
        };

    private static string? Raw(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetRawText() : null;

    private static (JsonElement Body, List<Degradation> Degradations) Cross(WireKind from, string body, Target target)
    {
        var degradations = new List<Degradation>();
        var output = new ArrayBufferWriter<byte>();
        var request = Wires[from].Codec.ReadRequest(Encoding.UTF8.GetBytes(body));
        Wires[target.Wire].Codec.WriteRequest(request, target, degradations, output);
        return (JsonDocument.Parse(output.WrittenMemory).RootElement, degradations);
    }
}
