using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The Responses client is marked experimental; it is what callers use.

namespace Sluice.Gateway.Tests;

/// <summary>OpenAI's own .NET client of Responses against the gateway, before providers of three wires.</summary>
public sealed class ResponsesSdkTests
{
    private static readonly FunctionTool Weather = ResponseTool.CreateFunctionTool(
        "weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""),
        strictModeEnabled: false,
        "Tells the weather"
    );

    private static readonly FunctionTool Now = ResponseTool.CreateFunctionTool(
        "now",
        BinaryData.FromString("""{"type":"object","properties":{}}"""),
        strictModeEnabled: false,
        "Tells the time"
    );

    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    public static TheoryData<string> Upstreams => ["chat", "claude", "responses"];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Create_Plain_HasTextUsageAndStatus(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = Asking(route, "hello");
        options.Instructions = "be brief";

        ResponseResult answer = await Client(fixture).CreateResponseAsync(options);

        answer.GetOutputText().ShouldBe("You said: hello");
        answer.Status.ShouldBe(ResponseStatus.Completed);
        answer.Usage.OutputTokenCount.ShouldBe(4);
        answer.Usage.InputTokenCount.ShouldBeGreaterThan(0);
        answer.OutputItems.Single().ShouldBeAssignableTo<MessageResponseItem>()!.Status.ShouldBe(MessageStatus.Completed);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Stream_Plain_HasTheWholeGrammar(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var (text, names, numbers) = ("", new List<string>(), new List<int>());
        ResponseResult? completed = null;

        await foreach (var update in await Client(fixture).CreateResponseStreamingAsync(Streaming(Asking(route, "hello"))))
        {
            names.Add(update.GetType().Name);
            numbers.Add(update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            completed = (update as StreamingResponseCompletedUpdate)?.Response ?? completed;
        }

        text.ShouldBe("You said: hello");
        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        names
            .Where((n, i) => i == 0 || names[i - 1] != n)
            .ShouldBe([
                nameof(StreamingResponseCreatedUpdate),
                nameof(StreamingResponseInProgressUpdate),
                nameof(StreamingResponseOutputItemAddedUpdate),
                nameof(StreamingResponseContentPartAddedUpdate),
                nameof(StreamingResponseOutputTextDeltaUpdate),
                nameof(StreamingResponseOutputTextDoneUpdate),
                nameof(StreamingResponseContentPartDoneUpdate),
                nameof(StreamingResponseOutputItemDoneUpdate),
                nameof(StreamingResponseCompletedUpdate),
            ]);
        completed!.GetOutputText().ShouldBe("You said: hello");
        completed.Usage.OutputTokenCount.ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Tools_ParallelCallsAndResults_GoBothWays(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var client = Client(fixture);
        var options = Asking(route, "[tools] please", Weather, Now);

        ResponseResult asked = await client.CreateResponseAsync(options);
        var calls = asked.OutputItems.OfType<FunctionCallResponseItem>().ToList();
        foreach (var item in asked.OutputItems)
        {
            options.InputItems.Add(item);
        }

        foreach (var call in calls)
        {
            options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, $"{call.FunctionName} is fine"));
        }

        ResponseResult answered = await client.CreateResponseAsync(options);

        calls.Select(c => (c.FunctionName, c.FunctionArguments.ToString())).ShouldBe([("weather", """{"city":"text"}"""), ("now", "{}")]);
        answered.GetOutputText().ShouldBe("The tools said: weather is fine; now is fine");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Tools_Streamed_ArgumentsAddUp(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = Streaming(Asking(route, "go", Weather));
        options.ToolChoice = ResponseToolChoice.CreateFunctionChoice("weather");
        var (pieces, whole, name) = ("", "", "");

        await foreach (var update in await Client(fixture).CreateResponseStreamingAsync(options))
        {
            pieces += (update as StreamingResponseFunctionCallArgumentsDeltaUpdate)?.Delta;
            whole += (update as StreamingResponseFunctionCallArgumentsDoneUpdate)?.FunctionArguments;
            name += ((update as StreamingResponseOutputItemDoneUpdate)?.Item as FunctionCallResponseItem)?.FunctionName;
        }

        (name, pieces, whole).ShouldBe(("weather", """{"city":"text"}""", """{"city":"text"}"""));
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Image_ReachesTheProvider(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var message = ResponseItem.CreateUserMessageItem([
            ResponseContentPart.CreateInputTextPart("look"),
            ResponseContentPart.CreateInputImagePart(
                new Uri($"data:image/png;base64,{Convert.ToBase64String(Pixel)}"),
                ResponseImageDetailLevel.Auto
            ),
        ]);

        ResponseResult answer = await Client(fixture).CreateResponseAsync(new CreateResponseOptions(route, [message]));

        answer.GetOutputText().ShouldBe("You said: look I see 1 image.");
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    public async Task StructuredOutput_FitsItsSchema(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = Asking(route, "who?");
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                "person",
                BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}}}""")
            ),
        };

        ResponseResult answer = await Client(fixture).CreateResponseAsync(options);

        answer.GetOutputText().ShouldBe("""{"name":"text","age":42}""");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task OutputLimit_EndsIncomplete(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = Asking(route, "one two three four");
        options.MaxOutputTokenCount = 3;

        ResponseResult answer = await Client(fixture).CreateResponseAsync(options);

        answer.Status.ShouldBe(ResponseStatus.Incomplete);
        answer.IncompleteStatusDetails.Reason.ShouldBe(ResponseIncompleteStatusReason.MaxOutputTokens);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Refusal_IsNoPlainText(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        ResponseResult answer = await Client(fixture).CreateResponseAsync(Asking(route, "[refuse]"));

        var refused = answer.OutputItems.OfType<MessageResponseItem>().Any(m => m.Content.Any(p => p.Refusal is not null));
        (refused || answer.IncompleteStatusDetails?.Reason == ResponseIncompleteStatusReason.ContentFilter).ShouldBeTrue();
    }

    [Fact]
    public async Task Reasoning_OfAnotherWire_ComesBackToItsIssuerSigned()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var client = Client(fixture);
        var options = Asking("claude", "[think] well");

        ResponseResult thought = await client.CreateResponseAsync(options);
        var reasoning = thought.OutputItems.OfType<ReasoningResponseItem>().Single();
        foreach (var item in thought.OutputItems)
        {
            options.InputItems.Add(item);
        }

        options.InputItems.Add(ResponseItem.CreateUserMessageItem("go on"));
        ResponseResult answered = await client.CreateResponseAsync(options);

        reasoning.GetSummaryText().ShouldBe("The user wants an answer.");
        answered.GetOutputText().ShouldBe("You said: go on");
        var turn = fixture.Simulator.Requests.Last().Json.GetProperty("messages")[1].GetProperty("content")[0];
        turn.GetProperty("type").GetString().ShouldBe("thinking");
        turn.GetProperty("thinking").GetString().ShouldBe("The user wants an answer.");
        turn.GetProperty("signature").GetString().ShouldBe("c2ltdWxhdGVk");
    }

    [Fact]
    public async Task UnknownRoute_IsA404WithNearNames()
    {
        await using var fixture = await GatewayFixture.StartAsync();

        var exception = await Should.ThrowAsync<ClientResultException>(() => Client(fixture).CreateResponseAsync(Asking("claud", "hi")));

        exception.Status.ShouldBe(404);
        exception.Message.ShouldContain("did you mean 'claude'");
    }

    [Theory]
    [InlineData("ant")]
    [InlineData("rsp")]
    public async Task Cut_IsNoSuccessForTheSdk(string provider)
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim(provider, "sim-tokens-30+cut-10"), null))
        );
        StreamingResponseFailedUpdate? failed = null;

        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var update in await Client(fixture).CreateResponseStreamingAsync(Streaming(Asking("cut", "hi"))))
            {
                failed = update as StreamingResponseFailedUpdate ?? failed;
            }
        });

        failed!.Response.Status.ShouldBe(ResponseStatus.Failed);
        failed.Response.Error.Message.ShouldStartWith("the answer was cut");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Cancelled_StreamEndsUpstream(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Simulator.Script("*", new Simulator.Fault { Tokens = 5000, BetweenTokens = TimeSpan.FromMilliseconds(20) });
        using var leaving = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in await Client(fixture).CreateResponseStreamingAsync(Streaming(Asking(route, "hi")), leaving.Token))
            {
                await leaving.CancelAsync();
            }
        });

        await fixture.Simulator.Requests.Single().ClientGone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Kept_IsGoneOnFromReadAndDeleted()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var client = Client(fixture);

        ResponseResult first = await client.CreateResponseAsync("responses", "hello");
        ResponseResult second = await client.CreateResponseAsync("responses", "and now?", first.Id);
        ResponseResult read = await client.GetResponseAsync(first.Id);
        ResponseDeletionResult deleted = await client.DeleteResponseAsync(first.Id);

        second.GetOutputText().ShouldBe("You said: and now?");
        fixture.Simulator.Requests.ElementAt(1).Json.GetProperty("previous_response_id").GetString().ShouldBe(first.Id);
        read.Id.ShouldBe(first.Id);
        fixture.Simulator.Requests.ElementAt(2).Headers["authorization"].ShouldBe("Bearer secret-KEY");
        deleted.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => client.GetResponseAsync(first.Id))).Status.ShouldBe(404);
    }

    private static CreateResponseOptions Asking(string route, string text, params FunctionTool[] tools)
    {
        var options = new CreateResponseOptions(route, [ResponseItem.CreateUserMessageItem(text)]);
        foreach (var tool in tools)
        {
            options.Tools.Add(tool);
        }

        return options;
    }

    private static CreateResponseOptions Streaming(CreateResponseOptions options)
    {
        options.StreamingEnabled = true;
        return options;
    }

    private static ResponsesClient Client(GatewayFixture fixture) =>
        new(
            new ApiKeyCredential("any"),
            new ResponsesClientOptions
            {
                Endpoint = new Uri(fixture.Gateway.Address, "v1"),
                RetryPolicy = new ClientRetryPolicy(0),
                Transport = new HttpClientPipelineTransport(GatewayFixture.Impatient()),
            }
        );
}
