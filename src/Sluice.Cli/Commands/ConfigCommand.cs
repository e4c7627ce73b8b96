using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice config`: which configuration was in force since when, what changed, and the way back.</summary>
internal static class ConfigCommand
{
    private const string Disk = "disk";

    public static Command Create() =>
        new("config", "Show the history of the configuration, compare revisions, and go back to one.")
        {
            History(),
            Show(),
            Diff(),
            ConfigRollbackCommand.Create(),
        };

    /// <summary>The revisions of a data directory; what is wrong with it is said in words for a user.</summary>
    public static SqliteRevisionStore Store(string data) =>
        File.Exists(DataDirectory.DatabaseIn(data))
            ? new DataDirectory(data).Revisions
            : throw new UserException($"there is no history in {data}: a gateway begins it at its start; another is named with --data");

    /// <exception cref="UserException">It is not kept, or was refused and has nothing to show.</exception>
    public static Revision Taken(SqliteRevisionStore store, long number) =>
        store.Find(number) switch
        {
            null => throw new UserException($"there is no revision {number}; `sluice config history` lists those that are kept"),
            { Refused: true } => throw new UserException($"revision {number} was refused and never in force"),
            var found => found,
        };

    private static Command History()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var limit = new Option<int>("--limit")
        {
            Description = "How many, the newest first.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var command = new Command("history", "List who brought which configuration into force, when, and what it changed.")
        {
            limit,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var all = Store(parsed.GetValue(data)!).List();
            var inForce = all.FirstOrDefault(r => !r.Refused)?.Number;
            var shown = all.Take(parsed.GetValue(limit));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. shown.Select(r => (JsonNode)RevisionText.Json(r, inForce))]).ToJsonString());
                return ExitCode.Done;
            }

            foreach (var revision in shown)
            {
                Console.WriteLine(RevisionText.Line(revision, inForce));
                WriteLines(RevisionText.Details(revision));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var number = Number("The revision; without it the one in force.");
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var files = new Option<bool>("--files") { Description = "The texts of its files, comments included." };
        var command = new Command("show", "Show a revision: the configuration with everything it extends.") { number, files, data, json };
        command.SetAction(parsed =>
        {
            var store = Store(parsed.GetValue(data)!);
            var inForce = InForce(store);
            var revision = parsed.GetValue(number) is { } asked ? Taken(store, asked) : inForce;
            var merged = JsonNode.Parse(revision.Merged)!;
            if (parsed.GetValue(json))
            {
                var answer = RevisionText.Json(revision, inForce.Number);
                answer["configuration"] = merged;
                answer["files"] = new JsonArray([
                    .. revision.Files.Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["text"] = f.Text }),
                ]);
                Console.WriteLine(answer.ToJsonString());
                return ExitCode.Done;
            }

            Console.WriteLine($"// {RevisionText.Line(revision, inForce.Number)}");
            if (!parsed.GetValue(files))
            {
                Console.WriteLine(ReadableJson.Indented(merged));
                return ExitCode.Done;
            }

            foreach (var file in revision.Files)
            {
                Console.WriteLine($"// {file.Path}");
                Console.WriteLine(file.Text.TrimEnd());
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Diff()
    {
        var from = new Argument<string?>("FROM")
        {
            Description = "A revision, or `disk`. Default: what is in force.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var to = new Argument<string?>("TO")
        {
            Description = "A revision, or `disk`. Default: the file on disk.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command(
            "diff",
            "Show what differs between two revisions, or what a reload would change. Exit code 0: nothing, 1: something."
        )
        {
            from,
            to,
            config,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var store = Store(parsed.GetValue(data)!);
            var before = Merged(parsed.GetValue(from), store, parsed.GetValue(config), InForce(store).Merged);
            var after = Merged(parsed.GetValue(to) ?? Disk, store, parsed.GetValue(config), "");
            var changes = ConfigurationChange.Between(before, after);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(RevisionContent.Write(changes).ToJsonString());
            }
            else
            {
                WriteLines(changes.Select(c => c.ToString()));
            }

            return changes.IsEmpty ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Merged(string? which, SqliteRevisionStore store, string? config, string otherwise) =>
        which is null ? otherwise
        : which == Disk ? WrittenSecrets.Masked(ReadableJson.Of(ConfigurationFile.Read(FileOf(config), new FilesRead()))!)
        : long.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Taken(store, number).Merged
        : throw new UserException($"'{which}' is no revision; write a number that `sluice config history` lists, or \"{Disk}\"");

    public static string FileOf(string? config) =>
        SharedOptions.FileOf(config) ?? throw new UserException("there is no sluice.json here; name the configuration with --config");

    private static Revision InForce(SqliteRevisionStore store) =>
        store.List().FirstOrDefault(r => !r.Refused)
        ?? throw new UserException("nothing was in force yet; a gateway begins the history at its start");

    public static Argument<long?> Number(string description) =>
        new("REVISION") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.WriteLine(line);
        }
    }
}
