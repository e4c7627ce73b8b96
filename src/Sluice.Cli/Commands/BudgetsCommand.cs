using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Keys;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice budgets`: what is spent, held and left, and how long it will last.</summary>
internal static class BudgetsCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var all = new Option<bool>("--all") { Description = "Limits of requests and tokens per time, too." };
        var command = new Command("budgets", "Show what is spent, held and left of every budget, and how long it will last.")
        {
            all,
            config,
            data,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var directory = new DataDirectory(parsed.GetValue(data)!);
                var budgets = await LocalEngine
                    .AskAsync(parsed.GetValue(config), directory, "/admin/budgets", e => Read(e, directory), cancellationToken)
                    .ConfigureAwait(false);
                var shown = budgets.OfType<JsonObject>().Where(b => parsed.GetValue(all) || !b["rate"]!.GetValue<bool>()).ToList();
                if (parsed.GetValue(json))
                {
                    Console.WriteLine(new JsonArray([.. shown.Select(b => b.DeepClone())]).ToJsonString());
                }
                else if (shown.Count == 0)
                {
                    Console.WriteLine(
                        "There is no budget. Write one under \"budgets\": { \"name\": \"month\", \"limit\": \"500 USD\", \"per\": \"month\" }"
                    );
                }
                else
                {
                    TextTable.Print(["budget", "limit", "spent", "held", "left", "a day", "lasts", "resets"], shown.Select(Cells));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The limits of keys stand beside those of the configuration, as in a gateway.</summary>
    private static JsonArray Read(SluiceEngine engine, DataDirectory data)
    {
        var keys = new KeyRing(data.Keys, TimeProvider.System);
        keys.Refresh();
        engine.ApplyKeys(keys.Budgets);
        return new JsonArray([.. engine.Ledger.Status().Select(b => (JsonNode)BudgetJson.Write(b))]);
    }

    private static string[] Cells(JsonObject budget)
    {
        var (name, unit) = (budget["name"]!.GetValue<string>(), budget["unit"]!.GetValue<string>());
        return
        [
            budget["part"] is { } part ? $"{name}[{part.GetValue<string>()}]" : name,
            $"{Number("limit")} {unit} per {budget["per"]!.GetValue<string>()}",
            $"{Number("spent")} ({budget["used"]!.GetValue<decimal>().ToString("P0", CultureInfo.InvariantCulture)})",
            Number("held"),
            Number("left"),
            Number("burnPerDay"),
            budget["daysLeft"] is { } days ? $"{days.GetValue<decimal>().ToString("0.#", CultureInfo.InvariantCulture)} days" : "",
            budget["resetsAt"] is { } reset
                ? reset.GetValue<DateTimeOffset>().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
                : "",
        ];

        string Number(string member) => budget[member]!.GetValue<decimal>().ToString("0.######", CultureInfo.InvariantCulture);
    }
}
