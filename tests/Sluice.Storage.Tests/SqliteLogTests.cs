using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class SqliteLogTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Database => _directory.File("sluice.db");

    [Fact]
    public void Shorten_LogThatGrewBehindAReader_BeginsAnewWhenTheReaderIsGone()
    {
        using var writer = SqliteDatabase.Open(Database);
        SqliteDatabase.Execute(writer, "CREATE TABLE t (data BLOB)");
        using (var reader = SqliteDatabase.OpenToRead(Database))
        {
            SqliteDatabase.Execute(reader, "BEGIN");
            SqliteDatabase.Scalar(reader, "SELECT count(*) FROM t");
            for (var i = 0; i < 40; i++)
            {
                SqliteDatabase.Execute(writer, "INSERT INTO t VALUES (zeroblob(1048576))");
            }

            SqliteLog.Shorten(writer, Database);
            Log().ShouldBeGreaterThan(SqliteDatabase.LogLimit);
        }

        SqliteLog.Shorten(writer, Database);

        Log().ShouldBe(0);
        SqliteDatabase.Scalar(writer, "PRAGMA busy_timeout").ShouldBe(10_000L);
    }

    public void Dispose() => _directory.Dispose();

    private long Log() => new FileInfo(Database + "-wal").Length;
}
