using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Calls;

namespace Sluice.Tests.Client;

/// <summary>What a provider answers, as the types of Microsoft.Extensions.AI and what rides along with them; streamed or not, stored or not.</summary>
public sealed class AnswerContentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Citations_AreAnnotationsOfTheTextThatRestsOnThem(bool stream)
    {
        var response = await AnsweredAsync("anthropic-messages", "citations", stream);

        var message = response.Messages.Single();
        message.Text.ShouldBe("It is blue and high.");
        var citations = message.Contents.SelectMany(c => c.Annotations ?? []).Cast<CitationAnnotation>().ToList();
        citations.Select(c => (c.Title, c.Snippet)).ShouldBe([("Sky", "The sky is blue."), (null, "high"), (null, "very high")]);
        citations[0].RawRepresentation.ShouldBeOfType<JsonElement>().GetProperty("type").GetString().ShouldBe("char_location");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Citations_OfResponses_HaveAddressFileAndPlace(bool stream)
    {
        var response = await AnsweredAsync("openai-responses", "citations", stream);

        var citations = response.Messages.Single().Contents.SelectMany(c => c.Annotations ?? []).Cast<CitationAnnotation>().ToList();
        citations
            .Select(c => (c.Title, c.Url?.OriginalString, c.FileId))
            .ShouldBe([("A", "https://a.example", null), ("b.pdf", null, "file_1")]);
        var region = citations[0].AnnotatedRegions!.Cast<TextSpanAnnotatedRegion>().Single();
        (region.StartIndex, region.EndIndex).ShouldBe((6, 10));
    }

    [Theory]
    [InlineData("anthropic-messages", false)]
    [InlineData("anthropic-messages", true)]
    [InlineData("openai-responses", false)]
    [InlineData("openai-responses", true)]
    public async Task ServerTools_AreTheContentsThatComeNearest(string wire, bool stream)
    {
        var contents = Stored((await AnsweredAsync(wire, "server-tool", stream)).Messages).Single().Contents;

        var code = contents.OfType<CodeInterpreterToolCallContent>().Single();
        Encoding.UTF8.GetString(code.Inputs!.OfType<DataContent>().Single().Data.Span).ShouldBe("print(1)");
        var result = contents.OfType<CodeInterpreterToolResultContent>().Single();
        result.CallId.ShouldBe(code.CallId);
        result.Outputs!.OfType<TextContent>().Single().Text.ShouldStartWith("1");
        contents.OfType<WebSearchToolCallContent>().Single().Queries.ShouldBe(["sky"]);
        contents
            .OfType<WebSearchToolResultContent>()
            .Single()
            .Outputs!.OfType<UriContent>()
            .Single()
            .Uri.ShouldBe(new Uri("https://a.example"));
    }

    [Fact]
    public async Task McpCallsAndImages_AreContentsOfTheirOwn()
    {
        var contents = (await AnsweredAsync("openai-responses", "server-tool", stream: false)).Messages.Single().Contents;

        var call = contents.OfType<McpServerToolCallContent>().Single();
        (call.Name, call.ServerName, call.Arguments!["q"]!.ToString()).ShouldBe(("find", "docs", "1"));
        contents.OfType<McpServerToolResultContent>().Single().Outputs!.OfType<TextContent>().Single().Text.ShouldBe("found");
        var image = contents.OfType<ImageGenerationToolResultContent>().Single().Outputs!.OfType<DataContent>().Single();
        image.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Approval_IsAskedForAndGiven()
    {
        var script = ProviderScript.All["openai-responses"];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        const string Request =
            """{"type":"mcp_approval_request","id":"mcpr_1","server_label":"docs","name":"write","arguments":"{\"a\":1}"}""";
        route.Server.Answer = Encoding.UTF8.GetBytes(script.Whole(JsonElement.Parse($"[{Request}]"), "completed"));
        List<ChatMessage> messages = [new(ChatRole.User, "go")];

        messages.AddRange(
            (await route.Client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken)).Messages
        );
        var request = messages[^1].Contents.OfType<ToolApprovalRequestContent>().Single();
        messages.Add(new ChatMessage(ChatRole.User, [request.CreateResponse(approved: false, "not now")]));
        var response = await route.Client.GetResponseAsync(Stored(messages), cancellationToken: TestContext.Current.CancellationToken);

        request.ToolCall.ShouldBeOfType<McpServerToolCallContent>().Name.ShouldBe("write");
        var input = route.Server.Requests[^1].GetProperty("input");
        input[1].GetRawText().ShouldBe(Request);
        input[2]
            .GetRawText()
            .ShouldBe("""{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"reason":"not now"}""");
        response.GetReceipt()!.Degradations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_IsOneErrorContent(bool stream)
    {
        var contents = (await AnsweredAsync("openai-chat", "refusal", stream)).Messages.Single().Contents;

        var refusal = contents.OfType<ErrorContent>().Single();
        (refusal.ErrorCode, refusal.Message).ShouldBe(("Refusal", "I cannot"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logprobs_AreOneListForTheWholeAnswer(bool stream)
    {
        await using var route = await LibraryRoute.StartAsync("openai", "gpt-4o-mini");
        const string First =
            """{"content":[{"token":"a","logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-1.5}]}]}""";
        const string Second = """{"content":[{"token":"c","logprob":-0.25,"top_logprobs":[]}]}""";
        (route.Server.AnswerType, route.Server.Answer) = stream
            ? (
                "text/event-stream",
                ProviderScript.Events(
                    [
                        $$"""{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"logprobs":{{First}} }]}""",
                        $$"""{"id":"c","choices":[{"index":0,"delta":{"content":"c"},"logprobs":{{Second}},"finish_reason":"stop"}]}""",
                    ],
                    "data: [DONE]\n\n"
                )
            )
            : (
                "application/json",
                Encoding.UTF8.GetBytes(
                    """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ac"},"logprobs":{"content":[{"token":"a","logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-1.5}]},{"token":"c","logprob":-0.25,"top_logprobs":[]}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""
                )
            );

        var response = Stored(await AskAsync(route, new ChatOptions { TopLogprobs = 2 }, stream));

        var tokens = response.GetLogprobs()!;
        tokens.Select(t => (t.Token, t.Logprob)).ShouldBe([("a", -0.5), ("c", -0.25)]);
        tokens[0].TopLogprobs.Select(t => t.Token).ShouldBe(["a", "b"]);
        route.Server.Requests.Single().GetProperty("logprobs").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_HasWhatTheTypesHaveAMemberForAndTheRest(bool stream)
    {
        await using var route = await LibraryRoute.StartAsync("anthropic", "claude-sonnet-4-6");
        const string Usage =
            """{"input_tokens":5,"cache_read_input_tokens":20,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":3,"server_tool_use":{"web_search_requests":2}}""";
        (route.Server.AnswerType, route.Server.Answer) = stream
            ? (
                "text/event-stream",
                ProviderScript.Events([
                    $$$"""{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"usage":{{{Usage}}}}}""",
                    """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"hi"}}""",
                    """{"type":"content_block_stop","index":0}""",
                    $$$"""{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{{{Usage}}}}""",
                    """{"type":"message_stop"}""",
                ])
            )
            : (
                "application/json",
                Encoding.UTF8.GetBytes(
                    $$"""{"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],"stop_reason":"stop_sequence","stop_sequence":"END","usage":{{Usage}}}"""
                )
            );

        var response = Stored(await AskAsync(route, null, stream));

        var usage = response.Usage!;
        (usage.InputTokenCount, usage.CachedInputTokenCount, usage.OutputTokenCount).ShouldBe((55, 20, 3));
        usage
            .AdditionalCounts!.OrderBy(c => c.Key)
            .Select(c => (c.Key, c.Value))
            .ShouldBe([("CacheWrite1hInputTokenCount", 20), ("CacheWriteInputTokenCount", 30), ("WebSearchRequestCount", 2)]);
        response.GetStopSequence().ShouldBe("END");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receipt_IsStoredWithTheAnswer(bool stream)
    {
        var response = await AnsweredAsync("anthropic-messages", "reasoning", stream);

        var receipt = response.GetReceipt()!;
        var stored = Stored(response).GetReceipt()!;

        response.AdditionalProperties!.Values.ShouldAllBe(v => v is JsonElement);
        stored.Target.ShouldBe("p/claude-sonnet-4-6");
        (stored.Call, stored.Cost, stored.Usage, stored.StartedAt).ShouldBe((receipt.Call, receipt.Cost, receipt.Usage, receipt.StartedAt));
        stored.Attempts.ShouldBe(receipt.Attempts);
        stored.Cost.Nano.ShouldBeGreaterThan(0);
        stored.Attempts.Single().Outcome.ShouldBe(AttemptOutcome.Completed);
    }

    [Fact]
    public async Task PausedTurn_SaysSo()
    {
        var script = ProviderScript.All["anthropic-messages"];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        route.Server.Answer = Encoding.UTF8.GetBytes(script.Whole(JsonElement.Parse("""[{"type":"text","text":"hi"}]"""), "pause_turn"));

        (await AskAsync(route, null, stream: false)).FinishReason.ShouldBe(ChatFinishReason.Paused);
    }

    [Fact]
    public async Task SpokenAnswer_IsSoundOnce_AndIsSpokenOfByItsId()
    {
        await using var route = await LibraryRoute.StartAsync("openai", "gpt-4o-audio-preview");
        route.Server.Answer = Encoding.UTF8.GetBytes(
            """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"audio_1","data":"UklGRg==","transcript":"Hello","expires_at":9}},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""
        );
        List<ChatMessage> messages = [new(ChatRole.User, "go")];

        messages.AddRange(
            (await route.Client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken)).Messages
        );
        messages.Add(new ChatMessage(ChatRole.User, "next"));
        var text = JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions);
        await route.Client.GetResponseAsync(Stored(messages), cancellationToken: TestContext.Current.CancellationToken);

        messages[1].Contents.OfType<DataContent>().Single().MediaType.ShouldBe("audio/wav");
        text.Split("UklGRg").Length.ShouldBe(2);
        route
            .Server.Requests[^1]
            .GetProperty("messages")[1]
            .GetRawText()
            .ShouldBe("""{"role":"assistant","content":"","audio":{"id":"audio_1"}}""");
    }

    [Theory]
    [InlineData("anthropic-messages", """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}""")]
    [InlineData("openai-responses", """{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"}""")]
    public async Task ResultOfATool_MayHoldAnImage_AlsoWhenStored(string wire, string image)
    {
        var script = ProviderScript.All[wire];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        route.Server.Answer = Encoding.UTF8.GetBytes(
            script.Whole(ConversationCells.All.First(c => c.Wire == wire).Answer!.Value, "end_turn")
        );
        List<AIContent> seen = [new TextContent("seen"), new DataContent("data:image/png;base64,iVBORw0KGgo=")];
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "go"),
            new(ChatRole.Assistant, [new FunctionCallContent("call_1", "look", new Dictionary<string, object?>())]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", seen)]),
        ];

        await route.Client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken);
        await route.Client.GetResponseAsync(Stored(messages), cancellationToken: TestContext.Current.CancellationToken);

        route.Server.Requests[0].GetRawText().ShouldContain(image);
        route.Server.Requests[1].GetRawText().ShouldBe(route.Server.Requests[0].GetRawText());
    }

    [Fact]
    public async Task Arguments_ThatAreNoObject_GoBackAsTheModelWroteThem()
    {
        var script = ProviderScript.All["openai-chat"];
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        var answer = JsonElement.Parse(
            """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}"""
        );
        route.Server.Answer = Encoding.UTF8.GetBytes(script.Whole(answer, "tool_calls"));
        List<ChatMessage> messages = [new(ChatRole.User, "go")];

        messages.AddRange(
            (await route.Client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken)).Messages
        );
        messages[1].Contents.OfType<FunctionCallContent>().Single().Exception.ShouldBeAssignableTo<JsonException>();
        messages.Add(
            new ChatMessage(
                ChatRole.Tool,
                [new FunctionResultContent("call_1", null) { Exception = new InvalidOperationException("no object") }]
            )
        );
        await route.Client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken);

        var sent = route.Server.Requests[^1].GetProperty("messages");
        sent[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("{\"a\":");
        sent[2].GetProperty("content").GetString().ShouldBe("error: no object");
    }

    private static async Task<ChatResponse> AnsweredAsync(string wire, string ability, bool stream)
    {
        var script = ProviderScript.All[wire];
        var cell = ConversationCells.All.Single(c => c.Wire == wire && c.Ability == ability);
        await using var route = await LibraryRoute.StartAsync(script.Preset, script.Model);
        (route.Server.AnswerType, route.Server.Answer) = stream
            ? (script.StreamType, script.Stream(cell.Answer!.Value, cell.Finish))
            : ("application/json", Encoding.UTF8.GetBytes(script.Whole(cell.Answer!.Value, cell.Finish)));
        return await AskAsync(route, null, stream);
    }

    private static Task<ChatResponse> AskAsync(LibraryRoute route, ChatOptions? options, bool stream) =>
        stream
            ? route
                .Client.GetStreamingResponseAsync("go", options, TestContext.Current.CancellationToken)
                .ToChatResponseAsync(TestContext.Current.CancellationToken)
            : route.Client.GetResponseAsync("go", options, TestContext.Current.CancellationToken);

    private static T Stored<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
}
