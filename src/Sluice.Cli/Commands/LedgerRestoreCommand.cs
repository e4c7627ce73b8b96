using System.CommandLine;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger restore`: puts a verified copy in place of a ledger, which is moved aside.</summary>
internal static class LedgerRestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A copy that `ledger backup` wrote." };
        var replace = new Option<bool>("--replace") { Description = "Move a ledger that is there aside, into a directory beside it." };
        var data = SharedOptions.Data();
        var command = new Command("restore", "Verify a copy and put it into a data directory. The gateway must not run.")
        {
            file,
            replace,
            data,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var path = Path.GetFullPath(parsed.GetValue(file)!);
                if (!File.Exists(path))
                {
                    throw new UserException($"there is no file {path}");
                }

                var verification = LedgerBackupCommand.Verify(path, cancellationToken);
                if (!verification.IsWhole)
                {
                    throw new UserException($"{path} is not a whole ledger: {verification.Findings[0].Message}; nothing was changed");
                }

                var directory = new DataDirectory(parsed.GetValue(data)!);
                var aside = directory.Replace(path, parsed.GetValue(replace), TimeProvider.System);
                Console.WriteLine(
                    $"{directory.Path} has {verification.Entries} entries up to {verification.Last}"
                        + (aside is null ? "" : $"; what was there is in {aside}")
                );
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }
}
