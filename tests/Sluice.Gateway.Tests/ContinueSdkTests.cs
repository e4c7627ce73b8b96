using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;

namespace Sluice.Gateway.Tests;

/// <summary>What official clients make of a stream that was cut and gone on with: one whole answer.</summary>
public sealed class ContinueSdkTests
{
    private const string Whole = "t1 t2 t3 t4 t5 t6 t7 t8 t9";

    public static TheoryData<string, string> Pairs =>
        new()
        {
            { "oai", "ant" },
            { "ant", "oai" },
            { "rsp", "gem" },
            { "ant", "glm" },
        };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Chat_OfOpenAi_ReadsOneAnswer(string first, string second)
    {
        await using var fixture = await StartAsync(first, second);
        var client = new ChatClient("r", new ApiKeyCredential("any"), Options(fixture));
        var (text, ids, finish, output) = ("", new HashSet<string>(), (ChatFinishReason?)null, 0);

        await foreach (var update in client.CompleteChatStreamingAsync(new UserChatMessage("hello")))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            ids.Add(update.CompletionId);
            finish = update.FinishReason ?? finish;
            output = update.Usage?.OutputTokenCount ?? output;
        }

        (text, ids.Count, finish).ShouldBe((Whole, 1, ChatFinishReason.Stop));
        output.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Messages_OfAnthropic_ReadsOneAnswer(string first, string second)
    {
        await using var fixture = await StartAsync(first, second);
        var client = new AnthropicClient
        {
            BaseUrl = fixture.Gateway.Address.ToString().TrimEnd('/'),
            ApiKey = "any",
            MaxRetries = 0,
            HttpClient = GatewayFixture.Impatient(),
        };
        using var body = JsonDocument.Parse(
            """{ "model": "r", "max_tokens": 200, "messages": [{ "role": "user", "content": "hello" }] }"""
        );
        var raw = body.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.Clone());
        var request = MessageCreateParams.FromRawUnchecked(
            new Dictionary<string, JsonElement>(),
            new Dictionary<string, JsonElement>(),
            raw
        );
        var (text, blocks, stop) = ("", 0, (string?)null);

        await foreach (var streamed in client.Messages.CreateStreaming(request))
        {
            streamed.Validate();
            blocks += streamed.TryPickContentBlockStart(out var _) ? 1 : 0;
            text += streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece) ? piece.Text : "";
            stop = streamed.TryPickDelta(out var end) ? end.Delta.StopReason?.Raw() : stop;
        }

        (text, blocks, stop).ShouldBe((Whole, 1, "end_turn"));
    }

    private static Task<GatewayFixture> StartAsync(string first, string second) =>
        GatewayFixture.StartAsync(
            $$"""
                "routes": { "r": { "onCut": "continue", "targets": [{{GatewayFixture.Sim(
                    first,
                    "sim-tokens-9+cut-5"
                )}}, {{GatewayFixture.Sim(second, "sim-tokens-9")}}] } }
                """
        );

    private static OpenAIClientOptions Options(GatewayFixture fixture) =>
        new()
        {
            Endpoint = new Uri(fixture.Gateway.Address, "v1"),
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = new HttpClientPipelineTransport(GatewayFixture.Impatient()),
        };
}
