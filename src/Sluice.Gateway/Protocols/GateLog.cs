using Microsoft.Extensions.Logging;
using Sluice.Calls;

namespace Sluice.Gateway.Protocols;

/// <summary>Writes down what content gates did to a call; nothing of what was said.</summary>
internal static partial class GateLog
{
    public static void Write(ILogger logger, Call? call)
    {
        if (call is null)
        {
            return;
        }

        foreach (var action in call.GateActions)
        {
            if (action.Verdict == GateVerdict.Redacted)
            {
                LogRedacted(logger, call.Id, action.Gate, action.Stage, action.Reason);
            }
            else
            {
                LogActed(logger, call.Id, action.Gate, action.Stage, action.Verdict, action.Reason);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Call {Call}: gate {Gate} changed the {Stage}: {Reason}")]
    private static partial void LogRedacted(ILogger logger, string call, string gate, GateStage stage, string reason);

    [LoggerMessage(LogLevel.Warning, "Call {Call}: gate {Gate} on the {Stage}: {Verdict}: {Reason}")]
    private static partial void LogActed(ILogger logger, string call, string gate, GateStage stage, GateVerdict verdict, string reason);
}
