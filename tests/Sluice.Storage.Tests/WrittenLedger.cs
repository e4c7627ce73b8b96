using Microsoft.Data.Sqlite;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Ledger.Chain;
using Sluice.Ledger.Verification;
using Sluice.Money;
using Sluice.Storage.Sqlite;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

/// <summary>A data directory with a ledger of made-up entries, written the way a gateway writes it.</summary>
internal sealed class WrittenLedger : IDisposable
{
    private const int Batch = 1000;

    private static readonly string[] Tags = ["", "night", "night,batch"];

    private readonly TempDirectory _directory = new();
    private readonly Random _random;
    private readonly int _segmentEntries;

    public WrittenLedger(int seed = 1, int segmentEntries = LedgerChain.MostEntries)
    {
        (_random, _segmentEntries) = (new Random(seed), segmentEntries);
        Data = new DataDirectory(_directory.Path);
        Store = new SqliteLedgerStore(Data.Database);
        Chain = new LedgerChain(Store.ReadTail(), segmentEntries);
    }

    public ManualTimeProvider Time { get; } = new();

    public DataDirectory Data { get; }

    public SqliteLedgerStore Store { get; private set; }

    public LedgerChain Chain { get; private set; }

    /// <summary>Adds entries, a second apart.</summary>
    public WrittenLedger Write(int entries)
    {
        for (var written = 0; written < entries; written++)
        {
            var (hold, settlement) = Attempt();
            Chain.Add(hold, settlement);
            if ((written + 1) % Batch == 0 || written + 1 == entries)
            {
                Store.Append(Chain.Batch([], [], 2 * Chain.Sequence));
                Chain.Written();
            }
        }

        return this;
    }

    public void Anchor() => Data.Anchors.Add(new LedgerAnchor(Chain.Sequence, Chain.Hash, Time.GetUtcNow()));

    public Verification Verify() => new LedgerVerifier(Store, Data.Anchors).Run(CancellationToken.None);

    public List<LedgerEntry> Entries()
    {
        using var view = Store.Look();
        return [.. view.Entries(1, long.MaxValue).Select(e => e.Readable)];
    }

    public void Tamper(string sql)
    {
        using var connection = SqliteDatabase.Open(Data.Database);
        SqliteDatabase.Execute(connection, sql);
    }

    /// <summary>Closes the ledger, so that all of it is in the one file.</summary>
    public void Close() => Store.Dispose();

    public void Reopen()
    {
        Store = new SqliteLedgerStore(Data.Database);
        Chain = new LedgerChain(Store.ReadTail(), _segmentEntries);
    }

    /// <summary>Flips a bit of the file where it holds these bytes.</summary>
    public void Flip(ReadOnlySpan<byte> at)
    {
        var bytes = File.ReadAllBytes(Data.Database);
        var place = bytes.AsSpan().IndexOf(at);
        place.ShouldBeGreaterThan(0);
        bytes[place + at.Length / 2] ^= 4;
        File.WriteAllBytes(Data.Database, bytes);
    }

    public (HoldRecord Hold, SettlementRecord Settlement) Attempt()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var (at, number) = (Time.GetUtcNow(), Chain.Sequence + 1);
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        var caller = _random.Next(4);
        var hold = new HoldRecord
        {
            Id = 2 * number - 1,
            At = at - TimeSpan.FromSeconds(_random.Next(4000)),
            Call = $"call_{new Guid(bytes):N}",
            Attempt = 1 + _random.Next(2),
            Key = $"key_{caller}",
            Account = $"acme/team{caller % 2}",
            Tenant = caller == 0 ? "" : $"tenant{caller}",
            User = caller == 3 ? "" : $"user{_random.Next(6)}",
            Tags = Tags[_random.Next(Tags.Length)],
            Role = "coder",
            RouteAsked = caller == 1 ? "other" : "asked",
            Route = "actual",
            Provider = "provider",
            Model = $"model{_random.Next(2)}",
            Credential = "provider#1",
            Amount = new Credits(_random.Next(1_000_000)),
        };
        var input = _random.Next(10_000);
        return (
            hold,
            new SettlementRecord
            {
                HoldId = hold.Id,
                At = at,
                Outcome = _random.Next(10) == 0 ? EntryOutcome.Cut : EntryOutcome.Completed,
                Failure = _random.Next(5) == 0 ? FailureClass.Transient : null,
                Status = 200,
                Cost = new Credits(_random.Next(1_000_000)),
                Duration = TimeSpan.FromMilliseconds(_random.Next(9000)),
                TimeToFirstContent = _random.Next(3) == 0 ? null : TimeSpan.FromMilliseconds(_random.Next(900)),
                Usage = new Usage
                {
                    InputTokens = input,
                    CacheReadTokens = input / 2,
                    OutputTokens = _random.Next(3000),
                    Evidence = (UsageEvidence)_random.Next(3),
                },
            }
        );
    }

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }
}
