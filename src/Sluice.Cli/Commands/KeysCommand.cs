using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Gateway.Keys;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice keys`: who may call. A running gateway takes changes over within a second.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Create, list and revoke callers' keys.") { CreateKey(), List(), Revoke() };

    private static Command CreateKey()
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("create", "Make a key. It is shown once; only its hash is kept.") { name, data, json };
        command.SetAction(parsed =>
        {
            var (secret, key) = KeyRing.Create(parsed.GetValue(name)!, TimeProvider.System.GetUtcNow());
            new DataDirectory(parsed.GetValue(data)!).Keys.Add(key);
            Console.WriteLine(
                parsed.GetValue(json)
                    ? new JsonObject
                    {
                        ["id"] = key.Id,
                        ["name"] = key.Name,
                        ["key"] = secret,
                    }.ToJsonString()
                    : $"{secret}\n  id {key.Id}, for {key.Name}. It is not shown again. From now on every caller needs a key."
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
                Console.WriteLine(new JsonArray([.. keys.Select(k => (JsonNode)Describe(k))]).ToJsonString());
                return ExitCode.Done;
            }

            foreach (var key in keys)
            {
                Console.WriteLine(
                    $"{key.Id}  {key.CreatedAt:yyyy-MM-dd HH:mm}  {(key.RevokedAt is { } at ? $"revoked {at:yyyy-MM-dd HH:mm}" : "active")}  {key.Name}"
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

    private static JsonObject Describe(StoredKey key) =>
        new()
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["createdAt"] = key.CreatedAt,
            ["revokedAt"] = key.RevokedAt,
        };
}
