using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Gateway.Keys;

namespace Sluice.Gateway;

/// <summary>Looks once a second whether a configuration file has changed, and whether keys have.</summary>
/// <remarks>Asking for the time of change works on every file system; change notifications do not, on network and container mounts.</remarks>
internal sealed partial class ConfigurationWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly LiveConfiguration _configuration;
    private readonly KeyRing _keys;
    private readonly GatewayOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _stamp;

    public ConfigurationWatcher(LiveConfiguration configuration, KeyRing keys, GatewayOptions options, ILogger<ConfigurationWatcher> logger)
    {
        _configuration = configuration;
        _keys = keys;
        _options = options;
        _logger = logger;
        _stamp = Stamp();
        _timer = options.Engine.Time.CreateTimer(static state => ((ConfigurationWatcher)state!).Look(), this, Every, Every);
    }

    private long Stamp() => _options.Files.Aggregate(0L, (sum, file) => HashCode.Combine(sum, File.GetLastWriteTimeUtc(file).Ticks));

    private void Look()
    {
        try
        {
            _keys.Refresh();
            if (Stamp() is var stamp && stamp == _stamp)
            {
                return;
            }

            _stamp = stamp;
            LogReloaded(_logger, _configuration.Reload().Revision);
        }
        catch (ConfigurationException exception)
        {
            LogRefused(_logger, exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The last good state stays in force, and the next look is a second away.
            LogTrouble(_logger, exception);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    [LoggerMessage(LogLevel.Information, "Configuration revision {Revision} is in force")]
    private static partial void LogReloaded(ILogger logger, long revision);

    [LoggerMessage(LogLevel.Error, "The changed configuration was refused; the last good one stays in force.\n{Errors}")]
    private static partial void LogRefused(ILogger logger, string errors);

    [LoggerMessage(LogLevel.Warning, "Looking for changes failed")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}
