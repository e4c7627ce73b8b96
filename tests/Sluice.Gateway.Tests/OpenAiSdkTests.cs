using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Sluice.Gateway.Tests;

/// <summary>OpenAI's own .NET client against the gateway, before providers of both wires.</summary>
public sealed class OpenAiSdkTests
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "weather",
        "Tells the weather",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")
    );

    private static readonly ChatTool Now = ChatTool.CreateFunctionTool("now", "Tells the time");

    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    public static TheoryData<string> Upstreams => ["chat", "claude", "responses"];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Complete_Plain_HasTextUsageAndFinish(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        ChatCompletion answer = await Client(fixture, route)
            .CompleteChatAsync(new SystemChatMessage("be brief"), new UserChatMessage("hello"));

        answer.Content[0].Text.ShouldBe("You said: hello");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Usage.OutputTokenCount.ShouldBe(4);
        answer.Usage.InputTokenCount.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Stream_Plain_ArrivesInPieces(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var (text, pieces, usage) = ("", 0, 0);

        await foreach (var update in Client(fixture, route).CompleteChatStreamingAsync(new UserChatMessage("hello")))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            pieces += update.ContentUpdate.Count;
            usage = update.Usage?.OutputTokenCount ?? usage;
        }

        text.ShouldBe("You said: hello");
        pieces.ShouldBeGreaterThan(3);
        usage.ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Tools_ParallelCallsAndResults_GoBothWays(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var client = Client(fixture, route);
        var options = new ChatCompletionOptions { Tools = { Weather, Now } };
        List<ChatMessage> messages = [new UserChatMessage("[tools] please")];

        ChatCompletion asked = await client.CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(asked));
        messages.AddRange(asked.ToolCalls.Select(c => new ToolChatMessage(c.Id, $"{c.FunctionName} is fine")));
        ChatCompletion answered = await client.CompleteChatAsync(messages, options);

        asked.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        asked
            .ToolCalls.Select(c => (c.FunctionName, c.FunctionArguments.ToString()))
            .ShouldBe([("weather", """{"city":"text"}"""), ("now", "{}")]);
        answered.Content[0].Text.ShouldBe("The tools said: weather is fine; now is fine");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Tools_Streamed_ArgumentsAddUp(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateFunctionChoice("weather") };
        var (name, arguments) = ("", "");

        await foreach (var update in Client(fixture, route).CompleteChatStreamingAsync([new UserChatMessage("go")], options))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate?.ToString();
            }
        }

        (name, arguments).ShouldBe(("weather", """{"city":"text"}"""));
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Image_ReachesTheProvider(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var message = new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("look"),
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Pixel), "image/png")
        );

        ChatCompletion answer = await Client(fixture, route).CompleteChatAsync(message);

        answer.Content[0].Text.ShouldBe("You said: look I see 1 image.");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Refusal_IsNoPlainStop(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        ChatCompletion answer = await Client(fixture, route).CompleteChatAsync(new UserChatMessage("[refuse]"));

        (answer.Refusal is not null || answer.FinishReason == ChatFinishReason.ContentFilter).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task OutputLimit_EndsWithLength(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        ChatCompletion answer = await Client(fixture, route)
            .CompleteChatAsync([new UserChatMessage("one two three four")], new ChatCompletionOptions { MaxOutputTokenCount = 3 });

        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
    }

    [Fact]
    public async Task UnknownRoute_IsA404WithNearNames()
    {
        await using var fixture = await GatewayFixture.StartAsync();

        var exception = await Should.ThrowAsync<ClientResultException>(() =>
            Client(fixture, "claud").CompleteChatAsync(new UserChatMessage("hi"))
        );

        exception.Status.ShouldBe(404);
        exception.Message.ShouldContain("did you mean 'claude'");
    }

    [Fact]
    public async Task Cut_IsNoSuccessForTheSdk()
    {
        await using var fixture = await GatewayFixture.StartAsync(
            GatewayFixture.Routes(("cut", GatewayFixture.Sim("ant", "sim-tokens-30+cut-10"), null))
        );

        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var _ in Client(fixture, "cut").CompleteChatStreamingAsync(new UserChatMessage("hi"))) { }
        });
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
            await foreach (
                var update in Client(fixture, route)
                    .CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: leaving.Token)
            )
            {
                await leaving.CancelAsync();
            }
        });

        await fixture.Simulator.Requests.Single().ClientGone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    private static ChatClient Client(GatewayFixture fixture, string route) =>
        new(
            route,
            new ApiKeyCredential("any"),
            new OpenAIClientOptions
            {
                Endpoint = new Uri(fixture.Gateway.Address, "v1"),
                RetryPolicy = new ClientRetryPolicy(0),
                Transport = new HttpClientPipelineTransport(GatewayFixture.Impatient()),
            }
        );
}
