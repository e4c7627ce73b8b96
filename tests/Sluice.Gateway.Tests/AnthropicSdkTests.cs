using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;

namespace Sluice.Gateway.Tests;

/// <summary>Anthropic's own .NET client against the gateway, before providers of both wires.</summary>
public sealed class AnthropicSdkTests
{
    private const string Tools = """
        "tools": [
          { "name": "weather", "input_schema": { "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] } },
          { "name": "now", "input_schema": { "type": "object" } }
        ]
        """;

    public static TheoryData<string> Upstreams => ["chat", "claude", "responses"];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Create_Plain_HasTextUsageAndStop(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        var answer = await Client(fixture)
            .Messages.Create(Request(route, """ "system": "be brief", "messages": [{ "role": "user", "content": "hello" }] """));

        answer.Validate();
        TextOf(answer).ShouldBe("You said: hello");
        answer.StopReason!.Value().ShouldBe(StopReason.EndTurn);
        answer.Usage.OutputTokens.ShouldBe(4);
        answer.Usage.InputTokens.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Stream_Plain_HasEveryEvent(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var (text, output) = ("", 0L);

        await foreach (
            var streamed in Client(fixture)
                .Messages.CreateStreaming(Request(route, """ "messages": [{ "role": "user", "content": "hello" }] """))
        )
        {
            streamed.Validate();
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text += piece.Text;
            }

            if (streamed.TryPickDelta(out var end))
            {
                output = end.Usage.OutputTokens;
            }
        }

        (text, output).ShouldBe(("You said: hello", 4L));
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Tools_ParallelCallsErrorsAndResults_GoBothWays(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var client = Client(fixture);

        var asked = await client.Messages.Create(
            Request(route, Tools + """ , "messages": [{ "role": "user", "content": "[tools] please" }] """)
        );
        asked.Validate();
        var calls = asked.Content.Select(b => b.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>().ToList();
        var answered = await client.Messages.Create(
            Request(
                route,
                Tools
                    + $$"""
                    , "messages": [
                      { "role": "user", "content": "[tools] please" },
                      { "role": "assistant", "content": [
                        { "type": "text", "text": "Looking." },
                        { "type": "tool_use", "id": "{{calls[0].ID}}", "name": "weather", "input": { "city": "text" } },
                        { "type": "tool_use", "id": "{{calls[1].ID}}", "name": "now", "input": {} } ] },
                      { "role": "user", "content": [
                        { "type": "tool_result", "tool_use_id": "{{calls[0].ID}}", "content": [{ "type": "text", "text": "sunny" }] },
                        { "type": "tool_result", "tool_use_id": "{{calls[1].ID}}", "content": "clock is broken", "is_error": true } ] }
                    ]
                    """
            )
        );

        asked.StopReason!.Value().ShouldBe(StopReason.ToolUse);
        calls.Select(c => (c.Name, JsonSerializer.Serialize(c.Input))).ShouldBe([("weather", """{"city":"text"}"""), ("now", "{}")]);
        TextOf(answered).ShouldBe("The tools said: sunny; error: clock is broken");
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Image_ReachesTheProvider(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();

        var answer = await Client(fixture)
            .Messages.Create(
                Request(
                    route,
                    """
                     "messages": [{ "role": "user", "content": [
                      { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo=" } },
                      { "type": "text", "text": "look" } ] }]
                    """
                )
            );

        TextOf(answer).ShouldBe("You said: look I see 1 image.");
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
            var request = Request(route, """ "messages": [{ "role": "user", "content": "hi" }] """);
            await foreach (var streamed in Client(fixture).Messages.CreateStreaming(request, leaving.Token))
            {
                await leaving.CancelAsync();
            }
        });

        await fixture.Simulator.Requests.Single().ClientGone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Failure_HasTheTypeAnthropicClientsKnow(string route)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Simulator.Script("*", new Simulator.Fault { Status = 400 });

        var exception = await Should.ThrowAsync<Anthropic.Exceptions.AnthropicApiException>(() =>
            Client(fixture).Messages.Create(Request(route, """ "messages": [{ "role": "user", "content": "hi" }] """))
        );

        ((int)exception.StatusCode).ShouldBe(400);
        exception.Message.ShouldContain("invalid_request_error");
    }

    private static string TextOf(Message answer) => string.Concat(answer.Content.Select(b => b.TryPickText(out var text) ? text.Text : ""));

    private static MessageCreateParams Request(string route, string members)
    {
        using var body = JsonDocument.Parse($$"""{ "model": "{{route}}", "max_tokens": 200, {{members}} }""");
        var raw = body.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.Clone());
        return MessageCreateParams.FromRawUnchecked(new Dictionary<string, JsonElement>(), new Dictionary<string, JsonElement>(), raw);
    }

    private static AnthropicClient Client(GatewayFixture fixture) =>
        new()
        {
            BaseUrl = fixture.Gateway.Address.ToString().TrimEnd('/'),
            ApiKey = "any",
            MaxRetries = 0,
            HttpClient = GatewayFixture.Impatient(),
        };
}
