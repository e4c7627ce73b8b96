using Microsoft.Data.Sqlite;
using Sluice.Ledger;

namespace Sluice.Storage.Sqlite;

/// <summary>Removes entries, end users and hours of old segments, a few at a time; their days and links stay.</summary>
/// <remarks>
/// A segment is marked first, in the transaction of its first step: from then on nobody reads its entries, and however a process
/// ends, the next one goes on where it stopped.
/// </remarks>
internal sealed class SqlitePruning(SqliteConnection connection)
{
    public PruneStep Step(DateTimeOffset before, int most, DateTimeOffset now)
    {
        var more = false;
        if (Next(before) is var (segment, first, last))
        {
            using var transaction = connection.BeginTransaction();
            more = !Remove(segment, first, last, most, now);
            transaction.Commit();
            more |= Next(before) is not null;
        }

        var kept = (long)SqliteDatabase.Scalar(connection, "SELECT coalesce(max(last), 0) + 1 FROM segments WHERE removed_at IS NOT NULL")!;
        return new PruneStep(more, kept);
    }

    /// <summary>The oldest segment that has something left and is old enough.</summary>
    private (long Segment, long First, long Last)? Next(DateTimeOffset before)
    {
        foreach (
            var row in SqliteDatabase.Query(
                connection,
                """
                SELECT number, first, last FROM segments WHERE hash IS NOT NULL AND newest_at < $before
                    AND number <= (SELECT coalesce(max(number), 0) + 1 FROM segments WHERE removed_at IS NOT NULL)
                    AND (removed_at IS NULL OR EXISTS (SELECT 1 FROM hours WHERE segment = number)) ORDER BY number LIMIT 1
                """,
                ("$before", before.UtcTicks)
            )
        )
        {
            return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        }

        return null;
    }

    /// <returns>Whether nothing is left of the segment.</returns>
    private bool Remove(long segment, long first, long last, int most, DateTimeOffset now)
    {
        SqliteDatabase.Execute(
            connection,
            $"UPDATE segments SET removed_at = {now.UtcTicks} WHERE number = {segment} AND removed_at IS NULL"
        );
        if (
            Delete($"entries WHERE sequence IN (SELECT sequence FROM entries WHERE sequence BETWEEN {first} AND {last} LIMIT {most})")
            == most
        )
        {
            return false;
        }

        var users = $"SELECT start, group_id, user FROM user_days WHERE segment = {segment} LIMIT {most}";
        if (Delete($"user_days WHERE segment = {segment} AND (start, group_id, user) IN ({users})") == most)
        {
            return false;
        }

        // Hours go last: as long as there is one, the segment is not done.
        if (Delete($"names WHERE id IN (SELECT id FROM names WHERE segment = {segment} LIMIT {most})") == most)
        {
            return false;
        }

        var hours = $"SELECT start, group_id FROM hours WHERE segment = {segment} LIMIT {most}";
        return Delete($"hours WHERE segment = {segment} AND (start, group_id) IN ({hours})") < most;
    }

    private int Delete(string what)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM {what}";
        return command.ExecuteNonQuery();
    }
}
