using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Sqlite;

/// <summary>The database of a data directory as it was when the view was opened: one read transaction.</summary>
internal sealed class SqliteLedgerView : ILedgerView
{
    private readonly SqliteConnection _connection;
    private readonly RowNames _names;

    /// <exception cref="LedgerException">The database cannot be read.</exception>
    public SqliteLedgerView(string path)
    {
        _connection = SqliteDatabase.OpenToRead(path);
        _names = new RowNames(_connection);
        try
        {
            SqliteDatabase.Execute(_connection, "BEGIN");
            // A transaction begins with its first read.
            RingSequence();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public IReadOnlyList<LedgerSegment> Segments() => [.. Query($"{SegmentRow.Select} ORDER BY number").Select(SegmentRow.Read)];

    public IEnumerable<StoredEntry> Entries(long first, long last) =>
        Query(
                $"SELECT {EntryRow.Columns} FROM entries WHERE sequence BETWEEN $first AND $last ORDER BY sequence",
                ("$first", first),
                ("$last", last)
            )
            .Select(row => EntryRow.Read(row, _names));

    public long LastEntry() => Number("SELECT coalesce(max(sequence), 0) FROM entries");

    public IReadOnlyList<LedgerEntry> Newest(int limit) => Select($"ORDER BY sequence DESC LIMIT {limit}");

    public IReadOnlyList<LedgerEntry> OfCall(string call) =>
        Select("WHERE call = $call ORDER BY attempt", ("$call", EntryRow.CallOf(call)));

    public IReadOnlyList<HoldRecord> OpenHolds() =>
        [.. Query($"SELECT {EntryRow.HoldColumns} FROM holds ORDER BY hold_id").Select(EntryRow.ReadHold)];

    public long RingSequence() => Number("SELECT sequence FROM ring");

    public IEnumerable<RollupRow> Rollups(long segment, RollupGrain grain) =>
        Query(
                $"SELECT {RollupRows.KeyColumns}, start, {SumColumns.Names} FROM {RollupRows.TableOf(grain)} "
                    + "LEFT JOIN groups ON groups.id = group_id WHERE segment = $segment",
                ("$segment", segment)
            )
            .Select(row => Row(row, segment, grain));

    public IEnumerable<RollupRow> Sums(RollupQuery query)
    {
        var kept = string.Join(
            ", ",
            KeyColumns(query.By)
                .Select(c =>
                    c.Kept ? c.Name
                    : c.Name == "outcome" ? "-1"
                    : "''"
                )
        );
        var grouped = KeyColumns(query.By).Where(c => c.Kept).Select(c => c.Name).ToList();
        if (query.ByTime)
        {
            grouped.Add("start");
        }

        var table = RollupRows.TableOf(query.Grain);
        return Query(
                $"""
                SELECT {kept}, {(query.ByTime ? "start" : "0")}, {SumColumns.Summed} FROM {table} JOIN groups ON groups.id = group_id
                WHERE start >= $from AND start < $until AND segment IN (
                    SELECT number FROM segments WHERE last_held_at >= $from AND first_held_at < $until)
                {(grouped.Count > 0 ? $"GROUP BY {string.Join(", ", grouped)}" : "HAVING count(*) > 0")}
                """,
                ("$from", query.From.UtcTicks),
                ("$until", query.Until.UtcTicks)
            )
            .Select(row => Row(row, 0, query.Grain));
    }

    public IEnumerable<string> Damage() =>
        Query("PRAGMA integrity_check(20)").Select(row => row.GetString(0)).Where(found => found != "ok");

    /// <inheritdoc cref="ILedgerStore.ReadSpent"/>
    public IEnumerable<Spent> Spent(SpentQuery query)
    {
        foreach (var segment in Segments().Where(s => s.LastHeldAt >= query.Since))
        {
            foreach (var spent in segment.RemovedAt is null ? OfEntries(segment, query) : OfDays(segment, query))
            {
                yield return spent;
            }
        }
    }

    private IEnumerable<Spent> OfDays(LedgerSegment segment, SpentQuery query) =>
        Rollups(segment.Number, RollupGrain.Day).Select(Ledger.Spent.Of).Where(spent => spent.HeldAt >= query.Since);

    private IEnumerable<Spent> OfEntries(LedgerSegment segment, SpentQuery query)
    {
        var exact = new HashSet<DateTimeOffset>();
        var hours = new List<RollupRow>();
        var folded = false;
        foreach (var row in Rollups(segment.Number, RollupGrain.Hour))
        {
            var hour = new DateTimeOffset(row.Slot.Start, TimeSpan.Zero);
            folded |= row.Slot.Key.IsFolded;
            if (query.IsExact(hour))
            {
                exact.Add(hour);
            }
            else if (hour >= query.Since)
            {
                hours.Add(row);
            }
        }

        // What hours do not tell apart any more, entries do.
        var needed = folded || exact.Any(hour => hour.AddHours(1) > query.Since);
        var entries = needed ? Entries(segment.First, segment.Last).Select(e => e.Readable) : [];
        return entries
            .Where(e => e.Hold.At >= query.Since && (folded || exact.Contains(RollupSlot.StartOf(RollupGrain.Hour, e.Hold.At))))
            .Select(Ledger.Spent.Of)
            .Concat(folded ? [] : hours.Select(Ledger.Spent.Of));
    }

    private static RollupRow Row(SqliteDataReader row, long segment, RollupGrain grain) =>
        new(new RollupSlot(segment, grain, row.Number(11), RollupRows.ReadKey(row, 0)), SumColumns.Read(row, 12));

    private static IEnumerable<(string Name, bool Kept)> KeyColumns(IReadOnlySet<Dimension> by) =>
        [
            ("provider", by.Contains(Dimension.Provider)),
            ("model", by.Contains(Dimension.Model)),
            ("route_asked", by.Contains(Dimension.Route)),
            ("route", by.Contains(Dimension.ActualRoute)),
            ("key", by.Contains(Dimension.Key)),
            ("role", by.Contains(Dimension.Role)),
            ("account", by.Contains(Dimension.Account)),
            ("tenant", by.Contains(Dimension.Tenant)),
            ("user", by.Contains(Dimension.User)),
            ("tags", by.Contains(Dimension.Tag)),
            ("outcome", by.Contains(Dimension.Outcome)),
        ];

    private long Number(string sql) => Query(sql).Select(row => row.GetInt64(0)).Single();

    private List<LedgerEntry> Select(string clause, params IEnumerable<(string, object)> values) =>
        [.. Query($"SELECT {EntryRow.Columns} FROM entries {clause}", values).Select(row => EntryRow.Read(row, _names).Readable)];

    private IEnumerable<SqliteDataReader> Query(string sql, params IEnumerable<(string, object)> values) =>
        SqliteDatabase.Query(_connection, sql, values);

    public void Dispose() => _connection.Dispose();
}
