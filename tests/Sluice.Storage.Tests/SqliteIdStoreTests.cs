using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class SqliteIdStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private string Database => Path.Combine(_directory.Path, "sluice.db");

    [Fact]
    public void Id_BelongsToWhoeverMadeItFirst()
    {
        var store = new SqliteIdStore(Database);

        store.Add([Made("file-1", "alice")]);
        store.Add([Made("file-1", "bob"), Made("file-1", "bob") with { Provider = "ant" }]);

        new SqliteIdStore(Database).List().Select(m => (m.Provider, m.Key)).ShouldBe([("oai", "alice"), ("ant", "bob")], ignoreOrder: true);
    }

    [Fact]
    public void Prune_LeavesTheNewest()
    {
        var store = new SqliteIdStore(Database);
        for (var i = 0; i < 5; i++)
        {
            store.Add([Made($"file-{i}", "alice"), Made($"resp_{i}", "alice") with { Model = "m" }]);
            _time.Advance(TimeSpan.FromDays(1));
        }

        store.Prune(ofAnswers: false, _time.GetUtcNow() - TimeSpan.FromDays(4), most: 3);
        Ids(ofAnswers: false).ShouldBe(["file-2", "file-3", "file-4"], ignoreOrder: true);
        Ids(ofAnswers: true).Count().ShouldBe(5);
        store.Prune(ofAnswers: false, _time.GetUtcNow() - TimeSpan.FromDays(1.5), most: 3);
        store.Prune(ofAnswers: true, _time.GetUtcNow() - TimeSpan.FromDays(9), most: 2);
        Ids(ofAnswers: false).ShouldBe(["file-4"]);
        Ids(ofAnswers: true).ShouldBe(["resp_3", "resp_4"], ignoreOrder: true);

        IEnumerable<string> Ids(bool ofAnswers) => store.List().Where(m => m.OfAnswer == ofAnswers).Select(m => m.Id);
    }

    [Fact]
    public void Remove_IsForGood()
    {
        var store = new SqliteIdStore(Database);
        store.Add([Made("resp_1", "alice") with { Model = "m" }, Made("resp_2", "alice")]);

        store.Remove(Made("resp_1", "anybody"));

        new SqliteIdStore(Database).List().ShouldBe([Made("resp_2", "alice")]);
    }

    [Theory]
    [InlineData(3, "move the data directory away")]
    [InlineData(99, "use that version")]
    public void DatabaseOfAnotherVersion_IsRefusedWithTheCure(int version, string cure)
    {
        using (var old = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            old.Open();
            SqliteDatabase.Execute(old, $"CREATE TABLE entries (sequence INTEGER PRIMARY KEY); PRAGMA user_version={version};");
        }

        Should.Throw<LedgerException>(() => new SqliteIdStore(Database).List()).Message.ShouldContain(cure);
    }

    [Fact]
    public async Task NewDatabase_OpenedByManyAtOnce_IsMadeOnce()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => new SqliteIdStore(Database).Add([Made($"file-{i}", "alice")])))
        );

        new SqliteIdStore(Database).List().Count.ShouldBe(8);
    }

    public void Dispose() => _directory.Dispose();

    private MadeId Made(string id, string key) => new("oai", id, key, "oai#1", _time.GetUtcNow());
}
