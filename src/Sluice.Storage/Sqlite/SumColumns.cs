using Microsoft.Data.Sqlite;
using Sluice.Ledger.Rollups;

namespace Sluice.Storage.Sqlite;

/// <summary>The figures of rollups as columns, in the order of <see cref="Figure"/>.</summary>
internal static class SumColumns
{
    private static readonly string[] Each =
    [
        "attempts",
        "calls",
        "unreported",
        "input",
        "cache_read",
        "cache_write",
        "cache_write_1h",
        "output",
        "reasoning",
        "input_audio",
        "cache_read_audio",
        "output_audio",
        "input_image",
        "cache_read_image",
        "output_image",
        "web_searches",
        "cost",
    ];

    public static string Names { get; } = string.Join(", ", Each);

    public static string Summed { get; } = string.Join(", ", Each.Select(c => $"sum({c})"));

    public static string Places { get; } = string.Join(", ", Each.Select(_ => "?"));

    /// <summary>For an upsert: what is there and what comes.</summary>
    public static string Added { get; } = string.Join(", ", Each.Select(c => $"{c} = {c} + excluded.{c}"));

    public static SqliteStatement Add(SqliteStatement statement, RollupSums sums)
    {
        foreach (var figure in RollupSums.Figures)
        {
            statement.Add(sums[figure]);
        }

        return statement;
    }

    public static RollupSums Read(SqliteDataReader row, int at)
    {
        var sums = new RollupSums();
        foreach (var figure in RollupSums.Figures)
        {
            sums[figure] = row.Number(at + (int)figure);
        }

        return sums;
    }
}
