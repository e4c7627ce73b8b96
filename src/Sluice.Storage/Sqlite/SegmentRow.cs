using Microsoft.Data.Sqlite;
using Sluice.Ledger.Chain;

namespace Sluice.Storage.Sqlite;

/// <summary>A segment as a row, and back.</summary>
internal static class SegmentRow
{
    private static readonly string Facts =
        "number, first, last, opened_at, newest_at, first_held_at, last_held_at, previous_hash, last_hash, " + SumColumns.Names;

    public static string Upsert { get; } =
        $"INSERT OR REPLACE INTO segments ({Facts}, rollup_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {SumColumns.Places}, ?, ?)";

    public static string Select { get; } = $"SELECT {Facts}, rollup_hash, hash, removed_at FROM segments";

    public static void Add(SqliteStatement statement, LedgerSegment s)
    {
        statement
            .Add(s.Number)
            .Add(s.First)
            .Add(s.Last)
            .Add(s.OpenedAt.UtcTicks)
            .Add(s.NewestAt.UtcTicks)
            .Add(s.FirstHeldAt.UtcTicks)
            .Add(s.LastHeldAt.UtcTicks)
            .Add(Convert.FromHexString(s.PreviousHash))
            .Add(Convert.FromHexString(s.LastHash));
        SumColumns.Add(statement, s.Sums);
        _ = s.IsClosed
            ? statement.Add(Convert.FromHexString(s.RollupHash)).Add(Convert.FromHexString(s.Hash))
            : statement.Add((long?)null).Add((long?)null);
        statement.Run();
    }

    public static LedgerSegment Read(SqliteDataReader row)
    {
        const int Sums = 9;
        const int After = Sums + Sluice.Ledger.Rollups.RollupSums.Length;
        return new LedgerSegment
        {
            Number = row.Number(0),
            First = row.Number(1),
            Last = row.Number(2),
            OpenedAt = row.Time(3),
            NewestAt = row.Time(4),
            FirstHeldAt = row.Time(5),
            LastHeldAt = row.Time(6),
            PreviousHash = EntryRow.Hash(row, 7),
            LastHash = EntryRow.Hash(row, 8),
            Sums = SumColumns.Read(row, Sums),
            RollupHash = EntryRow.Hash(row, After),
            Hash = EntryRow.Hash(row, After + 1),
            RemovedAt = row.IsDBNull(After + 2) ? null : row.Time(After + 2),
        };
    }
}
