using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Sqlite;

/// <summary>The database of a data directory as it was when the view was opened: one read transaction.</summary>
internal sealed class SqliteLedgerView : ILedgerView
{
    /// <summary>The parts of a key in the order of its columns.</summary>
    private static readonly Dimension[] KeyDimensions =
    [
        Dimension.Provider,
        Dimension.Model,
        Dimension.Route,
        Dimension.ActualRoute,
        Dimension.Key,
        Dimension.Role,
        Dimension.Account,
        Dimension.Tenant,
        Dimension.User,
        Dimension.Tag,
        Dimension.Outcome,
    ];

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
                $"SELECT {string.Join(", ", RollupRows.KeyColumnsOf(grain))}, start, {SumColumns.Names} FROM {RollupRows.TableOf(grain)} "
                    + "LEFT JOIN groups ON groups.id = group_id WHERE segment = $segment",
                ("$segment", segment)
            )
            .Select(row => Row(row, segment, grain));

    public IEnumerable<RollupRow> Sums(RollupQuery query)
    {
        var columns = RollupRows
            .KeyColumnsOf(query.Grain)
            .Zip(KeyDimensions, (name, dimension) => (Name: name, Kept: query.By.Contains(dimension)));
        var grouped = columns.Where(c => c.Kept).Select(c => c.Name).Concat(query.ByTime ? ["start"] : []).ToList();
        var keys = columns.Select(c =>
            c.Kept ? c.Name
            : c.Name == "groups.outcome" ? "-1"
            : "''"
        );
        return Query(
                $"""
                SELECT {string.Join(", ", keys)}, {(query.ByTime ? "start" : "0")}, {SumColumns.Summed}
                FROM {RollupRows.TableOf(query.Grain)} JOIN groups ON groups.id = group_id
                WHERE start >= $from AND start < $until AND {Among(query)} AND segment IN (
                    SELECT number FROM segments WHERE last_held_at >= $from AND first_held_at < $until)
                {(grouped.Count > 0 ? $"GROUP BY {string.Join(", ", grouped)}" : "HAVING count(*) > 0")}
                """,
                ("$from", query.From.UtcTicks),
                ("$until", query.Until.UtcTicks)
            )
            .Select(row => Row(row, 0, query.Grain));
    }

    /// <summary>Where end users are told apart, each call comes from one of two grains.</summary>
    private static string Among(RollupQuery query)
    {
        const string Removed = "(SELECT number FROM segments WHERE removed_at IS NOT NULL)";
        return !query.By.Contains(Dimension.User) ? "true"
            : query.Grain == RollupGrain.UserDay ? $"segment NOT IN {Removed}"
            : $"(groups.user = '' OR segment IN {Removed})";
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

    /// <summary>Days where they will do, else hours, else entries.</summary>
    private IEnumerable<Spent> OfEntries(LedgerSegment segment, SpentQuery query)
    {
        var (rolled, entries) = (new List<RollupRow>(), new HashSet<DateTimeOffset>());
        if (Days(segment, query.ByUser, rolled))
        {
            // What rollups do not tell apart any more, entries do.
            return Exact(segment, query, _ => true);
        }

        var hours = rolled.RemoveAll(row => !query.Takes(RollupGrain.Day, StartOf(row))) > 0;
        if (hours)
        {
            var days = rolled.Select(row => row.Slot.Start).ToHashSet();
            foreach (var row in Rollups(segment.Number, RollupGrain.Hour))
            {
                if (days.Contains(RollupSlot.StartOf(RollupGrain.Day, StartOf(row)).UtcTicks))
                {
                    continue;
                }

                if (!query.ByUser && query.Takes(RollupGrain.Hour, StartOf(row)))
                {
                    rolled.Add(row);
                }
                else
                {
                    entries.Add(StartOf(row));
                }
            }
        }

        var pieces = rolled.Select(Ledger.Spent.Of).Where(spent => spent.HeldAt >= query.Since);
        return entries.Any(hour => hour.AddHours(1) > query.Since)
            ? pieces.Concat(Exact(segment, query, at => entries.Contains(RollupSlot.StartOf(RollupGrain.Hour, at))))
            : pieces;
    }

    /// <returns>Whether there was too much to tell apart.</returns>
    private bool Days(LedgerSegment segment, bool byUser, List<RollupRow> days)
    {
        var all = Rollups(segment.Number, RollupGrain.Day).Where(row => !byUser || row.Slot.Key.User.Length == 0);
        days.AddRange(byUser ? all.Concat(Rollups(segment.Number, RollupGrain.UserDay)) : all);
        return days.Exists(row => row.Slot.Key.IsFolded);
    }

    private IEnumerable<Spent> Exact(LedgerSegment segment, SpentQuery query, Func<DateTimeOffset, bool> wanted) =>
        Entries(segment.First, segment.Last)
            .Select(e => e.Readable)
            .Where(e => e.Hold.At >= query.Since && wanted(e.Hold.At))
            .Select(Ledger.Spent.Of);

    private static DateTimeOffset StartOf(RollupRow row) => new(row.Slot.Start, TimeSpan.Zero);

    private static RollupRow Row(SqliteDataReader row, long segment, RollupGrain grain) =>
        new(new RollupSlot(segment, grain, row.Number(11), RollupRows.ReadKey(row, 0)), SumColumns.Read(row, 12));

    private long Number(string sql) => Query(sql).Select(row => row.GetInt64(0)).Single();

    private List<LedgerEntry> Select(string clause, params IEnumerable<(string, object)> values) =>
        [.. Query($"SELECT {EntryRow.Columns} FROM entries {clause}", values).Select(row => EntryRow.Read(row, _names).Readable)];

    private IEnumerable<SqliteDataReader> Query(string sql, params IEnumerable<(string, object)> values) =>
        SqliteDatabase.Query(_connection, sql, values);

    public void Dispose() => _connection.Dispose();
}
