using Microsoft.Data.Sqlite;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Storage.Sqlite;

/// <summary>Prices that a bill has shown to be too low, kept until somebody has looked at them.</summary>
/// <remarks>They are written with the entries that raise them: no crash loses one or counts it twice.</remarks>
internal sealed class SqlitePriceDoubts(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _raise = new(
        connection,
        """
        INSERT INTO price_doubts (provider, model, since, last, attempts, excess) VALUES (?1, ?2, ?3, ?3, 1, ?4)
        ON CONFLICT DO UPDATE SET last = max(last, ?3), attempts = attempts + 1, excess = excess + ?4
        """
    );

    public void Raise(LedgerEntry entry) =>
        _raise
            .Add(entry.Hold.Provider)
            .Add(entry.Hold.Model)
            .Add(entry.Settlement.At.UtcTicks)
            .Add((entry.Settlement.Cost - entry.Hold.Amount).Nano)
            .Run();

    /// <exception cref="LedgerException">The database cannot be read.</exception>
    public static IReadOnlyList<PriceDoubt> Read(string path)
    {
        using var connection = SqliteDatabase.OpenToRead(path);
        return
        [
            .. SqliteDatabase
                .Query(connection, "SELECT provider, model, since, last, attempts, excess FROM price_doubts ORDER BY provider, model")
                .Select(row => new PriceDoubt(
                    row.GetString(0),
                    row.GetString(1),
                    new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero),
                    new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero),
                    row.GetInt64(4),
                    new Credits(row.GetInt64(5))
                )),
        ];
    }

    /// <summary>Takes a doubt back, because somebody has compared the price with the vendor's.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Settle(string path, string provider, string model)
    {
        using var connection = SqliteDatabase.Open(path);
        using var delete = connection.CreateCommand();
        delete.CommandText = "DELETE FROM price_doubts WHERE provider = $provider AND model = $model";
        delete.Parameters.AddWithValue("$provider", provider);
        delete.Parameters.AddWithValue("$model", model);
        return delete.ExecuteNonQuery() > 0;
    }

    public void Dispose() => _raise.Dispose();
}
