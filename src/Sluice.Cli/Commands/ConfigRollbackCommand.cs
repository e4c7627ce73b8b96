using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice config rollback`: puts the files of a revision back; a running gateway takes them up.</summary>
internal static class ConfigRollbackCommand
{
    public static Command Create()
    {
        var number = new Argument<long>("REVISION") { Description = "The revision whose files are put back." };
        var because = new Option<string?>("--because") { Description = "Why; the history keeps it.", HelpName = "TEXT" };
        var yes = new Option<bool>("--yes") { Description = "Do it. Without this it only shows what would change." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("rollback", "Put the files of a revision back; a running gateway takes them up at once.")
        {
            number,
            because,
            yes,
            data,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new DataDirectory(parsed.GetValue(data)!),
                    ConfigCommand.Taken(ConfigCommand.Store(parsed.GetValue(data)!), parsed.GetValue(number)),
                    new ReloadCause(Environment.UserName, parsed.GetValue(because) ?? Rollback(parsed.GetValue(number))),
                    (parsed.GetValue(yes), parsed.GetValue(json)),
                    cancellationToken
                )
        );
        return command;
    }

    private static string Rollback(long number) => string.Create(CultureInfo.InvariantCulture, $"rollback to revision {number}");

    private static async Task<int> RunAsync(
        DataDirectory data,
        Revision revision,
        ReloadCause cause,
        (bool Yes, bool Json) options,
        CancellationToken cancellationToken
    )
    {
        var rollback = RevisionRollback.Prepare(revision, SharedOptions.Compiler());
        Report(options.Json, rollback);
        if (rollback.IsInPlace || !options.Yes)
        {
            Say(options.Json, rollback.IsInPlace ? "the files are as they were in that revision" : "nothing is changed yet; --yes does it");
            return rollback.IsInPlace ? ExitCode.Done : ExitCode.Failed;
        }

        data.Revisions.Announce(rollback.Digest, cause, TimeProvider.System.GetUtcNow());
        foreach (var kept in rollback.Write(file => data.Revisions.Keeps(file), TimeProvider.System.GetUtcNow()))
        {
            Say(options.Json, $"kept what was there as {kept}: no revision has it");
        }

        var answer = await RunningGateway.ReloadAsync(data, cause, cancellationToken).ConfigureAwait(false);
        if (answer is not null)
        {
            // What was in force already makes no revision: nobody else's change shall be told as this one.
            data.Revisions.TakeAnnounced(rollback.Digest);
        }

        switch (answer)
        {
            case { Errors: { } errors }:
                rollback.Undo();
                throw new UserException(
                    $"the running gateway refused it, and the files are as they were before:{Environment.NewLine}{errors}"
                );
            case { Revision: { } taken }:
                Say(options.Json, $"revision {taken} is in force");
                break;
            default:
                Say(options.Json, "no gateway runs on this data directory; the next start takes it");
                break;
        }

        return ExitCode.Done;
    }

    private static void Report(bool json, RevisionRollback rollback)
    {
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["files"] = new JsonArray([.. rollback.Changed.Select(f => (JsonNode)f)]),
                    ["changes"] = Storage.Sqlite.RevisionContent.Write(rollback.Changes),
                    ["notes"] = new JsonArray([.. rollback.Notes.Select(n => (JsonNode)n)]),
                }.ToJsonString()
            );
            return;
        }

        foreach (var line in RevisionText.Lines(rollback.Changes).Concat(rollback.Notes.Select(n => $"  note: {n}")))
        {
            Console.WriteLine(line);
        }
    }

    private static void Say(bool json, string text) => (json ? Console.Error : Console.Out).WriteLine(text);
}
