using Sluice.Gateway.Keys;
using Sluice.Ledger;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Bench;

/// <summary>Fills a data directory with keys that each have a limit and a budget of their own.</summary>
internal static class ManyKeys
{
    public static void Make(string directory, int count)
    {
        using var connection = SqliteDatabase.Open(new DataDirectory(directory).Database);
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT INTO keys (id, name, hash, kind, created_at, maker, rules) VALUES ($id, $name, $hash, 'client', $at, '', $rules)";
        var rules = new KeyRules
        {
            Account = "acme/search",
            Limits = new RateLimits { RequestsPerMinute = 1_000_000_000 },
            Budgets = [KeyBudget.Parse("1000000 USD per month")],
        };
        for (var i = 0; i < count; i++)
        {
            var (secret, key) = KeyRing.Create($"bench-{i}", rules, TimeProvider.System.GetUtcNow());
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("$id", key.Id);
            insert.Parameters.AddWithValue("$name", key.Name);
            insert.Parameters.AddWithValue("$hash", key.Hash);
            insert.Parameters.AddWithValue("$at", key.CreatedAt.UtcTicks);
            insert.Parameters.AddWithValue("$rules", key.Rules);
            insert.ExecuteNonQuery();
            if (i == count - 1)
            {
                Console.WriteLine(secret);
            }
        }

        transaction.Commit();
    }
}
