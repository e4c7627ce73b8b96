namespace Sluice.Ledger;

/// <summary>The ledger cannot be opened or read; the message names the file and the cure.</summary>
internal sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner);
