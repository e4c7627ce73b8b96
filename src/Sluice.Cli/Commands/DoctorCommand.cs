using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary>`sluice doctor`: is the configuration right, and are its secrets there?</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Check configuration and secrets. Exit code 0: all well, 1: notes, 2: errors.")
        {
            config,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                try
                {
                    var setup = await Setup.CreateAsync(parsed.GetValue(config), cancellationToken).ConfigureAwait(false);
                    await using (setup.ConfigureAwait(false))
                    {
                        return Report(setup.Load(1), setup.Origin, parsed.GetValue(json));
                    }
                }
                catch (ConfigurationException exception) when (parsed.GetValue(json))
                {
                    Console.WriteLine(
                        new JsonObject
                        {
                            ["errors"] = Texts(exception.Errors.Select(e => e.ToString())),
                            ["notes"] = new JsonArray(),
                        }.ToJsonString()
                    );
                    return ExitCode.Refused;
                }
            }
        );
        return command;
    }

    private static int Report(Snapshot snapshot, string origin, bool json)
    {
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["errors"] = new JsonArray(),
                    ["notes"] = Texts(snapshot.Warnings),
                    ["routes"] = snapshot.Routes.Count,
                    ["providers"] = snapshot.Providers.Count,
                }.ToJsonString()
            );
        }
        else
        {
            Console.WriteLine(
                $"{origin}: {snapshot.Providers.Count} providers, {snapshot.Routes.Count} routes, {snapshot.Budgets.Length} budgets"
            );
            foreach (var provider in snapshot.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                Console.WriteLine(
                    provider.Missing is { } missing
                        ? $"  note: {missing}"
                        : $"  ok: {provider.Name}, {provider.Credentials.Length} key(s), {provider.Address}"
                );
            }
        }

        return snapshot.Warnings.IsEmpty ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
