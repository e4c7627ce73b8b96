using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Commands;

/// <summary>The ledger that a command is about.</summary>
internal static class LedgerFiles
{
    /// <exception cref="UserException">There is none.</exception>
    public static SqliteLedgerReader Reader(string data) => new(Existing(data).Database);

    /// <exception cref="UserException">There is no ledger in it.</exception>
    public static DataDirectory Existing(string data) =>
        File.Exists(DataDirectory.DatabaseIn(data))
            ? new DataDirectory(data)
            : throw new UserException($"there is no ledger in {Path.GetFullPath(data)}; name its directory with --data");
}
