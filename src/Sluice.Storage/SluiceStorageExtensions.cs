using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Storage;

/// <summary>Adds a lasting ledger to Sluice.</summary>
public static class SluiceStorageExtensions
{
    /// <summary>Keeps the ledger in an embedded SQLite database, with a crash-safe ring before it.</summary>
    /// <param name="builder">What <c>AddSluice</c> returned.</param>
    /// <param name="directory">Where database and ring are kept; made if it is missing. One process at a time uses it.</param>
    public static ISluiceBuilder AddSqliteLedger(this ISluiceBuilder builder, string directory)
    {
        builder.Services.AddSingleton(
            new LedgerOpener((settings, time) => new DataDirectory(directory).OpenLedger(settings, time), DataDirectory.HealthIn(directory))
        );
        return builder;
    }
}
