using System.Collections.Concurrent;
using Sluice.Calls;

namespace Sluice.Telemetry;

/// <summary>The receipts of the newest calls, for who asks what became of one. Older ones are in the ledger.</summary>
internal sealed class RecentReceipts
{
    private const int Most = 2_000;

    private readonly ConcurrentDictionary<string, Receipt> _byCall = new();
    private readonly ConcurrentQueue<string> _order = new();

    public void Add(Receipt receipt)
    {
        _byCall[receipt.Call] = receipt;
        _order.Enqueue(receipt.Call);
        while (_order.Count > Most && _order.TryDequeue(out var oldest))
        {
            _byCall.TryRemove(oldest, out _);
        }
    }

    public Receipt? Find(string call) => _byCall.GetValueOrDefault(call);
}
