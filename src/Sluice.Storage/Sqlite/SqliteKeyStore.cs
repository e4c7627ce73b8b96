using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>A caller's key as it is kept: its hash, never itself.</summary>
/// <param name="Id">Safe to show; stands in ledger and logs.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Maker">The id of the key it was made with; empty for one that an operator made.</param>
/// <param name="Rules">What it may do, as JSON.</param>
/// <param name="Hash">SHA-256 of the key, hexadecimal. Keys are 256 random bits, so that no slow hash is needed.</param>
internal sealed record StoredKey(
    string Id,
    string Name,
    string Hash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    string Maker = "",
    string Rules = "{}"
);

/// <summary>Keys in the database of a data directory. The call path never asks it: it looks in memory.</summary>
internal sealed class SqliteKeyStore(string path)
{
    public void Add(StoredKey key)
    {
        using var connection = SqliteDatabase.Open(path);
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT INTO keys (id, name, hash, kind, created_at, maker, rules) VALUES ($id, $name, $hash, 'client', $at, $maker, $rules)";
        insert.Parameters.AddWithValue("$id", key.Id);
        insert.Parameters.AddWithValue("$name", key.Name);
        insert.Parameters.AddWithValue("$hash", key.Hash);
        insert.Parameters.AddWithValue("$at", key.CreatedAt.UtcTicks);
        insert.Parameters.AddWithValue("$maker", key.Maker);
        insert.Parameters.AddWithValue("$rules", key.Rules);
        insert.ExecuteNonQuery();
    }

    /// <summary>Gives a key another secret; everything else of it stays.</summary>
    /// <returns>Whether there was such a key that is not revoked.</returns>
    public bool Rotate(string id, string hash)
    {
        using var connection = SqliteDatabase.Open(path);
        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE keys SET hash = $hash WHERE id = $id AND revoked_at IS NULL";
        update.Parameters.AddWithValue("$id", id);
        update.Parameters.AddWithValue("$hash", hash);
        return update.ExecuteNonQuery() == 1;
    }

    /// <returns>Whether there was such a key that was not revoked before.</returns>
    public bool Revoke(string id, DateTimeOffset at)
    {
        using var connection = SqliteDatabase.Open(path);
        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE keys SET revoked_at = $at WHERE id = $id AND revoked_at IS NULL";
        update.Parameters.AddWithValue("$id", id);
        update.Parameters.AddWithValue("$at", at.UtcTicks);
        return update.ExecuteNonQuery() == 1;
    }

    public IReadOnlyList<StoredKey> List()
    {
        using var connection = SqliteDatabase.Open(path);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT id, name, hash, created_at, revoked_at, maker, rules FROM keys ORDER BY created_at, id";
        using var row = select.ExecuteReader();
        var keys = new List<StoredKey>();
        while (row.Read())
        {
            keys.Add(Read(row));
        }

        return keys;
    }

    private static StoredKey Read(SqliteDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero),
            row.IsDBNull(4) ? null : new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
            row.GetString(5),
            row.GetString(6)
        );
}
