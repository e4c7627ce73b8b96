namespace Sluice.Ledger;

/// <summary>The ledger cannot be opened or read; the message names the file and the cure.</summary>
internal class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is stored is not what a ledger can be: the file is damaged, or is none.</summary>
internal sealed class LedgerDamagedException(string message, Exception? inner = null) : LedgerException(message, inner);

/// <summary>Another process has the ledger open.</summary>
internal sealed class LedgerInUseException(string path, Exception inner)
    : LedgerException($"{path}: the ledger is in use by another process; give each its own --data directory", inner);
