using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Gateway.Keys;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice keys`: who may call. A running gateway takes changes over within a second.</summary>
internal static class KeysCommand
{
    public static Command Create() =>
        new("keys", "Create, list, rotate and revoke callers' keys.") { CreateKey(), List(), Rotate(), Revoke() };

    private static Command CreateKey()
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for." };
        var rules = new KeyRuleOptions();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("create", "Make a key. It is shown once; only its hash is kept.") { name, data, json };
        rules.AddTo(command);
        command.SetAction(parsed =>
        {
            var (secret, key) = KeyRing.Create(parsed.GetValue(name)!, rules.Read(parsed), TimeProvider.System.GetUtcNow());
            new DataDirectory(parsed.GetValue(data)!).Keys.Add(key);
            Console.WriteLine(
                parsed.GetValue(json)
                    ? KeyJson.Write(key, secret).ToJsonString()
                    : $"{secret}\n  id {key.Id}, for {key.Name}. It is not shown again. From now on every caller needs a key."
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rotate()
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as `keys list` shows it." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("rotate", "Give a key another secret. The old one is worthless at once; rules and budgets stay.")
        {
            id,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var secret = KeyRing.NewSecret();
            if (!new DataDirectory(parsed.GetValue(data)!).Keys.Rotate(parsed.GetValue(id)!, KeyRing.HashOf(secret)))
            {
                throw new UserException($"there is no key '{parsed.GetValue(id)}' that is not revoked; `sluice keys list` shows all");
            }

            Console.WriteLine(
                parsed.GetValue(json)
                    ? new JsonObject { ["id"] = parsed.GetValue(id), ["key"] = secret }.ToJsonString()
                    : $"{secret}\n  the new secret of {parsed.GetValue(id)}. It is not shown again."
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("list", "Show all keys; never the keys themselves.") { data, json };
        command.SetAction(parsed =>
        {
            var keys = new DataDirectory(parsed.GetValue(data)!).Keys.List();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. keys.Select(k => (JsonNode)KeyJson.Write(k))]).ToJsonString());
                return ExitCode.Done;
            }

            foreach (var key in keys)
            {
                Console.WriteLine(
                    $"{key.Id}  {key.CreatedAt:yyyy-MM-dd HH:mm}  {(key.RevokedAt is { } at ? $"revoked {at:yyyy-MM-dd HH:mm}" : "active")}  {key.Name}{(key.Rules == "{}" ? "" : "  " + key.Rules)}"
                );
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as `keys list` shows it." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("revoke", "Make a key worthless.") { id, data, json };
        command.SetAction(parsed =>
        {
            if (!new DataDirectory(parsed.GetValue(data)!).Keys.Revoke(parsed.GetValue(id)!, TimeProvider.System.GetUtcNow()))
            {
                throw new UserException($"there is no key '{parsed.GetValue(id)}' that is not revoked; `sluice keys list` shows all");
            }

            Console.WriteLine(
                parsed.GetValue(json)
                    ? new JsonObject { ["id"] = parsed.GetValue(id), ["revoked"] = true }.ToJsonString()
                    : $"{parsed.GetValue(id)} is revoked"
            );
            return ExitCode.Done;
        });
        return command;
    }
}
