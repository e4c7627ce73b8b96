using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Reads texts of entries that stand as numbers.</summary>
internal sealed class RowNames(SqliteConnection connection)
{
    /// <summary>Names of more than one segment: beyond so many, they are read anew.</summary>
    private const int Most = 100_000;

    private readonly Dictionary<long, string> _texts = [];

    /// <summary>The text of a column; one whose number has none reads as that number, so that the entry does not verify.</summary>
    public string Text(SqliteDataReader row, int column)
    {
        if (row.GetValue(column) is not long id)
        {
            return row.GetString(column);
        }

        if (!_texts.TryGetValue(id, out var text))
        {
            if (_texts.Count >= Most)
            {
                _texts.Clear();
            }

            text = SqliteDatabase
                .Query(connection, "SELECT text FROM names WHERE id = $id", ("$id", id))
                .Select(name => name.GetString(0))
                .SingleOrDefault($"(name {id} is missing)");
            _texts.Add(id, text);
        }

        return text;
    }
}
