using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Telemetry;

namespace Sluice.Gateway;

/// <summary>Tells log and metrics which configuration is in force, and that a newer one was refused.</summary>
internal sealed partial class ReloadLog
{
    private readonly LiveConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly Counter<long> _reloads;
    private Snapshot _before;

    public ReloadLog(LiveConfiguration configuration, IMeterFactory meters, ILogger<ReloadLog> logger)
    {
        _configuration = configuration;
        _logger = logger;
        _before = configuration.Current;
        var meter = meters.Create(CallMetrics.MeterName);
        _reloads = meter.CreateCounter<long>("sluice.config.reloads", "{reload}", "Times the configuration was read again, by outcome.");
        meter.CreateObservableGauge("sluice.config.revision", () => configuration.Current.Revision, null, "The revision in force.");
        meter.CreateObservableGauge(
            "sluice.config.rejected",
            () => configuration.Rejected is null ? 0 : 1,
            null,
            "1 while the newest configuration is refused and the last good one is in force."
        );
    }

    public void Begin() => _configuration.Reloaded += Heard;

    /// <summary>Says that a revision could not be written down.</summary>
    public static void NotKept(ILogger logger, Exception exception) => LogNotKept(logger, exception.Message);

    private void Heard(Snapshot current, ConfigurationException? refused)
    {
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", refused is null ? "taken" : "refused"));
        if (refused is not null)
        {
            LogRefused(_logger, current.Revision, refused.Message);
            return;
        }

        LogReloaded(_logger, current.Revision);
        foreach (var note in current.Warnings.AddRange(RestartNotes.Between(_before, current)))
        {
            LogNote(_logger, note);
        }

        _before = current;
    }

    [LoggerMessage(LogLevel.Information, "Configuration revision {Revision} is in force")]
    private static partial void LogReloaded(ILogger logger, long revision);

    [LoggerMessage(LogLevel.Error, "The changed configuration was refused; revision {Revision} stays in force.\n{Errors}")]
    private static partial void LogRefused(ILogger logger, long revision, string errors);

    [LoggerMessage(LogLevel.Warning, "{Note}")]
    private static partial void LogNote(ILogger logger, string note);

    [LoggerMessage(LogLevel.Error, "A revision of the configuration was not written down: {Problem}")]
    private static partial void LogNotKept(ILogger logger, string problem);
}
