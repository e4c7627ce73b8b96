using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Gateway.Ids;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Gateway.Tests.Ids;

public sealed class MadeIdsTests : IDisposable
{
    private static readonly IdRetention Few = new(TimeSpan.FromDays(30), 10);

    private readonly TempDirectory _data = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Ids_BelongToWhoCameFirst()
    {
        await using var made = Open();

        made.Make("oai", "file-1", "alice", "oai");
        made.Make("oai", "file-1", "bob", "oai");
        made.Keep(["resp_1"], "alice", "rsp", "m", "rsp");
        made.Keep(["resp_1"], "bob", "rsp", "m", "rsp");
        made.Keep(["resp_1"], "bob", "other", "m", "rsp");

        made.Find("oai", "file-1")!.Key.ShouldBe("alice");
        made.Find("ant", "file-1").ShouldBeNull();
        made.Of("resp_1").ToArray().Select(m => (m.Provider, m.Key)).ShouldBe([("rsp", "alice"), ("other", "bob")]);
    }

    [Fact]
    public async Task Restart_KnowsBothKindsAndWhatWasForgotten()
    {
        await using (var before = Open())
        {
            before.Make("oai", "file-1", "alice", "oai");
            before.Keep(["resp_1", "msg_1", "resp_2"], "alice", "rsp", "m", "rsp#2");
            before.Forget(before.Find("rsp", "resp_2")!);
            before.Find("rsp", "resp_2").ShouldBeNull();
        }

        await using var after = Open();

        after.Find("oai", "file-1")!.OfAnswer.ShouldBeFalse();
        after.Find("rsp", "msg_1").ShouldBe(new MadeId("rsp", "msg_1", "alice", "rsp#2", _time.GetUtcNow()) { Model = "m" });
        after.Find("rsp", "resp_2").ShouldBeNull();
    }

    [Fact]
    public async Task Answers_AreForgottenAfterTheirTime_ThingsAreNot()
    {
        await using var made = Open();
        made.Make("oai", "file-1", "alice", "oai");
        made.Keep(["resp_1"], "alice", "rsp", "m", "rsp");

        _time.Advance(TimeSpan.FromDays(31));
        made.Find("rsp", "resp_1").ShouldBeNull();
        made.Of("resp_1").Length.ShouldBe(0);
        made.Find("oai", "file-1").ShouldNotBeNull();

        _time.Advance(TimeSpan.FromDays(370));
        made.Find("oai", "file-1").ShouldBeNull();
    }

    [Fact]
    public async Task Many_TheOldestOfTheirKindAreForgotten()
    {
        await using (var made = Open())
        {
            made.Make("oai", "thing", "alice", "oai");
            for (var i = 0; i < 25; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                made.Keep([$"resp_{i}"], "bob", "rsp", "m", "rsp");
            }
        }

        await using (var made = Open())
        {
            made.Find("rsp", "resp_14").ShouldBeNull();
            made.Find("rsp", "resp_15").ShouldNotBeNull();
            made.Find("oai", "thing").ShouldNotBeNull("answers push no thing out");
            for (var i = 0; i < 12; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                made.Make("oai", $"file-{i}", "bob", "oai");
            }

            made.Find("oai", "thing").ShouldBeNull();
            made.Find("oai", "file-11").ShouldNotBeNull();
        }

        new SqliteIdStore(Database).List().Count.ShouldBeLessThanOrEqualTo(2 * Few.Overflow);
    }

    [Fact]
    public async Task DatabaseLocked_IsNoFailureOfTheAnswer()
    {
        await using var made = Open();
        using var other = new SqliteConnection($"Data Source={Database};Pooling=False");
        other.Open();
        using (var locked = other.BeginTransaction())
        {
            made.Keep(["resp_1"], "alice", "rsp", "m", "rsp");
            made.Find("rsp", "resp_1").ShouldNotBeNull();
        }
    }

    public void Dispose() => _data.Dispose();

    private string Database => Path.Combine(_data.Path, "sluice.db");

    private MadeIds Open() =>
        new(new SqliteIdStore(Database), _time, NullLogger<MadeIds>.Instance, IdRetention.OfThings with { Most = 10 }, Few);
}
