using Microsoft.Extensions.Logging;
using Sluice.Admission.Health;

namespace Sluice.Gateway.Events;

/// <summary>Writes into the log when what is known of targets cannot be kept, once until it can be again.</summary>
internal sealed partial class HealthLog(HealthFile file, ILogger<HealthLog> logger)
{
    private string? _told;

    public void Begin()
    {
        Tell();
        file.Saved += Tell;
    }

    private void Tell()
    {
        var problem = file.Problem;
        if (problem is not null && problem != _told)
        {
            LogProblem(logger, problem);
        }

        _told = problem;
    }

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
