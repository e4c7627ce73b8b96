using Sluice.Calls;

namespace Sluice.Telemetry;

/// <summary>The receipts of the newest calls, for who asks what became of one. Older ones are in the ledger.</summary>
/// <remarks>Every call writes, hardly anybody reads: a ring to write to, searched from end to end.</remarks>
internal sealed class RecentReceipts
{
    private const int Most = 2_048;

    private readonly Receipt?[] _ring = new Receipt?[Most];
    private uint _next;

    public void Add(Receipt receipt) => Volatile.Write(ref _ring[(Interlocked.Increment(ref _next) - 1) % Most], receipt);

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Receipt> All => _ring.OfType<Receipt>();

    public Receipt? Find(string call) => Array.Find(_ring, receipt => receipt?.Call == call);
}
