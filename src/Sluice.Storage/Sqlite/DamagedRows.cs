using Microsoft.Data.Sqlite;

namespace Sluice.Storage.Sqlite;

/// <summary>Reads rows that may be damaged: what cannot be there reads as something that does not verify.</summary>
internal static class DamagedRows
{
    public static long Number(this SqliteDataReader row, int at) => row.IsDBNull(at) ? -1 : row.GetInt64(at);

    public static string Text(this SqliteDataReader row, int at) => row.IsDBNull(at) ? "(missing)" : row.GetString(at);

    public static DateTimeOffset Time(this SqliteDataReader row, int at) =>
        row.Number(at) is var ticks && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : DateTimeOffset.MinValue;
}
