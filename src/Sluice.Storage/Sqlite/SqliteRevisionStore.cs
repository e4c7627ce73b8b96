using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;

namespace Sluice.Storage.Sqlite;

/// <summary>Revisions of the configuration in the database of a data directory: the newest of them, and the one in force.</summary>
internal sealed class SqliteRevisionStore(string path) : IRevisionStore
{
    /// <summary>How many revisions are kept.</summary>
    public const int Most = 1_000;

    /// <summary>How many announcements are kept of revisions that never came.</summary>
    private const int MostAnnounced = 100;

    private const string Columns = "number, at, who, because, digest, masked, errors, changes, content";

    public long Last
    {
        get
        {
            using var connection = SqliteDatabase.Open(path);
            return SqliteDatabase.Scalar(connection, "SELECT MAX(number) FROM revisions") is long last ? last : 0;
        }
    }

    public Revision? InForce()
    {
        using var connection = SqliteDatabase.Open(path);
        return Select(connection, "WHERE errors = '[]' ORDER BY number DESC LIMIT 1").FirstOrDefault();
    }

    /// <summary>One revision; <see langword="null"/> where it is not kept.</summary>
    public Revision? Find(long number)
    {
        using var connection = SqliteDatabase.OpenToRead(path);
        return Select(connection, "WHERE number = $number", ("$number", number)).FirstOrDefault();
    }

    /// <summary>Whether a revision has a file as it is.</summary>
    public bool Keeps(SourceText file) => List().Any(r => r.Files.Contains(file));

    /// <summary>Every revision that is kept, the newest first.</summary>
    public IReadOnlyList<Revision> List()
    {
        using var connection = SqliteDatabase.OpenToRead(path);
        return [.. Select(connection, "ORDER BY number DESC")];
    }

    public void Add(Revision revision)
    {
        using var connection = SqliteDatabase.Open(path);
        using var insert = connection.CreateCommand();
        // What is in force stays, however many were refused since.
        insert.CommandText = $"""
            INSERT INTO revisions ({Columns}) VALUES ($number, $at, $who, $because, $digest, $masked, $errors, $changes, $content);
            DELETE FROM revisions WHERE number NOT IN (SELECT number FROM revisions ORDER BY number DESC LIMIT {Most})
                AND number <> (SELECT MAX(number) FROM revisions WHERE errors = '[]');
            """;
        insert.Parameters.AddWithValue("$number", revision.Number);
        insert.Parameters.AddWithValue("$at", revision.At.UtcTicks);
        insert.Parameters.AddWithValue("$who", revision.Cause.Who);
        insert.Parameters.AddWithValue("$because", (object?)revision.Cause.Because ?? DBNull.Value);
        insert.Parameters.AddWithValue("$digest", revision.Digest);
        insert.Parameters.AddWithValue("$masked", revision.Masked);
        insert.Parameters.AddWithValue("$errors", new JsonArray([.. revision.Errors.Select(e => (JsonNode)e)]).ToJsonString());
        insert.Parameters.AddWithValue("$changes", RevisionContent.Write(revision.Changes).ToJsonString());
        insert.Parameters.AddWithValue("$content", RevisionContent.Pack(revision));
        insert.ExecuteNonQuery();
    }

    /// <summary>Says who is about to bring a configuration into force, for whoever takes it up.</summary>
    public void Announce(string digest, ReloadCause cause, DateTimeOffset at)
    {
        using var connection = SqliteDatabase.Open(path);
        using var insert = connection.CreateCommand();
        insert.CommandText = $"""
            INSERT OR REPLACE INTO announced_revisions (digest, at, who, because) VALUES ($digest, $at, $who, $because);
            DELETE FROM announced_revisions WHERE digest NOT IN (SELECT digest FROM announced_revisions ORDER BY at DESC LIMIT {MostAnnounced});
            """;
        insert.Parameters.AddWithValue("$digest", digest);
        insert.Parameters.AddWithValue("$at", at.UtcTicks);
        insert.Parameters.AddWithValue("$who", cause.Who);
        insert.Parameters.AddWithValue("$because", (object?)cause.Because ?? DBNull.Value);
        insert.ExecuteNonQuery();
    }

    public ReloadCause? TakeAnnounced(string digest)
    {
        using var connection = SqliteDatabase.Open(path);
        using var take = connection.CreateCommand();
        take.CommandText = "DELETE FROM announced_revisions WHERE digest = $digest RETURNING who, because";
        take.Parameters.AddWithValue("$digest", digest);
        using var row = take.ExecuteReader();
        return row.Read() ? new ReloadCause(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)) : null;
    }

    private static IEnumerable<Revision> Select(
        SqliteConnection connection,
        string which,
        params IEnumerable<(string Name, object Value)> values
    ) => SqliteDatabase.Query(connection, $"SELECT {Columns} FROM revisions {which}", values).Select(Read);

    private static Revision Read(SqliteDataReader row)
    {
        var (merged, files) = RevisionContent.Unpack(row.GetFieldValue<byte[]>(8));
        return new Revision
        {
            Number = row.GetInt64(0),
            At = new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
            Cause = new ReloadCause(row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)),
            Digest = row.GetString(4),
            Masked = row.GetBoolean(5),
            Errors = [.. JsonNode.Parse(row.GetString(6))!.AsArray().Select(e => e!.GetValue<string>())],
            Changes = RevisionContent.ReadChanges(row.GetString(7)),
            Merged = merged,
            Files = files,
        };
    }
}
