using Microsoft.Extensions.Logging;
using Sluice.Ledger;

namespace Sluice.Gateway.Events;

/// <summary>Writes into the log what operators have to know of the ledger: anchors, what a crash left, and when it stands still.</summary>
internal sealed partial class LedgerLog(LedgerBook ledger, ILogger<LedgerLog> logger)
{
    /// <summary>Recovered holds that are named one by one.</summary>
    private const int MostNamed = 20;

    public void Begin()
    {
        foreach (var hold in ledger.Recovered.Take(MostNamed))
        {
            LogRecovered(logger, hold.Call, hold.Attempt, hold.Provider, hold.Model, hold.Amount.ToString());
        }

        if (ledger.Recovered.Count > MostNamed)
        {
            LogMore(logger, ledger.Recovered.Count - MostNamed);
        }

        ledger.Writer.Stopped += why => LogStopped(logger, why.Message);
        ledger.Writer.Resumed += () => LogResumed(logger);
        if (ledger.Upkeep is { } upkeep)
        {
            upkeep.Anchored += anchor => LogAnchor(logger, anchor.Sequence, anchor.Hash);
            upkeep.Failed += why => LogUpkeep(logger, why.Message);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Call {Call}, attempt {Attempt} at {Provider}/{Model}, had no settlement when the last run ended: its hold of {Hold} USD is booked in full"
    )]
    private static partial void LogRecovered(ILogger logger, string call, int attempt, string provider, string model, string hold);

    [LoggerMessage(
        LogLevel.Warning,
        "{Count} more holds without a settlement are booked in full; `sluice ledger list` shows them as Recovered"
    )]
    private static partial void LogMore(ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "The ledger takes no entries: {Why}. They are kept in the ring; when it is full, calls are refused")]
    private static partial void LogStopped(ILogger logger, string why);

    [LoggerMessage(LogLevel.Information, "The ledger takes entries again; none was lost")]
    private static partial void LogResumed(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Ledger anchor: entry {Sequence}, hash {Hash}")]
    private static partial void LogAnchor(ILogger logger, long sequence, string hash);

    [LoggerMessage(LogLevel.Warning, "The ledger could not be tidied up, and is tried again: {Why}")]
    private static partial void LogUpkeep(ILogger logger, string why);
}
