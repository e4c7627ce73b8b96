using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Gateway.Keys;

namespace Sluice.Gateway;

/// <summary>Looks once a second whether a file of the configuration holds something else than was read, and whether keys have changed.</summary>
/// <remarks>
/// It reads rather than asks for times or for notifications: that works on network and container mounts, for links that are turned
/// over and for files that are replaced by some of the same age, and nothing falls between reading and watching.
/// </remarks>
internal sealed partial class ConfigurationWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly LiveConfiguration _configuration;
    private readonly KeyRing _keys;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private ReloadCause? _unfinished;

    /// <param name="watch">Whether it looks at all.</param>
    public ConfigurationWatcher(
        LiveConfiguration configuration,
        KeyRing keys,
        TimeProvider time,
        bool watch,
        ILogger<ConfigurationWatcher> logger
    )
    {
        _configuration = configuration;
        _keys = keys;
        _logger = logger;
        var every = watch ? Every : Timeout.InfiniteTimeSpan;
        _timer = time.CreateTimer(static state => ((ConfigurationWatcher)state!).Look(), this, every, every);
    }

    private void Look()
    {
        try
        {
            _keys.Refresh();
            if (_configuration.Watched.FirstOrDefault(file => FilesRead.DigestOf(file.Key) != file.Value).Key is { } changed)
            {
                // Whoever writes a file in pieces is given a second until it is called bad.
                var cause = ReloadCause.FileChange(changed);
                _unfinished = _configuration.TryReload(cause) is null ? cause : null;
            }
            else if (_unfinished is { } cause)
            {
                _unfinished = null;
                _configuration.Reload(cause);
            }
        }
        catch (ConfigurationException)
        {
            // The log has it from whoever hears of reloads.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The last good state stays in force, and the next look is a second away.
            LogTrouble(_logger, exception);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    [LoggerMessage(LogLevel.Warning, "Looking for changes failed")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}
