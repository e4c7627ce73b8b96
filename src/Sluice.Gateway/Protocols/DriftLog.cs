using Microsoft.Extensions.Logging;
using Sluice.Calls;

namespace Sluice.Gateway.Protocols;

/// <summary>Writes down that a provider sent what it does not document; nothing of what it sent.</summary>
internal static partial class DriftLog
{
    public static void Write(ILogger logger, Call? call)
    {
        foreach (var attempt in call?.Attempts ?? [])
        {
            if (attempt.SkippedFrames > 0)
            {
                LogSkipped(logger, call!.Id, attempt.SkippedFrames, $"{attempt.Provider}/{attempt.Model}");
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Call {Call}: {Count} frames of the stream of {Target} could not be read and were left out")]
    private static partial void LogSkipped(ILogger logger, string call, int count, string target);
}
