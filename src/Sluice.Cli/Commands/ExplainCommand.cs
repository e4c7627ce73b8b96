using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Configuration;
using Sluice.Gateway.Admin;
using Sluice.Ledger;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice explain`: where a call would go, in what order, why, and what it could cost at worst. No provider is asked.</summary>
internal static class ExplainCommand
{
    /// <summary>What a caller may say of a call, and `explain` for him.</summary>
    private static readonly string[] Sayable = ["tenant", "user", "account", "tags", "role", "task", "override"];

    public static Command Create()
    {
        var route = new Argument<string>("ROUTE") { Description = "A route, model id or provider/model.", DefaultValueFactory = _ => "" };
        var request = new Option<string?>("--request") { Description = "A request body to explain; `-` reads it.", HelpName = "FILE" };
        var protocol = new Option<string>("--protocol")
        {
            Description = $"Its protocol: {string.Join(", ", WireName.All)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "openai-chat",
        };
        Option<string?>[] said =
        [
            .. Sayable.Select(name => new Option<string?>($"--{name}")
            {
                Description = $"As if the caller said it: the {name} of the call.",
                HelpName = "NAME",
            }),
        ];
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("explain", "Say where a call would go, in what order and why, and its worst-case cost.")
        {
            route,
            request,
            protocol,
            config,
            data,
            json,
        };
        foreach (var option in said)
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var question = new JsonObject { ["route"] = parsed.GetValue(route) };
                if (parsed.GetValue(request) is { } file)
                {
                    (question["request"], question["protocol"]) = (Body(file), parsed.GetValue(protocol));
                }

                foreach (var option in said.Where(o => parsed.GetValue(o) is not null))
                {
                    question[option.Name.TrimStart('-')] = parsed.GetValue(option);
                }

                // The gateway that runs knows who is down, how soon who answers and what is left of budgets.
                var answer =
                    await RunningGateway
                        .ExplainAsync(new DataDirectory(parsed.GetValue(data)!), question, cancellationToken)
                        .ConfigureAwait(false)
                    ?? await ComputeAsync(parsed.GetValue(config), question, cancellationToken).ConfigureAwait(false);
                Console.WriteLine(parsed.GetValue(json) ? answer.ToJsonString() : Text(answer));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static JsonNode Body(string file)
    {
        try
        {
            return JsonNode.Parse(file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file))
                ?? throw new UserException($"{file} is empty");
        }
        catch (JsonException exception)
        {
            throw new UserException($"{file} is not JSON: {exception.Message}");
        }
    }

    /// <summary>By the configuration alone: nothing is spent, and everybody is well.</summary>
    private static async Task<JsonObject> ComputeAsync(string? config, JsonObject question, CancellationToken cancellationToken)
    {
        var setup = await Setup.CreateAsync(config, cancellationToken).ConfigureAwait(false);
        await using (setup.ConfigureAwait(false))
        {
            var configuration = new LiveConfiguration(setup.Load);
            var ledger = LedgerBook.Open(new MemoryLedgerStore(), null, configuration.Current.Ledger, TimeProvider.System);
            var engine = new SluiceEngine(configuration, ledger, new EngineOptions());
            await using (engine.ConfigureAwait(false))
            {
                try
                {
                    return ExplainJson.Answer(engine, question);
                }
                catch (Exception exception) when (exception is Routing.RouteForbiddenException or Wires.RequestException)
                {
                    throw new UserException(exception.Message);
                }
            }
        }
    }

    private static string Text(JsonObject answer)
    {
        var text = new StringBuilder();
        var (asked, actual) = (Word(answer, "route"), Word(answer, "actualRoute"));
        text.Append(CultureInfo.InvariantCulture, $"{asked} ({Word(answer, "tier")}), about {answer["inputTokens"]} tokens of input:\n");
        if (answer["rule"] is not null)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  goes to {actual} by {Word(answer, "rule")}{(Word(answer, "because") is { Length: > 0 } why ? $": {why}" : "")}\n"
            );
        }

        foreach (var (target, place) in answer["targets"]!.AsArray().OfType<JsonObject>().Select((t, i) => (t, i + 1)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {place}. {Word(target, "target")}  [{Word(target, "because")}]");
            text.Append(target["refused"] is null ? "" : $"  would not be tried: {Word(target, "refused")}");
            text.Append(CultureInfo.InvariantCulture, $"  worst case {Word(target, "worstCase")} USD\n");
            foreach (var lost in target["degradations"]!.AsArray().OfType<JsonObject>())
            {
                text.Append(CultureInfo.InvariantCulture, $"     {Word(lost, "feature")}: {Word(lost, "action")}\n");
            }
        }

        foreach (var budget in answer["budgets"]!.AsArray().OfType<JsonObject>())
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  budget {Word(budget, "name")}: {budget["left"]} of {budget["limit"]} {Word(budget, "unit")} left, {budget["used"]!.GetValue<decimal>():P0} used\n"
            );
        }

        return text.ToString().TrimEnd();
    }

    private static string Word(JsonObject json, string member) => json[member]?.GetValue<string>() ?? "";
}
