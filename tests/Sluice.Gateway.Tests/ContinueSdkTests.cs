using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using Sluice.Gateway.Tests.Gemini;

#pragma warning disable OPENAI001 // The Responses client is marked experimental; it is what callers use.

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

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Responses_OfOpenAi_ReadsOneAnswer(string first, string second)
    {
        await using var fixture = await StartAsync(first, second);
        var client = new ResponsesClient(
            new ApiKeyCredential("any"),
            new ResponsesClientOptions
            {
                Endpoint = new Uri(fixture.Gateway.Address, "v1"),
                RetryPolicy = new ClientRetryPolicy(0),
                Transport = new HttpClientPipelineTransport(GatewayFixture.Impatient()),
            }
        );
        var options = new CreateResponseOptions("r", [ResponseItem.CreateUserMessageItem("hello")]) { StreamingEnabled = true };
        var (text, items, numbers) = ("", new HashSet<string>(), new List<int>());
        ResponseResult? completed = null;

        await foreach (var update in await client.CreateResponseStreamingAsync(options))
        {
            numbers.Add(update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
            {
                text += delta.Delta;
                items.Add(delta.ItemId);
            }

            completed = (update as StreamingResponseCompletedUpdate)?.Response ?? completed;
        }

        (text, items.Count, completed?.GetOutputText(), completed?.Status).ShouldBe((Whole, 1, Whole, ResponseStatus.Completed));
        completed!.Usage.OutputTokenCount.ShouldBeGreaterThan(0);
        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
    }

    /// <summary>There is no such client of Gemini's for .NET: its protocol as it is written, event by event and as an array.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Gemini_AsItIsWritten_ReadsOneAnswer(string first, string second)
    {
        await using var fixture = await StartAsync(first, second);

        foreach (var query in new[] { "?alt=sse", "" })
        {
            using var response = await fixture.PostAsync(
                $"/v1beta/models/r:streamGenerateContent{query}",
                """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}"""
            );
            var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var chunks = query.Length > 0 ? GeminiClient.ChunksOf(answer) : [.. JsonDocument.Parse(answer).RootElement.EnumerateArray()];
            var candidates = chunks.Select(c => c.GetProperty("candidates")[0]).ToList();

            string.Concat(candidates.Where(c => c.TryGetProperty("content", out _)).Select(TextOf)).ShouldBe(Whole, query);
            candidates
                .Select(c => c.TryGetProperty("finishReason", out var reason) ? reason.GetString() : null)
                .OfType<string>()
                .ShouldBe(["STOP"], query);
            chunks
                .Select(c => c.TryGetProperty("responseId", out var id) ? id.GetString() : null)
                .OfType<string>()
                .Distinct()
                .Count()
                .ShouldBeLessThanOrEqualTo(1, query);
            chunks[^1].GetProperty("usageMetadata").GetProperty("candidatesTokenCount").GetInt32().ShouldBeGreaterThan(0);
        }
    }

    private static string TextOf(JsonElement candidate) =>
        candidate.GetProperty("content").TryGetProperty("parts", out var parts)
            ? string.Concat(parts.EnumerateArray().Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : ""))
            : "";

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
