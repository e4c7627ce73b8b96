using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Storage.Sqlite;

/// <summary>The embedded ledger: one file, one writer, any number of readers.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();

    /// <exception cref="LedgerException">The database cannot be opened.</exception>
    public SqliteLedgerStore(string path)
    {
        _path = path;
        _writer = SqliteDatabase.Open(path);
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
            using (var insert = EntryRow.Insert(_writer, transaction))
            {
                foreach (var entry in batch.Entries)
                {
                    EntryRow.Bind(insert, entry);
                    insert.ExecuteNonQuery();
                }
            }

            using (var insert = EntryRow.InsertHold(_writer, transaction))
            {
                foreach (var hold in batch.Opened)
                {
                    EntryRow.Bind(insert, hold);
                    insert.ExecuteNonQuery();
                }
            }

            using (var delete = _writer.CreateCommand())
            {
                delete.Transaction = transaction;
                delete.CommandText = "DELETE FROM holds WHERE hold_id = $id";
                var id = delete.Parameters.Add("$id", SqliteType.Integer);
                foreach (var closed in batch.Closed)
                {
                    id.Value = closed;
                    delete.ExecuteNonQuery();
                }
            }

            using (var ring = _writer.CreateCommand())
            {
                ring.Transaction = transaction;
                ring.CommandText = "UPDATE ring SET sequence = $sequence";
                ring.Parameters.AddWithValue("$sequence", batch.RingSequence);
                ring.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    public Credits SumSince(DateTimeOffset since)
    {
        using var reader = Reader();
        using var sum = reader.CreateCommand();
        sum.CommandText = "SELECT COALESCE(SUM(cost), 0) FROM entries WHERE held_at >= $since";
        sum.Parameters.AddWithValue("$since", since.UtcTicks);
        return new Credits((long)sum.ExecuteScalar()!);
    }

    public IReadOnlyList<LedgerEntry> List(int limit) => Query($"ORDER BY sequence DESC LIMIT {limit}", null);

    public IReadOnlyList<LedgerEntry> OfCall(string call) => Query("WHERE call = $value ORDER BY attempt", call);

    public IEnumerable<LedgerEntry> ReadAll()
    {
        using var reader = Reader();
        using var command = reader.CreateCommand();
        command.CommandText = $"SELECT {EntryRow.Columns} FROM entries ORDER BY sequence";
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

    public void Dispose() => _writer.Dispose();
}
