using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Verification;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>`sluice ledger backup`: a verified copy, while the gateway runs.</summary>
internal static class LedgerBackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the copy; one that is there stays." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("backup", "Copy ledger and keys into one file, while the gateway runs, and verify the copy.")
        {
            file,
            data,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var directory = LedgerFiles.Existing(parsed.GetValue(data)!);
                var path = Path.GetFullPath(parsed.GetValue(file)!);
                if (File.Exists(path))
                {
                    throw new UserException($"{path} is there already; name another file");
                }

                SqliteBackup.Write(directory.Database, path);
                var verification = Verify(path, cancellationToken);
                Console.WriteLine(
                    parsed.GetValue(json)
                        ? new JsonObject
                        {
                            ["file"] = path,
                            ["last"] = verification.Last,
                            ["whole"] = verification.IsWhole,
                        }.ToJsonString()
                        : $"{path} has {verification.Entries} entries up to {verification.Last} and "
                            + (verification.IsWhole ? "is whole" : "is NOT whole: the ledger is not; `sluice ledger verify` says where")
                );
                return Task.FromResult(verification.IsWhole ? ExitCode.Done : ExitCode.Failed);
            }
        );
        return command;
    }

    /// <summary>A copy in itself: anchors stay where they are.</summary>
    public static Verification Verify(string file, CancellationToken cancellationToken) =>
        new LedgerVerifier(new SqliteLedgerReader(file), new LedgerAnchors(file + ".anchors")).Run(cancellationToken);
}
