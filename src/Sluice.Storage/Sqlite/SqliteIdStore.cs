using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Something that was made at a provider, and by whom.</summary>
/// <param name="Provider">The provider's name in the configuration.</param>
/// <param name="Id">What the provider calls it.</param>
/// <param name="Key">The id of the key that made it; empty where none was needed.</param>
/// <param name="Credential">The provider's credential that it was made with.</param>
/// <param name="MadeAt">When it was made.</param>
internal sealed record MadeId(string Provider, string Id, string Key, string Credential, DateTimeOffset MadeAt)
{
    /// <summary>The model whose answer it is, or is part of; empty for what was made otherwise.</summary>
    public string Model { get; init; } = "";

    /// <summary>Whether it is an answer that the provider keeps, or part of one.</summary>
    public bool OfAnswer => Model.Length > 0;

    /// <param name="key">A caller's key; <see langword="null"/> where none is needed.</param>
    public bool BelongsTo(string? key) => Key == (key ?? "");
}

/// <summary>Who made what at which provider, in the database of a data directory. Calls look in memory; only making something writes.</summary>
internal sealed class SqliteIdStore(string path)
{
    /// <summary>Adds ids, all or none; one that is there belongs to whoever made it first.</summary>
    public void Add(IEnumerable<MadeId> ids)
    {
        using var connection = SqliteDatabase.Open(path);
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT OR IGNORE INTO made_ids (provider, id, key, credential, made_at, model) VALUES ($provider, $id, $key, $credential, $at, $model)";
        var values = Array.ConvertAll(
            (string[])["$provider", "$id", "$key", "$credential", "$at", "$model"],
            name => insert.Parameters.Add(new SqliteParameter { ParameterName = name })
        );
        foreach (var made in ids)
        {
            object[] row = [made.Provider, made.Id, made.Key, made.Credential, made.MadeAt.UtcTicks, made.Model];
            for (var i = 0; i < row.Length; i++)
            {
                values[i].Value = row[i];
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Remove(MadeId made)
    {
        using var connection = SqliteDatabase.Open(path);
        using var delete = connection.CreateCommand();
        delete.CommandText = "DELETE FROM made_ids WHERE provider = $provider AND id = $id";
        delete.Parameters.AddWithValue("$provider", made.Provider);
        delete.Parameters.AddWithValue("$id", made.Id);
        delete.ExecuteNonQuery();
    }

    public IReadOnlyList<MadeId> List()
    {
        using var connection = SqliteDatabase.Open(path);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT provider, id, key, credential, made_at, model FROM made_ids";
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
                {
                    Model = row.GetString(5),
                }
            );
        }

        return ids;
    }

    /// <summary>Of answers, or of everything else, forgets what is older, and of the rest all but the newest.</summary>
    public void Prune(bool ofAnswers, DateTimeOffset before, int most)
    {
        using var connection = SqliteDatabase.Open(path);
        using var delete = connection.CreateCommand();
        delete.CommandText = """
            DELETE FROM made_ids WHERE (model <> '') = $answers AND (made_at < $before
                OR rowid NOT IN (SELECT rowid FROM made_ids WHERE (model <> '') = $answers ORDER BY made_at DESC, rowid DESC LIMIT $most))
            """;
        delete.Parameters.AddWithValue("$answers", ofAnswers);
        delete.Parameters.AddWithValue("$before", before.UtcTicks);
        delete.Parameters.AddWithValue("$most", most);
        delete.ExecuteNonQuery();
    }
}
