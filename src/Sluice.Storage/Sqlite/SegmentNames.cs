using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Texts that repeat from entry to entry, as numbers. Each segment has its own, which go with it.</summary>
internal sealed class SegmentNames : IDisposable
{
    /// <summary>Beyond so many, texts stand in the entries themselves: they hardly repeat.</summary>
    private const int Most = 50_000;

    private readonly Dictionary<string, long> _ids = [];
    private readonly List<string> _unsure = [];
    private readonly SqliteStatement _insert;
    private long _segment;
    private long _next;

    public SegmentNames(SqliteConnection connection)
    {
        _insert = new SqliteStatement(connection, "INSERT INTO names (id, segment, text) VALUES (?, ?, ?)");
        _next = (long)SqliteDatabase.Scalar(connection, "SELECT coalesce(max(id), 0) FROM names")!;
        _segment = (long)SqliteDatabase.Scalar(connection, "SELECT coalesce(max(number), 0) FROM segments")!;
        foreach (var row in SqliteDatabase.Query(connection, $"SELECT text, id FROM names WHERE segment = {_segment}"))
        {
            _ids[row.GetString(0)] = row.GetInt64(1);
        }
    }

    /// <summary>The segment that entries come from now on.</summary>
    public void Enter(long segment)
    {
        if (segment != _segment)
        {
            _segment = segment;
            _ids.Clear();
            _unsure.Clear();
        }
    }

    /// <summary>The number of a text; <see langword="null"/> where the text itself is to stand.</summary>
    public long? IdOf(string text)
    {
        if (_ids.TryGetValue(text, out var id))
        {
            return id;
        }

        if (_ids.Count >= Most)
        {
            return null;
        }

        _insert.Add(++_next).Add(_segment).Add(text).Run();
        _unsure.Add(text);
        _ids.Add(text, _next);
        return _next;
    }

    /// <summary>The transaction is in the database.</summary>
    public void Committed() => _unsure.Clear();

    /// <summary>The transaction was given up, and what it named with it.</summary>
    public void RolledBack()
    {
        _unsure.ForEach(text => _ids.Remove(text));
        _unsure.Clear();
    }

    public void Dispose() => _insert.Dispose();
}
