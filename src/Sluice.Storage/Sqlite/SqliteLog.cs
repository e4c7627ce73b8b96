using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Keeps the write-ahead log short.</summary>
/// <remarks>
/// SQLite carries the log over by itself, but begins it anew only in a moment without readers; under steady reading it would grow
/// without end. Beyond a length the writer asks for that moment, and goes on without it when it does not come.
/// </remarks>
internal static class SqliteLog
{
    public static void Shorten(SqliteConnection connection, string path)
    {
        var log = new FileInfo(path + "-wal");
        if (!log.Exists || log.Length <= SqliteDatabase.LogLimit)
        {
            return;
        }

        try
        {
            // Without waiting: a reader that is in the way now is gone at one of the next batches.
            SqliteDatabase.Execute(connection, "PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE);");
        }
        catch (SqliteException)
        {
            // A disk that is full is told by the next batch.
        }
        finally
        {
            SqliteDatabase.Execute(connection, "PRAGMA busy_timeout=10000;");
        }
    }
}
