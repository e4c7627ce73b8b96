using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Storage.Sqlite;

/// <summary>The embedded ledger: one file, one writer, any number of readers.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SqliteStatement _insertEntry;
    private readonly SqliteStatement _insertHold;
    private readonly SqliteStatement _deleteHold;
    private readonly SqliteStatement _moveRing;
    private readonly Lock _writing = new();

    /// <exception cref="LedgerException">The database cannot be opened.</exception>
    public SqliteLedgerStore(string path)
    {
        _path = path;
        _writer = SqliteDatabase.Open(path);
        _insertEntry = new SqliteStatement(_writer, EntryRow.Insert);
        _insertHold = new SqliteStatement(_writer, EntryRow.InsertHold);
        _deleteHold = new SqliteStatement(_writer, "DELETE FROM holds WHERE hold_id = ?");
        _moveRing = new SqliteStatement(_writer, "UPDATE ring SET sequence = ?");
    }

    public bool Durable => true;

    public LedgerTail ReadTail()
    {
        lock (_writing)
        {
            using var last = _writer.CreateCommand();
            last.CommandText = "SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1";
            using var row = last.ExecuteReader();
            var (sequence, hash) = row.Read() ? (row.GetInt64(0), row.GetString(1)) : (0, LedgerEntry.Genesis);
            var ring = (long)SqliteDatabase.Scalar(_writer, "SELECT sequence FROM ring")!;
            using var holds = _writer.CreateCommand();
            holds.CommandText = $"SELECT {EntryRow.HoldColumns} FROM holds ORDER BY hold_id";
            using var open = holds.ExecuteReader();
            var list = new List<HoldRecord>();
            while (open.Read())
            {
                list.Add(EntryRow.ReadHold(open, 0));
            }

            return new LedgerTail(sequence, hash, ring, list);
        }
    }

    public void Append(LedgerBatch batch)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction();
            foreach (var entry in batch.Entries)
            {
                EntryRow.Add(_insertEntry, entry).Run();
            }

            foreach (var hold in batch.Opened)
            {
                EntryRow.Add(_insertHold, hold).Run();
            }

            foreach (var closed in batch.Closed)
            {
                _deleteHold.Add(closed).Run();
            }

            _moveRing.Add(batch.RingSequence).Run();
            transaction.Commit();
        }
    }

    public IReadOnlyList<LedgerEntry> List(int limit) => Query($"ORDER BY sequence DESC LIMIT {limit}", null);

    public IReadOnlyList<LedgerEntry> OfCall(string call) => Query("WHERE call = $value ORDER BY attempt", call);

    public IEnumerable<LedgerEntry> ReadAll() => Read("", 0);

    public IEnumerable<LedgerEntry> ReadSince(DateTimeOffset since) => Read("WHERE held_at >= $since", since.UtcTicks);

    private IEnumerable<LedgerEntry> Read(string where, long since)
    {
        using var reader = Reader();
        using var command = reader.CreateCommand();
        command.CommandText = $"SELECT {EntryRow.Columns} FROM entries {where} ORDER BY sequence";
        command.Parameters.AddWithValue("$since", since);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            yield return EntryRow.Read(row);
        }
    }

    private List<LedgerEntry> Query(string clause, string? value)
    {
        using var reader = Reader();
        using var command = reader.CreateCommand();
        command.CommandText = $"SELECT {EntryRow.Columns} FROM entries {clause}";
        command.Parameters.AddWithValue("$value", value ?? "");
        using var row = command.ExecuteReader();
        var entries = new List<LedgerEntry>();
        while (row.Read())
        {
            entries.Add(EntryRow.Read(row));
        }

        return entries;
    }

    private SqliteConnection Reader() => SqliteDatabase.Open(_path);

    public void Dispose()
    {
        _insertEntry.Dispose();
        _insertHold.Dispose();
        _deleteHold.Dispose();
        _moveRing.Dispose();
        _writer.Dispose();
    }
}
