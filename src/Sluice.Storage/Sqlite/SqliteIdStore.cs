using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Something that was made at a provider, and by whom.</summary>
/// <param name="Provider">The provider's name in the configuration.</param>
/// <param name="Id">What the provider calls it.</param>
/// <param name="Key">The id of the key that made it; empty where none was needed.</param>
/// <param name="Credential">The provider's credential that it was made with.</param>
internal sealed record MadeId(string Provider, string Id, string Key, string Credential, DateTimeOffset MadeAt);

/// <summary>Who made what at which provider, in the database of a data directory. Calls look in memory; only making something writes.</summary>
internal sealed class SqliteIdStore(string path)
{
    /// <summary>Adds an id; one that is there belongs to whoever made it first.</summary>
    public void Add(MadeId made)
    {
        using var connection = SqliteDatabase.Open(path);
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT OR IGNORE INTO made_ids (provider, id, key, credential, made_at) VALUES ($provider, $id, $key, $credential, $at)";
        insert.Parameters.AddWithValue("$provider", made.Provider);
        insert.Parameters.AddWithValue("$id", made.Id);
        insert.Parameters.AddWithValue("$key", made.Key);
        insert.Parameters.AddWithValue("$credential", made.Credential);
        insert.Parameters.AddWithValue("$at", made.MadeAt.UtcTicks);
        insert.ExecuteNonQuery();
    }

    public IReadOnlyList<MadeId> List()
    {
        using var connection = SqliteDatabase.Open(path);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT provider, id, key, credential, made_at FROM made_ids";
        using var row = select.ExecuteReader();
        var ids = new List<MadeId>();
        while (row.Read())
        {
            ids.Add(
                new MadeId(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero)
                )
            );
        }

        return ids;
    }

    /// <summary>Forgets what is older, and of the rest all but the newest.</summary>
    public void Prune(DateTimeOffset before, int most)
    {
        using var connection = SqliteDatabase.Open(path);
        using var delete = connection.CreateCommand();
        delete.CommandText = """
            DELETE FROM made_ids WHERE made_at < $before
                OR rowid NOT IN (SELECT rowid FROM made_ids ORDER BY made_at DESC, rowid DESC LIMIT $most)
            """;
        delete.Parameters.AddWithValue("$before", before.UtcTicks);
        delete.Parameters.AddWithValue("$most", most);
        delete.ExecuteNonQuery();
    }
}
