using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Gateway.Admin;
using Sluice.Ledger;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice targets`: which targets take calls, which do not, why, and until when.</summary>
internal static class TargetsCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("targets", "Show how every target stands: its breaker, what it refuses and until when, calls under way.")
        {
            config,
            data,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var targets = await ReadAsync(parsed.GetValue(config), new DataDirectory(parsed.GetValue(data)!), cancellationToken)
                    .ConfigureAwait(false);
                if (parsed.GetValue(json))
                {
                    Console.WriteLine(targets.ToJsonString());
                }
                else
                {
                    TextTable.Print(
                        ["target", "key", "state", "share", "under way", "again in", "why"],
                        targets.OfType<JsonObject>().Select(Cells)
                    );
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>From the gateway that runs on the data directory; else what the last one left.</summary>
    private static async Task<JsonArray> ReadAsync(string? config, DataDirectory data, CancellationToken cancellationToken)
    {
        var setup = await Setup.CreateAsync(config, cancellationToken).ConfigureAwait(false);
        await using (setup.ConfigureAwait(false))
        {
            try
            {
                var engine = LocalEngine.Open(setup, data);
                await using (engine.ConfigureAwait(false))
                {
                    return TargetJson.Write(engine);
                }
            }
            catch (LedgerInUseException)
            {
                return await RunningGateway.AskAsync(data, "/admin/targets", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static string[] Cells(JsonObject target) =>
        [
            $"{target["provider"]!.GetValue<string>()}/{target["model"]!.GetValue<string>()}",
            target["credential"]!.GetValue<string>(),
            target["fact"] is null ? target["state"]!.GetValue<string>() : "refusing",
            target["share"]!.GetValue<double>().ToString("P0", CultureInfo.InvariantCulture),
            target["inFlight"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture),
            target["retryAfterSeconds"] is { } wait ? $"{wait.GetValue<double>().ToString("0", CultureInfo.InvariantCulture)} s" : "",
            target["reason"]?.GetValue<string>() ?? "",
        ];
}
