using Microsoft.Data.Sqlite;
using Sluice.Ledger;

namespace Sluice.Storage.Sqlite;

/// <summary>Copies a ledger while it is written, and puts a copy back.</summary>
/// <remarks>
/// Entries, rollups, open holds and the place in the ring are one transaction, so that a copy is a whole ledger of one moment: at
/// most a batch, a tenth of a second, behind the calls. Its open holds are booked when a gateway starts on it, as after a crash.
/// </remarks>
internal static class SqliteBackup
{
    /// <summary>Writes a copy in one file. The gateway goes on writing meanwhile.</summary>
    /// <exception cref="LedgerException">It cannot be read or written.</exception>
    public static void Write(string database, string file)
    {
        var half = file + ".part";
        File.Delete(half);
        try
        {
            using (var from = SqliteDatabase.OpenToRead(database))
            using (var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = half, Pooling = false }.ToString()))
            {
                to.Open();
                from.BackupDatabase(to);
                // One file to carry about, without a log beside it.
                SqliteDatabase.Execute(to, "PRAGMA journal_mode=DELETE");
            }

            File.Move(half, file);
        }
        catch (SqliteException exception)
        {
            throw SqliteDatabase.Failure(file, exception, "check that there is room and that it can be written");
        }
        finally
        {
            File.Delete(half);
        }
    }
}
