using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using Sluice.Calls;
using Sluice.Money;

namespace Sluice.Ledger;

/// <summary>One attempt in the ledger: who asked, what answered, what it consumed and cost. Written once, never changed.</summary>
internal sealed record LedgerEntry
{
    /// <summary>Room for the canonical text of an entry with names of usual length, in bytes.</summary>
    private const int Usual = 1024;

    /// <summary>Its place in the chain, from 1 without gaps.</summary>
    public long Sequence { get; init; }

    public required HoldRecord Hold { get; init; }

    public required SettlementRecord Settlement { get; init; }

    /// <summary>SHA-256 over what the chain had before it and every field.</summary>
    public string Hash { get; init; } = "";

    /// <summary>What a chain begins with.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>The entry at its place in the chain.</summary>
    /// <param name="previousHash">Of the entry before; for the first of a segment, of the segment before.</param>
    public static LedgerEntry Chain(HoldRecord hold, SettlementRecord settlement, long sequence, string previousHash) =>
        new()
        {
            Sequence = sequence,
            Hold = hold,
            Settlement = settlement,
            Hash = HashOf(hold, settlement, sequence, previousHash),
        };

    /// <summary>The hash its fields have after <paramref name="previousHash"/>.</summary>
    public string HashAfter(string previousHash) => HashAt(Sequence, previousHash);

    /// <summary>The hash its fields would have at another place in the chain.</summary>
    public string HashAt(long sequence, string previousHash) => HashOf(Hold, Settlement, sequence, previousHash);

    private static string HashOf(HoldRecord h, SettlementRecord s, long sequence, string previousHash)
    {
        Span<byte> text = stackalloc byte[Usual];
        int length;
        while ((length = Canonical(text, h, s, sequence, previousHash)) < 0)
        {
            text = new byte[text.Length * 2];
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Every field in its order, one a line; the last only where there is something to say.</summary>
    /// <returns>The length of the text; -1 when it is longer than <paramref name="text"/>.</returns>
    private static int Canonical(Span<byte> text, HoldRecord h, SettlementRecord s, long sequence, string previousHash)
    {
        var u = s.Usage;
        return Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"{previousHash}\n{sequence}\n{h.Id}\n{h.At.UtcTicks}\n{h.Call}\n{h.Attempt}\n{h.Key}\n{h.Account}\n{h.Tenant}\n{h.User}\n{h.Tags}\n{h.Role}\n{h.RouteAsked}\n{h.Route}\n{h.Provider}\n{h.Model}\n{h.Credential}\n{h.Amount.Nano}\n{h.Tokens}\n{s.At.UtcTicks}\n{(int)s.Outcome}\n{(int?)s.Failure}\n{s.Status}\n{u.InputTokens}\n{u.CacheReadTokens}\n{u.CacheWriteTokens}\n{u.CacheWrite1hTokens}\n{u.OutputTokens}\n{u.ReasoningTokens}\n{u.InputAudioTokens}\n{u.CacheReadAudioTokens}\n{u.InputImageTokens}\n{u.CacheReadImageTokens}\n{u.OutputAudioTokens}\n{u.OutputImageTokens}\n{u.WebSearchRequests}\n{u.ReportedCost?.Nano}\n{(int)u.Evidence}\n{s.Cost.Nano}\n{s.Duration.Ticks}\n{s.TimeToFirstContent?.Ticks}{(h.Why.Length == 0 ? "" : "\n")}{h.Why}",
            out var length
        )
            ? length
            : -1;
    }
}

/// <summary>Money set aside before an attempt.</summary>
internal sealed record HoldRecord
{
    /// <summary>Unique within a ledger.</summary>
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Call { get; init; }

    public required int Attempt { get; init; }

    public string Key { get; init; } = "";

    /// <summary>Who pays, from the organisation down to the team.</summary>
    public string Account { get; init; } = "";

    public string Tenant { get; init; } = "";

    /// <summary>The end user.</summary>
    public string User { get; init; } = "";

    /// <summary>The caller's tags, separated by commas.</summary>
    public string Tags { get; init; } = "";

    public string Role { get; init; } = "";

    public required string RouteAsked { get; init; }

    public required string Route { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public required string Credential { get; init; }

    public required Credits Amount { get; init; }

    /// <summary>Why it went elsewhere than it asked: the rule or the override; empty where it did not, or only by a fallback.</summary>
    public string Why { get; init; } = "";

    /// <summary>The tokens it may consume at worst.</summary>
    public long Tokens { get; init; }

    /// <summary>A call as selectors know it before a target is chosen: who asks for what, and nothing held yet.</summary>
    public static HoldRecord Of(Call call, DateTimeOffset at) =>
        new()
        {
            At = at,
            Call = call.Id,
            Attempt = 0,
            Key = call.Caller.KeyPath,
            Account = call.Caller.Account,
            Tenant = call.Caller.Tenant,
            User = call.Caller.User,
            Tags = string.Join(',', call.Caller.Tags),
            Role = call.Role,
            RouteAsked = call.RouteAsked,
            Route = "",
            Provider = "",
            Model = "",
            Credential = "",
            Amount = Credits.Zero,
        };

    /// <summary>What is held in a budget's unit.</summary>
    public long AmountIn(BudgetUnit unit) =>
        unit switch
        {
            BudgetUnit.Tokens => Tokens,
            BudgetUnit.Requests => Attempt == 1 ? 1 : 0,
            BudgetUnit.Calls or BudgetUnit.Attempts or BudgetUnit.Concurrent => 1,
            _ => Amount.Nano,
        };
}

/// <summary>How an attempt ended and what it is booked with.</summary>
internal sealed record SettlementRecord
{
    public required long HoldId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required EntryOutcome Outcome { get; init; }

    public FailureClass? Failure { get; init; }

    public int? Status { get; init; }

    public required Usage Usage { get; init; }

    public required Credits Cost { get; init; }

    public TimeSpan Duration { get; init; }

    public TimeSpan? TimeToFirstContent { get; init; }

    /// <summary>The settlement of a hold for an attempt that was never sent.</summary>
    public static SettlementRecord Unsent(HoldRecord hold, DateTimeOffset at) =>
        new()
        {
            HoldId = hold.Id,
            At = at,
            Outcome = EntryOutcome.Failed,
            Usage = Usage.None,
            Cost = Credits.Zero,
        };

    /// <summary>What is booked in a budget's unit. An attempt that was not sent or not accepted is no call.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="attempt">Which attempt of its call it was.</param>
    public long AmountIn(BudgetUnit unit, int attempt) =>
        unit switch
        {
            BudgetUnit.Tokens => Usage.InputTokens + Usage.OutputTokens,
            BudgetUnit.Calls => Counts ? 1 : 0,
            BudgetUnit.Requests => attempt == 1 ? 1 : 0,
            BudgetUnit.Attempts => Counts || Status is not null ? 1 : 0,
            BudgetUnit.Concurrent => 0,
            _ => Cost.Nano,
        };

    private bool Counts =>
        Outcome is EntryOutcome.Completed or EntryOutcome.Cut or EntryOutcome.Recovered || Usage.Evidence != UsageEvidence.Reported;
}

/// <summary>How an attempt ended, as the ledger knows it.</summary>
internal enum EntryOutcome
{
    Completed,
    Failed,
    Cut,
    Aborted,

    /// <summary>The process ended before the attempt did; booked with its whole hold.</summary>
    Recovered,
}
