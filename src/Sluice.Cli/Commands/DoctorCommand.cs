using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Upstream;

namespace Sluice.Cli.Commands;

/// <summary>`sluice doctor`: is the configuration right, are its secrets there, and do its logins work?</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = SharedOptions.Config();
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Check configuration, secrets and logins. Exit code 0: all well, 1: notes, 2: errors.")
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
                        var snapshot = setup.Load(1);
                        var logins = await CheckAsync(snapshot, cancellationToken).ConfigureAwait(false);
                        return Report(snapshot, logins, setup.Origin, parsed.GetValue(json));
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

    /// <summary>Logs in wherever there is no key: at the vendors' token endpoints, never at the models.</summary>
    private static async Task<Dictionary<string, CheckedLogin>> CheckAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        using var upstream = new UpstreamClient(new UpstreamOptions(), TimeProvider.System);
        var found = new Dictionary<string, CheckedLogin>(StringComparer.Ordinal);
        foreach (var provider in snapshot.Providers.Values.Where(p => p.Missing is null).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            foreach (var login in provider.Credentials.Select(c => c.Login).OfType<Login>())
            {
                found[provider.Name] = new(login, await FlawOfAsync(upstream, login, cancellationToken).ConfigureAwait(false));
            }
        }

        return found;
    }

    private static async Task<string?> FlawOfAsync(UpstreamClient upstream, Login login, CancellationToken cancellationToken)
    {
        try
        {
            await upstream.CheckAsync(login, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ProviderException failure)
        {
            return failure.Detail is { } detail ? $"{failure.Message}: {detail}" : failure.Message;
        }
    }

    private static int Report(Snapshot snapshot, Dictionary<string, CheckedLogin> logins, string origin, bool json)
    {
        var notes = snapshot.Warnings.AddRange(
            logins
                .Where(l => l.Value.Flaw is not null)
                .Select(l => $"provider '{l.Key}' cannot log in with {l.Value.Login.Source}: {l.Value.Flaw}")
        );
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["errors"] = new JsonArray(),
                    ["notes"] = Texts(notes),
                    ["logins"] = new JsonArray([.. logins.Select(l => (JsonNode)Describe(l.Key, l.Value))]),
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
                var login = logins.GetValueOrDefault(provider.Name);
                if (provider.Missing is null && login?.Flaw is null)
                {
                    var with = login is null ? $"{provider.Credentials.Length} key(s)" : login.Login.Source;
                    Console.WriteLine($"  ok: {provider.Name}, {with}, {provider.Address}");
                }
            }

            foreach (var note in notes)
            {
                Console.WriteLine($"  note: {note}");
            }
        }

        return notes.IsEmpty ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonObject Describe(string provider, CheckedLogin login) =>
        new()
        {
            ["provider"] = provider,
            ["source"] = login.Login.Source,
            ["works"] = login.Flaw is null,
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    /// <summary>A login that was tried.</summary>
    /// <param name="Flaw">Why it does not work; <see langword="null"/> where it does.</param>
    private sealed record CheckedLogin(Login Login, string? Flaw);
}
