using Microsoft.Data.Sqlite;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SqliteConnection _connection;

    public SqliteStatementTests()
    {
        _connection = SqliteDatabase.Open(_directory.File("statements.db"));
        SqliteDatabase.Execute(_connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, number INTEGER, text TEXT NOT NULL) STRICT");
    }

    [Fact]
    public void Run_RowsThatDifferInSomeValues_WritesEachAsItWasBound()
    {
        using var insert = Insert();

        insert.Add(1).Add(0).Add("").Run();
        insert.Add(2).Add((long?)null).Add("").Run();
        insert.Add(3).Add((long?)null).Add("a").Run();
        insert.Add(4).Add(0).Add("a").Run();

        Rows().ShouldBe("1 0 ;2 NULL ;3 NULL a;4 0 a");
    }

    [Fact]
    public void Run_AfterARowThatWasNotTaken_BindsTheWholeRow()
    {
        using var insert = Insert();
        insert.Add(1).Add(7).Add("a").Run();
        Should.Throw<SqliteException>(() => insert.Add(1).Add(8).Add("b").Run());

        insert.Add(2).Add(8).Add("b").Run();

        Rows().ShouldBe("1 7 a;2 8 b");
    }

    private SqliteStatement Insert() => new(_connection, "INSERT INTO t (id, number, text) VALUES (?, ?, ?)");

    private string Rows() =>
        (string)
            SqliteDatabase.Scalar(
                _connection,
                "SELECT group_concat(id || ' ' || coalesce(number, 'NULL') || ' ' || text, ';') FROM (SELECT * FROM t ORDER BY id)"
            )!;

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }
}
