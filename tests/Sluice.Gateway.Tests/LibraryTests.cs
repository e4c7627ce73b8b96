using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Storage;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>The library as applications use it: keyed chat clients, on real sockets and a real ledger.</summary>
public sealed class LibraryTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private SimulatorServer? _simulator;

    public static TheoryData<string> Wires => ["oai/gpt-4o-mini", "ant/claude-sonnet-4-6", "rsp/gpt-4o-mini"];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Response_HasTextUsageAndReceipt(string target)
    {
        await using var provider = await ProviderAsync($"\"main\": {{ \"targets\": [\"{target}\"] }}");

        var response = await provider
            .GetRequiredKeyedService<IChatClient>("main")
            .GetResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken);

        response.Text.ShouldBe("You said: hello");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        response.Usage!.OutputTokenCount.ShouldBe(4);
        response.GetReceipt()!.Target.ShouldBe(target);
        response.GetReceipt()!.Cost.Nano.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Stream_EndsWithUsageAndReceipt(string target)
    {
        await using var provider = await ProviderAsync($"\"main\": {{ \"targets\": [\"{target}\"] }}");
        var updates = new List<ChatResponseUpdate>();

        await foreach (
            var update in provider
                .GetRequiredService<IChatClient>()
                .GetStreamingResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken)
        )
        {
            updates.Add(update);
        }

        string.Concat(updates.Select(u => u.Text)).ShouldBe("You said: hello");
        updates.Count.ShouldBeGreaterThan(4);
        updates[^1].GetReceipt()!.Complete.ShouldBeTrue();
        updates.ToChatResponse().Usage!.OutputTokenCount.ShouldBe(4);
    }

    [Theory]
    [InlineData("rsp", "oai")]
    [InlineData("oai", "ant")]
    public async Task Stream_CutAndTheRouteGoesOn_IsOneAnswer(string first, string second)
    {
        var targets = $"{GatewayFixture.Sim(first, "sim-tokens-9+cut-5")}, {GatewayFixture.Sim(second, "sim-tokens-9")}";
        await using var provider = await ProviderAsync($"\"main\": {{ \"onCut\": \"continue\", \"targets\": [{targets}] }}");
        var updates = new List<ChatResponseUpdate>();

        await foreach (
            var update in provider
                .GetRequiredService<IChatClient>()
                .GetStreamingResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken)
        )
        {
            updates.Add(update);
        }

        string.Concat(updates.Select(u => u.Text)).ShouldBe("t1 t2 t3 t4 t5 t6 t7 t8 t9");
        updates.Select(u => (u.ResponseId, u.ModelId)).Distinct().Single().ModelId.ShouldBe("sim-tokens-9+cut-5");
        updates.ToChatResponse().FinishReason.ShouldBe(ChatFinishReason.Stop);
        var receipt = updates[^1].GetReceipt()!;
        (receipt.Complete, receipt.Continued, receipt.Target).ShouldBe((true, true, $"{second}/sim-tokens-9"));
        receipt.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Cut, AttemptOutcome.Completed]);
        updates.ToChatResponse().Usage!.OutputTokenCount.ShouldBe(second == "oai" ? 9 : 8);
    }

    [Fact]
    public async Task Stream_CutAndNobodyCanGoOn_EndsByAnExceptionWithItsReceipt()
    {
        var targets = $"{GatewayFixture.Sim("oai", "sim-tokens-9+cut-5")}, {GatewayFixture.Sim("rsp", "sim")}";
        await using var provider = await ProviderAsync($"\"main\": {{ \"onCut\": \"continue\", \"targets\": [{targets}] }}");

        var cut = await Should.ThrowAsync<SluiceException>(async () =>
        {
            await foreach (
                var _ in provider
                    .GetRequiredService<IChatClient>()
                    .GetStreamingResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken)
            ) { }
        });

        cut.Receipt!.Complete.ShouldBeFalse();
        cut.Receipt.Continued.ShouldBeFalse();
        cut.Receipt.Attempts.Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Tools_CallAndResultGoBothWays(string target)
    {
        await using var provider = await ProviderAsync($"\"main\": {{ \"targets\": [\"{target}\"] }}");
        var client = provider.GetRequiredKeyedService<IChatClient>("main");
        var tool = AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather");
        List<ChatMessage> messages = [new(ChatRole.User, "[tool] go")];

        var asked = await client.GetResponseAsync(messages, new ChatOptions { Tools = [tool] }, TestContext.Current.CancellationToken);
        var call = asked.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        messages.AddRange(asked.Messages);
        messages.Add(
            new ChatMessage(
                ChatRole.Tool,
                [
                    new FunctionResultContent(
                        call.CallId,
                        await tool.InvokeAsync(new AIFunctionArguments(call.Arguments), TestContext.Current.CancellationToken)
                    ),
                ]
            )
        );
        var answered = await client.GetResponseAsync(messages, new ChatOptions { Tools = [tool] }, TestContext.Current.CancellationToken);

        asked.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        answered.Text.ShouldBe("The tools said: sunny in text");
    }

    [Theory]
    [InlineData("signed", true, true)]
    [InlineData("signed", false, true)]
    [InlineData("other", true, false)]
    [InlineData("other", false, false)]
    public async Task Reasoning_GoesBackToWhoSignedItAndNobodyElse(string next, bool stream, bool sent)
    {
        await using var provider = await ProviderAsync(
            """
            "signed": { "default": true, "targets": ["ant/claude-sonnet-4-6"] }, "other": { "targets": ["ant/claude-opus-4-6"] }
            """
        );
        List<ChatMessage> messages = [new(ChatRole.User, "[think] one")];
        var signed = provider.GetRequiredKeyedService<IChatClient>("signed");
        var answer = stream
            ? await signed
                .GetStreamingResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken)
                .ToChatResponseAsync(TestContext.Current.CancellationToken)
            : await signed.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken);
        var stored = JsonSerializer.Serialize(answer.Messages, AIJsonUtilities.DefaultOptions);
        messages.AddRange(JsonSerializer.Deserialize<List<ChatMessage>>(stored, AIJsonUtilities.DefaultOptions)!);
        messages.Add(new ChatMessage(ChatRole.User, "two"));

        var receipt = (
            await provider
                .GetRequiredKeyedService<IChatClient>(next)
                .GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken)
        ).GetReceipt()!;

        _simulator!.Provider.Requests.Last().Json.GetRawText().Contains("c2ltdWxhdGVk", StringComparison.Ordinal).ShouldBe(sent);
        receipt.Degradations.Select(d => d.Feature).ShouldBe(sent ? [] : ["reasoning"]);
    }

    [Fact]
    public async Task Options_ReachTheProvider_AndWhatNobodyHoldsIsOnTheReceipt()
    {
        await using var provider = await ProviderAsync(
            """
            "chat": { "default": true, "targets": ["oai/gpt-5.1"] }
            """
        );
        var options = new ChatOptions
        {
            Seed = 7,
            FrequencyPenalty = 0.5f,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low },
            ConversationId = "conv_1",
            Tools = [new HostedWebSearchTool()],
        };

        var response = await provider
            .GetRequiredKeyedService<IChatClient>("chat")
            .GetResponseAsync("hi", options, TestContext.Current.CancellationToken);

        var sent = _simulator!.Provider.Requests.Last().Json;
        sent.GetProperty("seed").GetInt32().ShouldBe(7);
        sent.GetProperty("frequency_penalty").GetDecimal().ShouldBe(0.5m);
        sent.GetProperty("reasoning_effort").GetString().ShouldBe("low");
        sent.TryGetProperty("web_search_options", out _).ShouldBeTrue();
        response.GetReceipt()!.Degradations.Select(d => d.Feature).ShouldBe(["conversationId"]);
    }

    [Fact]
    public async Task Policy_KnowsRoleTaskAndOverrideOfTheOptions()
    {
        await using var provider = await ProviderAsync(
            "\"main\": { \"default\": true, \"targets\": [\"oai/gpt-4o-mini\"] }, \"other\": { \"targets\": [\"ant/claude-sonnet-4-6\"] }",
            """
            "policy": [{ "when": { "role": "scribe", "task": "summary" }, "use": "other", "because": "summaries" }],
            """
        );
        var client = provider.GetRequiredKeyedService<IChatClient>("main");
        var scribe = new ChatOptions { AgentRole = "scribe", TaskKind = "summary" };
        var token = TestContext.Current.CancellationToken;

        var plain = (await client.GetResponseAsync("hi", cancellationToken: token)).GetReceipt()!;
        var summary = (await client.GetResponseAsync("hi", scribe, token)).GetReceipt()!;
        var overridden = (
            await client.GetResponseAsync("hi", new ChatOptions().WithOverride("ant/claude-sonnet-4-6", "a complaint"), token)
        ).GetReceipt()!;

        (plain.ActualRoute, plain.Rule).ShouldBe(("main", null));
        (summary.ActualRoute, summary.Rule, summary.Because).ShouldBe(("other", "policy[0]", "summaries"));
        (overridden.Target, overridden.Rule, overridden.Because).ShouldBe(("ant/claude-sonnet-4-6", "override", "a complaint"));
    }

    [Fact]
    [ChangesBehaviour("match.tenant", "match.tag")]
    public async Task Budget_OfATenant_IsTheOneTheOptionsName()
    {
        await using var provider = await ProviderAsync(
            "\"main\": { \"targets\": [\"oai/gpt-4o-mini\"] }",
            """
            "budgets": [{ "name": "acme", "limit": "0.000001 USD", "per": "total", "match": { "tenant": "acme", "tag": "nightly" } }],
            """
        );
        var client = provider.GetRequiredKeyedService<IChatClient>("main");

        var refused = await Should.ThrowAsync<SluiceException>(() =>
            client.GetResponseAsync("hi", new ChatOptions { Tenant = "acme", Tags = ["nightly"] }, TestContext.Current.CancellationToken)
        );
        var other = await client.GetResponseAsync("hi", new ChatOptions { Tenant = "acme" }, TestContext.Current.CancellationToken);

        refused.Receipt.Rejections.Single().Gate.ShouldBe("budget");
        other.GetReceipt()!.Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Deadline_OfTheOptions_EndsTheCall()
    {
        await using var provider = await ProviderAsync($"\"main\": {{ \"targets\": [{GatewayFixture.Sim("oai", "sim-silence")}] }}");
        var client = provider.GetRequiredKeyedService<IChatClient>("main");

        var exception = await Should.ThrowAsync<SluiceException>(() =>
            client.GetResponseAsync(
                "hi",
                new ChatOptions { Deadline = TimeSpan.FromMilliseconds(50) },
                TestContext.Current.CancellationToken
            )
        );

        exception.Receipt.Attempts.Single().Failure.ShouldBe(FailureClass.Timeout);
    }

    [Fact]
    [ChangesBehaviour("route.fallback")]
    public async Task Failover_IsOnTheReceiptWithTheActualTarget()
    {
        await using var provider = await ProviderAsync(
            $$"""
            "main": { "tier": "premium", "default": true, "targets": [{{GatewayFixture.Sim(
                "ant",
                "sim-status-529"
            )}}], "fallback": "spare", "retry": { "attempts": 0 } },
            "spare": { "tier": "premium", "targets": ["oai/gpt-4o-mini"] }
            """
        );

        var receipt = (
            await provider
                .GetRequiredKeyedService<IChatClient>("main")
                .GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)
        ).GetReceipt()!;

        (receipt.Route, receipt.ActualRoute, receipt.Target).ShouldBe(("main", "spare", "oai/gpt-4o-mini"));
        receipt
            .Attempts.Select(a => (a.Outcome, a.Failure))
            .ShouldBe([(AttemptOutcome.Failed, FailureClass.Transient), (AttemptOutcome.Completed, null)]);
    }

    [Fact]
    public async Task Exhausted_ThrowsWithTheReceipt()
    {
        await using var provider = await ProviderAsync($"\"main\": {{ \"targets\": [{GatewayFixture.Sim("oai", "sim-key")}] }}");

        var exception = await Should.ThrowAsync<SluiceException>(() =>
            provider.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("hi")
        );

        exception.Receipt.Attempts.Single().Failure.ShouldBe(FailureClass.Credential);
    }

    [Fact]
    public async Task Budget_WithoutALastingLedger_IsRefused()
    {
        await using var provider = await ProviderAsync(
            "\"main\": { \"targets\": [\"oai/gpt-4o-mini\"] }",
            "\"budgets\": [{ \"name\": \"m\", \"limit\": 1 }],",
            ledger: false
        );

        Should
            .Throw<ConfigurationException>(() => provider.GetRequiredKeyedService<IChatClient>("main"))
            .Message.ShouldContain("AddSqliteLedger");
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task<ServiceProvider> ProviderAsync(string routes, string rest = "", bool ledger = true)
    {
        _simulator = await SimulatorServer.StartAsync();
        var keyFile = _directory.File("key");
        await File.WriteAllTextAsync(keyFile, "secret");
        var file = _directory.File("sluice.json");
        await File.WriteAllTextAsync(
            file,
            $$"""
            {
              "providers": {
                "oai": { "preset": "openai", "baseUrl": "{{_simulator.BaseAddress}}v1", "apiKey": "file:key" },
                "rsp": { "preset": "openai-responses", "baseUrl": "{{_simulator.BaseAddress}}v1", "apiKey": "file:key" },
                "ant": { "preset": "anthropic", "baseUrl": "{{_simulator.BaseAddress.ToString().TrimEnd('/')}}", "apiKey": "file:key" }
              },
              {{rest}}
              "routes": { {{routes}} }
            }
            """
        );
        var services = new ServiceCollection();
        var builder = services.AddSluice(file);
        if (ledger)
        {
            builder.AddSqliteLedger(_directory.File("data"));
        }

        return services.BuildServiceProvider();
    }
}
