using Microsoft.Data.Sqlite;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Storage.Sqlite;

/// <summary>An entry as a row, and back.</summary>
internal static class EntryRow
{
    public const string HoldColumns =
        "hold_id, held_at, call, attempt, key, role, route_asked, route, provider, model, credential, hold, account, tenant, user, tags, hold_tokens";

    public const string Columns =
        $"sequence, {HoldColumns}, settled_at, outcome, failure, status, input, cache_read, cache_write, cache_write_1h, output, "
        + "reasoning, input_audio, output_audio, web_searches, cache_read_audio, input_image, cache_read_image, output_image, reported_cost, evidence, cost, duration, first_content, previous_hash, hash";

    private const int HoldCount = 17;

    public static string Insert { get; } = InsertInto("entries", Columns);

    public static string InsertHold { get; } = InsertInto("holds", HoldColumns);

    public static SqliteStatement Add(SqliteStatement statement, HoldRecord hold) =>
        statement
            .Add(hold.Id)
            .Add(hold.At.UtcTicks)
            .Add(hold.Call)
            .Add(hold.Attempt)
            .Add(hold.Key)
            .Add(hold.Role)
            .Add(hold.RouteAsked)
            .Add(hold.Route)
            .Add(hold.Provider)
            .Add(hold.Model)
            .Add(hold.Credential)
            .Add(hold.Amount.Nano)
            .Add(hold.Account)
            .Add(hold.Tenant)
            .Add(hold.User)
            .Add(hold.Tags)
            .Add(hold.Tokens);

    public static SqliteStatement Add(SqliteStatement statement, LedgerEntry entry)
    {
        var (s, u) = (entry.Settlement, entry.Settlement.Usage);
        return Add(statement.Add(entry.Sequence), entry.Hold)
            .Add(s.At.UtcTicks)
            .Add((long)s.Outcome)
            .Add((long?)s.Failure)
            .Add((long?)s.Status)
            .Add(u.InputTokens)
            .Add(u.CacheReadTokens)
            .Add(u.CacheWriteTokens)
            .Add(u.CacheWrite1hTokens)
            .Add(u.OutputTokens)
            .Add(u.ReasoningTokens)
            .Add(u.InputAudioTokens)
            .Add(u.OutputAudioTokens)
            .Add(u.WebSearchRequests)
            .Add(u.CacheReadAudioTokens)
            .Add(u.InputImageTokens)
            .Add(u.CacheReadImageTokens)
            .Add(u.OutputImageTokens)
            .Add(u.ReportedCost?.Nano)
            .Add((long)u.Evidence)
            .Add(s.Cost.Nano)
            .Add(s.Duration.Ticks)
            .Add(s.TimeToFirstContent?.Ticks)
            .Add(entry.PreviousHash)
            .Add(entry.Hash);
    }

    public static HoldRecord ReadHold(SqliteDataReader row, int at) =>
        new()
        {
            Id = row.GetInt64(at),
            At = new DateTimeOffset(row.GetInt64(at + 1), TimeSpan.Zero),
            Call = row.GetString(at + 2),
            Attempt = row.GetInt32(at + 3),
            Key = row.GetString(at + 4),
            Role = row.GetString(at + 5),
            RouteAsked = row.GetString(at + 6),
            Route = row.GetString(at + 7),
            Provider = row.GetString(at + 8),
            Model = row.GetString(at + 9),
            Credential = row.GetString(at + 10),
            Amount = new Credits(row.GetInt64(at + 11)),
            Account = row.GetString(at + 12),
            Tenant = row.GetString(at + 13),
            User = row.GetString(at + 14),
            Tags = row.GetString(at + 15),
            Tokens = row.GetInt64(at + 16),
        };

    public static LedgerEntry Read(SqliteDataReader row)
    {
        const int At = HoldCount + 1;
        return new LedgerEntry
        {
            Sequence = row.GetInt64(0),
            Hold = ReadHold(row, 1),
            PreviousHash = row.GetString(At + 22),
            Hash = row.GetString(At + 23),
            Settlement = new SettlementRecord
            {
                HoldId = row.GetInt64(1),
                At = new DateTimeOffset(row.GetInt64(At), TimeSpan.Zero),
                Outcome = (EntryOutcome)row.GetInt64(At + 1),
                Failure = Optional(row, At + 2) is { } failure ? (FailureClass)failure : null,
                Status = (int?)Optional(row, At + 3),
                Cost = new Credits(row.GetInt64(At + 19)),
                Duration = TimeSpan.FromTicks(row.GetInt64(At + 20)),
                TimeToFirstContent = Optional(row, At + 21) is { } first ? TimeSpan.FromTicks(first) : null,
                Usage = ReadUsage(row, At + 4),
            },
        };
    }

    private static Usage ReadUsage(SqliteDataReader row, int at) =>
        new()
        {
            InputTokens = row.GetInt64(at),
            CacheReadTokens = row.GetInt64(at + 1),
            CacheWriteTokens = row.GetInt64(at + 2),
            CacheWrite1hTokens = row.GetInt64(at + 3),
            OutputTokens = row.GetInt64(at + 4),
            ReasoningTokens = row.GetInt64(at + 5),
            InputAudioTokens = row.GetInt64(at + 6),
            OutputAudioTokens = row.GetInt64(at + 7),
            WebSearchRequests = row.GetInt64(at + 8),
            CacheReadAudioTokens = row.GetInt64(at + 9),
            InputImageTokens = row.GetInt64(at + 10),
            CacheReadImageTokens = row.GetInt64(at + 11),
            OutputImageTokens = row.GetInt64(at + 12),
            ReportedCost = Optional(row, at + 13) is { } cost ? new Credits(cost) : null,
            Evidence = (UsageEvidence)row.GetInt64(at + 14),
        };

    private static long? Optional(SqliteDataReader row, int at) => row.IsDBNull(at) ? null : row.GetInt64(at);

    private static string InsertInto(string table, string columns) =>
        $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", columns.Split(", ").Select(_ => "?"))})";
}
