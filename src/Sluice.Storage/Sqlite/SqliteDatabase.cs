using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>Opens the one database of a data directory and brings its schema up to date.</summary>
internal static class SqliteDatabase
{
    /// <summary>What the write-ahead log may keep after it was carried over, in bytes.</summary>
    public const long LogLimit = 32 << 20;

    /// <summary>Opens it to write; made if it is missing.</summary>
    /// <exception cref="LedgerException">The file cannot be opened, is no database, or was written by another version.</exception>
    public static SqliteConnection Open(string path) =>
        Connect(
            path,
            SqliteOpenMode.ReadWriteCreate,
            connection =>
            {
                // WAL: readers never wait for the writer. FULL: what was committed survives a power cut, for the ring gives its slots back then.
                Execute(
                    connection,
                    $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA journal_size_limit={LogLimit};"
                );
                Upgrade(connection, path);
            }
        );

    /// <summary>Opens it to read, beside whoever writes.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static SqliteConnection OpenToRead(string path)
    {
        void Prepare(SqliteConnection connection)
        {
            Execute(connection, "PRAGMA busy_timeout=10000; PRAGMA query_only=1;");
            if (VersionOf(connection, path) is var version && version < SqliteSchema.Current)
            {
                throw new LedgerException($"{path} was not taken over yet (schema {version}); start the gateway on it once");
            }
        }

        try
        {
            return Connect(path, SqliteOpenMode.ReadOnly, Prepare);
        }
        catch (LedgerException exception)
            when (exception.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } && IsAtRest(path))
        {
            // Where nothing can be written, no reader can make itself known to a writer, and there is none.
            return Connect($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly, Prepare);
        }
    }

    private static bool IsAtRest(string path) => File.Exists(path) && !File.Exists(path + "-wal");

    /// <summary>A failure of the database in the ledger's words.</summary>
    public static LedgerException Failure(string path, SqliteException exception, string cure) =>
        exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
            ? new LedgerDamagedException($"{path}: {exception.Message}", exception)
            : new LedgerException($"{path}: {exception.Message}; {cure}", exception);

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

    /// <summary>Runs a query; the row is good until the next one is asked for.</summary>
    /// <exception cref="LedgerException">The database cannot be read, or not on from here.</exception>
    public static IEnumerable<SqliteDataReader> Query(
        SqliteConnection connection,
        string sql,
        params IEnumerable<(string Name, object Value)> values
    )
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var row = Reading(connection, command.ExecuteReader);
        while (Reading(connection, row.Read))
        {
            yield return row;
        }
    }

    private static T Reading<T>(SqliteConnection connection, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_ERROR)
        {
            // Our own statements fit the schema: where a table or a column is missing, the schema itself was damaged.
            throw new LedgerDamagedException($"{connection.DataSource}: {exception.Message}", exception);
        }
        catch (SqliteException exception)
        {
            throw Failure(connection.DataSource, exception, "`sluice ledger verify` says what is broken");
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = 10,
            }.ToString()
        );
        try
        {
            connection.Open();
            prepare(connection);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw Failure(path, exception, "check that the directory exists and can be written");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Two processes may find an old schema at once: the one that waited for the other looks again.</summary>
    private static void Upgrade(SqliteConnection connection, string path)
    {
        if (VersionOf(connection, path) == SqliteSchema.Current)
        {
            return;
        }

        Execute(connection, "BEGIN IMMEDIATE");
        if (VersionOf(connection, path) is var version && version < SqliteSchema.Current)
        {
            var missing = SqliteSchema.Versions[Math.Max(0, version - SqliteSchema.First + 1)..];
            Execute(connection, $"{string.Concat(missing)} PRAGMA user_version={SqliteSchema.Current};");
        }

        Execute(connection, "COMMIT");
    }

    private static int VersionOf(SqliteConnection connection, string path)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        return version > SqliteSchema.Current
                ? throw new LedgerException($"{path} was written by a newer version of Sluice (schema {version}); use that version")
            : version is > 0 and < SqliteSchema.First
                ? throw new LedgerException(
                    $"{path} was written by a version of Sluice before the first release (schema {version}), which this one does not read; "
                        + "move the data directory away, or name another with --data"
                )
            : version;
    }
}
