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
}
