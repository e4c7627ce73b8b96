using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Sqlite;

/// <summary>The embedded ledger: one file, one writer, any number of readers.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore, ILedgerReader
{
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SqliteLedgerReader _reader;
    private readonly SqlitePruning _pruning;
    private readonly SqliteStatement _insertEntry;
    private readonly SqliteStatement _insertHold;
    private readonly SqliteStatement _deleteHold;
    private readonly SqliteStatement _upsertSegment;
    private readonly SqliteStatement _moveRing;
    private readonly SegmentNames _names;
    private readonly RollupRows _rollups;
    private readonly SqlitePriceDoubts _doubts;
    private readonly Lock _writing = new();

    /// <exception cref="LedgerException">The database cannot be opened.</exception>
    public SqliteLedgerStore(string path)
    {
        _path = path;
        _reader = new SqliteLedgerReader(path);
        _writer = SqliteDatabase.Open(path);
        _pruning = new SqlitePruning(_writer);
        _insertEntry = new SqliteStatement(_writer, EntryRow.Insert);
        _insertHold = new SqliteStatement(_writer, EntryRow.InsertHold);
        _deleteHold = new SqliteStatement(_writer, "DELETE FROM holds WHERE hold_id = ?");
        _upsertSegment = new SqliteStatement(_writer, SegmentRow.Upsert);
        _moveRing = new SqliteStatement(_writer, "UPDATE ring SET sequence = ?");
        _names = new SegmentNames(_writer);
        _rollups = new RollupRows(_writer);
        _doubts = new SqlitePriceDoubts(_writer);
    }

    public bool Durable => true;

    public LedgerTail ReadTail()
    {
        using var view = new SqliteLedgerView(_path);
        var segments = view.Segments();
        var closed = segments.LastOrDefault(s => s.IsClosed);
        var open = segments is [.., { IsClosed: false } last] ? last : null;
        return new LedgerTail(
            (open ?? closed)?.Last ?? 0,
            open?.LastHash ?? closed?.Hash ?? LedgerEntry.Genesis,
            view.RingSequence(),
            view.OpenHolds()
        )
        {
            Closed = closed?.Number ?? 0,
            Link = closed?.Hash ?? LedgerEntry.Genesis,
            Open = open,
            Days = open is null ? [] : [.. view.Rollups(open.Number, RollupGrain.Day), .. view.Rollups(open.Number, RollupGrain.UserDay)],
        };
    }

    public void Append(LedgerBatch batch)
    {
        lock (_writing)
        {
            try
            {
                using var transaction = _writer.BeginTransaction();
                Write(batch);
                transaction.Commit();
                _names.Committed();
            }
            catch (SqliteException exception)
            {
                _names.RolledBack();
                _rollups.RolledBack();
                throw new LedgerException($"{_path} takes no entries: {exception.Message}", exception);
            }

            SqliteLog.Shorten(_writer, _path);
        }
    }

    public PruneStep Prune(DateTimeOffset before, int most, DateTimeOffset now)
    {
        lock (_writing)
        {
            try
            {
                return _pruning.Step(before, most, now);
            }
            catch (SqliteException exception)
            {
                throw new LedgerException($"{_path}: old entries could not be removed: {exception.Message}", exception);
            }
        }
    }

    public IEnumerable<Spent> ReadSpent(SpentQuery query)
    {
        using var view = new SqliteLedgerView(_path);
        foreach (var spent in view.Spent(query))
        {
            yield return spent;
        }
    }

    public ILedgerView Look() => _reader.Look();

    public IReadOnlyList<LedgerEntry> List(int limit) => _reader.List(limit);

    public IReadOnlyList<LedgerEntry> OfCall(string call) => _reader.OfCall(call);

    private void Write(LedgerBatch batch)
    {
        var segment = 0;
        foreach (var entry in batch.Entries)
        {
            while (entry.Sequence > batch.Segments[segment].Last)
            {
                segment++;
            }

            _names.Enter(batch.Segments[segment].Number);
            EntryRow.Add(_insertEntry, entry, _names);
            if (PriceDoubt.IsRaisedBy(entry))
            {
                _doubts.Raise(entry);
            }
        }

        foreach (var (slot, sums) in batch.Rollups)
        {
            _rollups.Add(slot, sums);
        }

        foreach (var changed in batch.Segments)
        {
            SegmentRow.Add(_upsertSegment, changed);
        }

        foreach (var hold in batch.Opened)
        {
            EntryRow.Add(_insertHold, hold);
        }

        foreach (var settled in batch.Settled)
        {
            _deleteHold.Add(settled).Run();
        }

        _moveRing.Add(batch.RingSequence).Run();
    }

    public void Dispose()
    {
        _insertEntry.Dispose();
        _insertHold.Dispose();
        _deleteHold.Dispose();
        _upsertSegment.Dispose();
        _moveRing.Dispose();
        _names.Dispose();
        _rollups.Dispose();
        _doubts.Dispose();
        _writer.Dispose();
    }
}
