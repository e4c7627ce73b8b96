using Microsoft.Data.Sqlite;
using Sluice.Ledger;

namespace Sluice.Storage.Sqlite;

/// <summary>Opens the one database of a data directory and brings its schema up to date.</summary>
internal static class SqliteDatabase
{
    private static readonly int SchemaVersion = SqliteSchema.Versions.Length;

    /// <exception cref="LedgerException">The file cannot be opened, is no database, or was written by a newer version.</exception>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                DefaultTimeout = 10,
            }.ToString()
        );
        try
        {
            connection.Open();
            // WAL: readers never wait for the writer. FULL: what was committed survives a power cut, for the ring gives its slots back then.
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;");
            var version = VersionOf(connection);
            if (version > SchemaVersion)
            {
                throw new LedgerException($"{path} was written by a newer version of Sluice (schema {version}); use that version");
            }

            if (version < SchemaVersion)
            {
                Upgrade(connection);
            }

            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new LedgerException($"{path}: {exception.Message}; check that the directory exists and can be written", exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Two processes may find an old schema at once: the one that waited for the other looks again.</summary>
    private static void Upgrade(SqliteConnection connection)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        if (VersionOf(connection) is var version && version < SchemaVersion)
        {
            Execute(connection, $"{string.Concat(SqliteSchema.Versions[version..])} PRAGMA user_version={SchemaVersion};");
        }

        Execute(connection, "COMMIT");
    }

    private static int VersionOf(SqliteConnection connection) =>
        Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
