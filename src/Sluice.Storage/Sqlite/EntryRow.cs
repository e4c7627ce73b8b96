using Microsoft.Data.Sqlite;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Money;

namespace Sluice.Storage.Sqlite;

/// <summary>An entry as a row, and back.</summary>
internal static class EntryRow
{
    private const string OwnCall = "call_";

    public const string HoldColumns =
        "hold_id, held_at, call, attempt, key, account, tenant, user, tags, role, route_asked, route, provider, model, credential, hold, hold_tokens, why";

    public const string Columns =
        $"sequence, {HoldColumns}, settled_after, outcome, failure, status, input, cache_read, cache_write, cache_write_1h, output, "
        + "reasoning, input_audio, cache_read_audio, output_audio, input_image, cache_read_image, output_image, web_searches, "
        + "reported_cost, evidence, cost, duration, first_content, hash";

    private const int HoldCount = 18;

    public static string Insert { get; } = InsertInto("entries", Columns);

    public static string InsertHold { get; } = InsertInto("holds", HoldColumns);

    public static void Add(SqliteStatement statement, HoldRecord hold) =>
        statement
            .Add(hold.Id)
            .Add(hold.At.UtcTicks)
            .Add(hold.Call)
            .Add(hold.Attempt)
            .Add(hold.Key)
            .Add(hold.Account)
            .Add(hold.Tenant)
            .Add(hold.User)
            .Add(hold.Tags)
            .Add(hold.Role)
            .Add(hold.RouteAsked)
            .Add(hold.Route)
            .Add(hold.Provider)
            .Add(hold.Model)
            .Add(hold.Credential)
            .Add(hold.Amount.Nano)
            .Add(hold.Tokens)
            .Add(hold.Why)
            .Run();

    public static void Add(SqliteStatement statement, LedgerEntry entry, SegmentNames names)
    {
        var (h, s, u) = (entry.Hold, entry.Settlement, entry.Settlement.Usage);
        statement.Add(entry.Sequence).Add(h.Id).Add(h.At.UtcTicks);
        AddCall(statement, h.Call);
        statement.Add(h.Attempt);
        foreach (
            var text in (ReadOnlySpan<string>)
                [h.Key, h.Account, h.Tenant, h.User, h.Tags, h.Role, h.RouteAsked, h.Route, h.Provider, h.Model, h.Credential]
        )
        {
            AddName(statement, text, names);
        }

        Span<byte> hash = stackalloc byte[32];
        Convert.FromHexString(entry.Hash, hash, out _, out _);
        statement.Add(h.Amount.Nano).Add(h.Tokens);
        AddName(statement, h.Why, names);
        statement
            .Add(s.At.UtcTicks - h.At.UtcTicks)
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
            .Add(u.CacheReadAudioTokens)
            .Add(u.OutputAudioTokens)
            .Add(u.InputImageTokens)
            .Add(u.CacheReadImageTokens)
            .Add(u.OutputImageTokens)
            .Add(u.WebSearchRequests)
            .Add(u.ReportedCost?.Nano)
            .Add((long)u.Evidence)
            .Add(s.Cost.Nano)
            .Add(s.Duration.Ticks)
            .Add(s.TimeToFirstContent?.Ticks)
            .Add(hash)
            .Run();
    }

    /// <summary>A call's id as it stands in a row.</summary>
    public static object CallOf(string call) => Own(call) is { } id ? id.ToByteArray(bigEndian: true) : call;

    public static HoldRecord ReadHold(SqliteDataReader row) => ReadHold(row, 0, row.GetString);

    /// <summary>An entry; what a damaged row says may be nothing that an entry can say.</summary>
    public static StoredEntry Read(SqliteDataReader row, RowNames names)
    {
        var sequence = row.GetInt64(0);
        try
        {
            return new StoredEntry(sequence, ReadEntry(row, names));
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            return new StoredEntry(sequence, null);
        }
    }

    private static LedgerEntry ReadEntry(SqliteDataReader row, RowNames names)
    {
        const int At = HoldCount + 1;
        var hold = ReadHold(row, 1, at => names.Text(row, at));
        return new LedgerEntry
        {
            Sequence = row.GetInt64(0),
            Hold = hold,
            Hash = Hash(row, At + 22),
            Settlement = new SettlementRecord
            {
                HoldId = hold.Id,
                At = hold.At.AddTicks(row.GetInt64(At)),
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

    /// <summary>A hash as text; empty for none.</summary>
    public static string Hash(SqliteDataReader row, int at) =>
        row.IsDBNull(at) ? "" : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(at));

    private static HoldRecord ReadHold(SqliteDataReader row, int at, Func<int, string> text) =>
        new()
        {
            Id = row.GetInt64(at),
            At = new DateTimeOffset(row.GetInt64(at + 1), TimeSpan.Zero),
            Call = row.GetValue(at + 2) is byte[] id ? $"{OwnCall}{new Guid(id, bigEndian: true):N}" : row.GetString(at + 2),
            Attempt = row.GetInt32(at + 3),
            Key = text(at + 4),
            Account = text(at + 5),
            Tenant = text(at + 6),
            User = text(at + 7),
            Tags = text(at + 8),
            Role = text(at + 9),
            RouteAsked = text(at + 10),
            Route = text(at + 11),
            Provider = text(at + 12),
            Model = text(at + 13),
            Credential = text(at + 14),
            Amount = new Credits(row.GetInt64(at + 15)),
            Tokens = row.GetInt64(at + 16),
            Why = text(at + 17),
        };

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
            CacheReadAudioTokens = row.GetInt64(at + 7),
            OutputAudioTokens = row.GetInt64(at + 8),
            InputImageTokens = row.GetInt64(at + 9),
            CacheReadImageTokens = row.GetInt64(at + 10),
            OutputImageTokens = row.GetInt64(at + 11),
            WebSearchRequests = row.GetInt64(at + 12),
            ReportedCost = Optional(row, at + 13) is { } cost ? new Credits(cost) : null,
            Evidence = (UsageEvidence)row.GetInt64(at + 14),
        };

    private static void AddName(SqliteStatement statement, string text, SegmentNames names) =>
        _ = names.IdOf(text) is { } id ? statement.Add(id) : statement.Add(text);

    private static void AddCall(SqliteStatement statement, string call)
    {
        if (Own(call) is not { } id)
        {
            statement.Add(call);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        statement.Add(bytes);
    }

    /// <summary>Only an id that reads the same when it is written again: what is hashed is the text.</summary>
    private static Guid? Own(string call) =>
        call.StartsWith(OwnCall, StringComparison.Ordinal)
        && !call.AsSpan(OwnCall.Length).ContainsAnyInRange('A', 'F')
        && Guid.TryParseExact(call.AsSpan(OwnCall.Length), "N", out var id)
            ? id
            : null;

    private static long? Optional(SqliteDataReader row, int at) => row.IsDBNull(at) ? null : row.GetInt64(at);

    private static string InsertInto(string table, string columns) =>
        $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", columns.Split(", ").Select(_ => "?"))})";
}
