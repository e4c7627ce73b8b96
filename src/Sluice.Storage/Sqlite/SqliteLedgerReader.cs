using Sluice.Ledger;
using Sluice.Ledger.Chain;

namespace Sluice.Storage.Sqlite;

/// <summary>Reads a ledger beside the gateway that writes it; changes nothing.</summary>
internal sealed class SqliteLedgerReader(string path) : ILedgerReader
{
    public ILedgerView Look() => new SqliteLedgerView(path);

    /// <summary>The newest entries, newest first.</summary>
    public IReadOnlyList<LedgerEntry> List(int limit) => Read(view => view.Newest(limit));

    /// <summary>The entries of one call, in the order of its attempts.</summary>
    public IReadOnlyList<LedgerEntry> OfCall(string call) => Read(view => view.OfCall(call));

    private T Read<T>(Func<SqliteLedgerView, T> read)
    {
        using var view = new SqliteLedgerView(path);
        return read(view);
    }
}
