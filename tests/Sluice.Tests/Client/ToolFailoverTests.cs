using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Configuration;
using Sluice.Simulator;
using Sluice.Upstream;

namespace Sluice.Tests.Client;

/// <summary>An agent's loop on a route whose targets fail: each tool call reaches it once, and what was executed is executed once.</summary>
public sealed class ToolFailoverTests
{
    private const string Paid = "paid 7 dollars";

    private int _executed;

    /// <summary>In which turns whoever is asked first fails: before the tool was called, after it was executed, or both.</summary>
    public enum Failing
    {
        BeforeTheCall,
        AfterTheCall,
        InEachTurn,
    }

    public static TheoryData<string, string, Failing, bool> Cells
    {
        get
        {
            var data = new TheoryData<string, string, Failing, bool>();
            foreach (
                var (first, second) in new[]
                {
                    ("openai", "openai"),
                    ("openai", "anthropic"),
                    ("anthropic", "gemini"),
                    ("gemini", "openai-responses"),
                    ("openai-responses", "ollama"),
                    ("ollama", "openai"),
                }
            )
            {
                foreach (var failing in Enum.GetValues<Failing>())
                {
                    data.Add(first, second, failing, true);
                    data.Add(first, second, failing, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Failover_InAToolLoop_ExecutesEachToolOnce(string first, string second, Failing failing, bool stream)
    {
        var asked = new List<(string Model, bool Executed, bool Failed)>();
        var provider = new SimulatedProvider(new SimulatorOptions())
        {
            Faults = request =>
            {
                var executed = Encoding.UTF8.GetString(request.Body.Span).Contains(Paid, StringComparison.Ordinal);
                var fails =
                    failing != (executed ? Failing.BeforeTheCall : Failing.AfterTheCall)
                    && !asked.Exists(a => a.Executed == executed && a.Model != request.Model);
                asked.Add((request.Model, executed, fails));
                return fails ? new Fault { Status = 503 } : null;
            },
        };
        await using var services = Services(first, second, provider);

        var answer = await LoopAsync(services.GetRequiredService<IChatClient>(), stream);

        answer.ShouldBe($"The tools said: {Paid}");
        _executed.ShouldBe(1);
        asked.Count(a => a.Failed).ShouldBeGreaterThan(0);
        foreach (var turn in new[] { false, true })
        {
            asked.Count(a => a.Executed == turn && !a.Failed).ShouldBe(1, "one target answers each turn");
        }
    }

    /// <summary>As agents do it: every tool call of an answer is executed and its result sent back, until there is none.</summary>
    private async Task<string> LoopAsync(IChatClient client, bool stream)
    {
        var pay = AIFunctionFactory.Create(
            () =>
            {
                _executed++;
                return Paid;
            },
            "pay"
        );
        var options = new ChatOptions { Tools = [pay] };
        var messages = new List<ChatMessage> { new(ChatRole.User, "[tool] please") };
        for (var turn = 0; turn < 5; turn++)
        {
            var response = stream
                ? await client.GetStreamingResponseAsync(messages, options, Ended).ToChatResponseAsync(Ended)
                : await client.GetResponseAsync(messages, options, Ended);
            messages.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0)
            {
                return response.Text;
            }

            foreach (var call in calls)
            {
                var result = await pay.InvokeAsync(new AIFunctionArguments(call.Arguments), Ended);
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
        }

        throw new InvalidOperationException("the loop does not end");
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private static ServiceProvider Services(string first, string second, SimulatedProvider provider)
    {
        var text = $$"""
            {
              "providers": { "first": {{Provider(first)}}, "second": {{Provider(second)}} },
              "routes": { "r": { "targets": [{{Target("first")}}, {{Target("second")}}], "retry": { "attempts": 0 } } }
            }
            """;
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var services = new ServiceCollection();
        services.AddSluice(
            new LiveConfiguration(revision => compiler.CompileText(text, "/", revision)),
            new EngineOptions
            {
                Random = new Random(1),
                Upstream = new UpstreamOptions { Handler = () => new SimulatorHandler(provider.AnswerAsync) },
            }
        );
        return services.BuildServiceProvider();
    }

    private static string Provider(string preset) =>
        $$"""{ "preset": "{{preset}}", "baseUrl": "http://127.0.0.1:1{{(
            preset is "openai" or "openai-responses" ? "/v1" : ""
        )}}", "apiKey": "env:KEY" }""";

    /// <summary>Its model is called as its provider.</summary>
    private static string Target(string provider) =>
        $$"""{ "provider": "{{provider}}", "model": "{{provider}}", "unlisted": true, "price": { "input": "1", "output": "2" } }""";
}
