using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

public sealed class SqliteRevisionStoreTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _directory = new();
    private readonly SqliteRevisionStore _store;

    public SqliteRevisionStoreTests() => _store = new SqliteRevisionStore(_directory.File("sluice.db"));

    [Fact]
    public void Revision_ComesBackAsItWas()
    {
        var revision = Taken(7) with
        {
            Cause = new ReloadCause("me", "better so"),
            Changes = [new("/pins", null, "true"), new("/routes/a", """{"x":"ü"}""", null), new("file:/run/key", null, null)],
            Masked = true,
        };

        _store.Add(revision);

        var found = _store.Find(7)!;
        (found.Number, found.At, found.Cause, found.Merged, found.Digest, found.Masked).ShouldBe(
            (revision.Number, revision.At, revision.Cause, revision.Merged, revision.Digest, revision.Masked)
        );
        found.Changes.ShouldBe(revision.Changes);
        found.Files.ShouldBe(revision.Files);
        (_store.Last, _store.InForce()!.Number, _store.Find(8)).ShouldBe((7, 7, null));
    }

    [Fact]
    public void MoreThanAreKept_TheOldestGo()
    {
        _store.Add(Taken(1));
        CopyTo(SqliteRevisionStore.Most);
        _store.List().Count.ShouldBe(SqliteRevisionStore.Most);

        _store.Add(Taken(SqliteRevisionStore.Most + 1));
        _store.Add(Taken(SqliteRevisionStore.Most + 2));

        var kept = _store.List();
        (kept.Count, kept[0].Number, kept[^1].Number).ShouldBe((SqliteRevisionStore.Most, SqliteRevisionStore.Most + 2, 3));
    }

    [Fact]
    public void WhatIsInForce_StaysHoweverManyWereRefusedSince()
    {
        _store.Add(Refused(2));
        CopyTo(SqliteRevisionStore.Most + 1);
        _store.Add(Taken(1));

        _store.Add(Refused(SqliteRevisionStore.Most + 2));

        _store.InForce()!.Number.ShouldBe(1);
        _store.List().Count.ShouldBe(SqliteRevisionStore.Most + 1);
        _store.Add(Taken(SqliteRevisionStore.Most + 3));
        _store.Find(1).ShouldBeNull("another one is in force");
    }

    [Fact]
    public void Announced_IsTakenOnce()
    {
        _store.Announce("d", new ReloadCause("me", "rollback"), At);
        _store.Announce("e", new ReloadCause("you"), At);

        _store.TakeAnnounced("d").ShouldBe(new ReloadCause("me", "rollback"));
        _store.TakeAnnounced("d").ShouldBeNull();
        _store.TakeAnnounced("e").ShouldBe(new ReloadCause("you"));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>The newest that is kept, again and again, under the numbers that follow.</summary>
    private void CopyTo(int last)
    {
        using var connection = SqliteDatabase.Open(_directory.File("sluice.db"));
        SqliteDatabase.Execute(
            connection,
            $"""
            WITH RECURSIVE more(n) AS (SELECT MAX(number) + 1 FROM revisions UNION ALL SELECT n + 1 FROM more WHERE n < {last})
            INSERT INTO revisions (number, at, who, because, digest, masked, errors, changes, content)
            SELECT n, at, who, because, digest, masked, errors, changes, content
            FROM more, (SELECT * FROM revisions ORDER BY number DESC LIMIT 1)
            """
        );
    }

    private static Revision Taken(long number) =>
        new()
        {
            Number = number,
            At = At,
            Cause = ReloadCause.Start,
            Merged = """{"routes":{}}""",
            Files = [new SourceText("/etc/sluice.json", "{ /* ü */ }")],
            Digest = $"digest {number}",
        };

    private static Revision Refused(long number) =>
        new()
        {
            Number = number,
            At = At,
            Cause = ReloadCause.Start,
            Errors = ["routes: none"],
        };
}
