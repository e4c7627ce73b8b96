using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Attempts;
using Sluice.Calls;
using Sluice.Gateway;
using Sluice.Wires.Records;

namespace Sluice.Cli.Commands;

/// <summary>`sluice chat`: one question through a route, streamed to the terminal, with what it cost and why it went there.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var prompt = new Argument<string[]>("PROMPT") { Description = "What to say.", Arity = ArgumentArity.OneOrMore };
        var route = new Option<string>("--route")
        {
            Description = "The route, model or pin. Default: the default route.",
            DefaultValueFactory = _ => "",
        };
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("chat", "Ask once through a route; shows target and cost.") { prompt, route, config, data, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var setup = await Setup.CreateAsync(parsed.GetValue(config), cancellationToken).ConfigureAwait(false);
                await using (setup.ConfigureAwait(false))
                {
                    var engine = LocalEngine.Open(setup, parsed.GetValue(data)!);
                    await using (engine.ConfigureAwait(false))
                    {
                        var text = string.Join(' ', parsed.GetValue(prompt)!);
                        return await AskAsync(engine, parsed.GetValue(route)!, text, parsed.GetValue(json), cancellationToken)
                            .ConfigureAwait(false);
                    }
                }
            }
        );
        return command;
    }

    private static async Task<int> AskAsync(SluiceEngine engine, string route, string text, bool json, CancellationToken cancellationToken)
    {
        var snapshot = engine.Configuration.Current;
        var features = new CallFeatures { Stream = true };
        var call = engine.Begin(snapshot, route, features, Caller.Anonymous);
        var request = new ClientRequest(engine.Wires, ChatRequest.OfPrompt(text, stream: true), features);
        try
        {
            var committed = await engine.SendAsync(snapshot, call, request, cancellationToken).ConfigureAwait(false);
            await using (committed.ConfigureAwait(false))
            {
                var answer = new System.Text.StringBuilder();
                await foreach (var answerEvent in AnswerEvents.ReadAsync(committed).ConfigureAwait(false))
                {
                    if (answerEvent is TextDelta delta)
                    {
                        answer.Append(delta.Text);
                        if (!json)
                        {
                            Console.Write(delta.Text);
                        }
                    }
                }

                Show(engine.Finish(call, committed), answer.ToString(), json);
            }

            return ExitCode.Done;
        }
        catch (RouteExhaustedException exhausted)
        {
            engine.Finish(call, null);
            await Console.Error.WriteLineAsync(exhausted.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (ProviderException cut)
        {
            await Console.Error.WriteLineAsync($"\nthe answer was cut: {cut.Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static void Show(Receipt receipt, string answer, bool json)
    {
        if (json)
        {
            var shown = new JsonObject
            {
                ["text"] = answer,
                ["call"] = receipt.Call,
                ["route"] = receipt.ActualRoute,
                ["target"] = receipt.Target,
                ["attempts"] = receipt.Attempts.Count,
                ["inputTokens"] = receipt.Usage.InputTokens,
                ["outputTokens"] = receipt.Usage.OutputTokens,
                ["cost"] = receipt.Cost.Dollars,
            };
            Console.WriteLine(shown.ToJsonString(JsonSerializerOptions.Default));
            return;
        }

        Console.WriteLine();
        foreach (var failed in receipt.Attempts.Where(a => a.Outcome != AttemptOutcome.Completed))
        {
            Console.WriteLine($"— {failed.Provider}/{failed.Model} failed: {failed.Failure}, {failed.Reason}");
        }

        foreach (var rejection in receipt.Rejections)
        {
            Console.WriteLine($"— {rejection.Target} not tried: {rejection.Reason}");
        }

        Console.WriteLine(
            $"— {receipt.Target} by route {receipt.ActualRoute}, {receipt.Usage.InputTokens} + {receipt.Usage.OutputTokens} tokens, {receipt.Cost} USD, {receipt.Call}"
        );
    }
}
