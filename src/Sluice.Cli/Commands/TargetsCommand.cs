using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Gateway.Admin;
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
                var directory = new DataDirectory(parsed.GetValue(data)!);
                var targets = await LocalEngine
                    .AskAsync(parsed.GetValue(config), directory, "/admin/targets", TargetJson.Write, cancellationToken)
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
