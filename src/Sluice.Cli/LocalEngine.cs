using System.Text.Json.Nodes;
using Sluice.Configuration;
using Sluice.Ledger;
using Sluice.Storage;

namespace Sluice.Cli;

/// <summary>An engine inside the command itself, on the same ledger a gateway would use.</summary>
internal static class LocalEngine
{
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    /// <exception cref="LedgerInUseException">A running gateway has the data directory open.</exception>
    public static SluiceEngine Open(Setup setup, DataDirectory data)
    {
        var configuration = new LiveConfiguration(setup.Load);
        var ledger = data.OpenLedger(configuration.Current.Ledger, TimeProvider.System);
        return new SluiceEngine(configuration, ledger, new EngineOptions { HealthFile = data.Health });
    }

    /// <summary>From the gateway that runs on the data directory, which alone knows what is under way; else from what the last one left.</summary>
    /// <param name="config">The configuration that was named, if any.</param>
    /// <param name="data">The directory.</param>
    /// <param name="path">Where the gateway says it.</param>
    /// <param name="say">What the engine of the command itself says.</param>
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    public static async Task<JsonArray> AskAsync(
        string? config,
        DataDirectory data,
        string path,
        Func<SluiceEngine, JsonArray> say,
        CancellationToken cancellationToken
    )
    {
        if (data.InUse)
        {
            // It has read its configuration: the command needs none, nor the keys that are in the gateway's environment.
            return await RunningGateway.AskAsync(data, path, cancellationToken).ConfigureAwait(false);
        }

        var setup = await Setup.CreateAsync(config, cancellationToken).ConfigureAwait(false);
        await using (setup.ConfigureAwait(false))
        {
            try
            {
                var engine = Open(setup, data);
                await using (engine.ConfigureAwait(false))
                {
                    return say(engine);
                }
            }
            catch (LedgerInUseException)
            {
                return await RunningGateway.AskAsync(data, path, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
