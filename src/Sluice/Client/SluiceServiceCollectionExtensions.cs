using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Calls;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Ledger;

namespace Sluice;

/// <summary>Adds Sluice to a service collection.</summary>
public static class SluiceServiceCollectionExtensions
{
    /// <summary>Adds the engine and an <see cref="IChatClient"/> for every route, keyed by its name; the default route's has no key.</summary>
    /// <remarks>
    /// Where a target of a route serves embeddings, an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> has the same key.
    /// The configuration is read here, so that routes are known before the first call. Entries are kept in memory and end with the
    /// process, unless <c>Sluice.Storage</c> adds a ledger; a configuration with a budget is therefore refused without one.
    /// </remarks>
    /// <param name="services">Where to add it.</param>
    /// <param name="path">The configuration file, <c>sluice.json</c>.</param>
    /// <returns>A builder for what goes beyond.</returns>
    /// <exception cref="ConfigurationException">The configuration cannot be used; the message lists everything that is wrong.</exception>
    public static ISluiceBuilder AddSluice(this IServiceCollection services, string path)
    {
        var compiler = new ConfigurationCompiler(Environment.GetEnvironmentVariable);
        return services.AddSluice(new LiveConfiguration(revision => compiler.CompileFile(path, revision)), new EngineOptions());
    }

    internal static ISluiceBuilder AddSluice(this IServiceCollection services, LiveConfiguration configuration, EngineOptions options)
    {
        services.AddSingleton(provider =>
        {
            var open = provider.GetService<LedgerOpener>();
            if (open is null && configuration.Current.Budgets.Any(b => !b.IsRate))
            {
                throw new ConfigurationException([
                    new ConfigurationError(
                        "budgets",
                        "a hard budget needs a ledger that outlives the process",
                        "add Sluice.Storage and call AddSqliteLedger(directory)"
                    ),
                ]);
            }

            var ledger =
                open?.Open(configuration.Current.Ledger, options.Time)
                ?? LedgerBook.Open(new MemoryLedgerStore(), null, configuration.Current.Ledger, options.Time);
            return new SluiceEngine(
                configuration,
                ledger,
                options with
                {
                    Quota = options.Quota ?? provider.GetService<IQuotaProvider>(),
                    HealthFile = options.HealthFile ?? open?.HealthFile,
                }
            );
        });
        foreach (var route in configuration.Current.Routes.Values.Where(r => !r.Placeholder && !r.Name.EndsWith('*')))
        {
            services.AddKeyedSingleton<IChatClient>(
                route.Name,
                (provider, key) => new SluiceChatClient(provider.GetRequiredService<SluiceEngine>(), (string)key!)
            );
            if (route.Targets.Any(t => t.Provider.Address.Embeddings is not null))
            {
                services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(
                    route.Name,
                    (provider, key) => new SluiceEmbeddingGenerator(provider.GetRequiredService<SluiceEngine>(), (string)key!)
                );
            }
        }

        services.AddSingleton<IChatClient>(provider => new SluiceChatClient(provider.GetRequiredService<SluiceEngine>(), ""));
        return new SluiceBuilder(services);
    }

    private sealed class SluiceBuilder(IServiceCollection services) : ISluiceBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}

/// <summary>What <see cref="SluiceServiceCollectionExtensions.AddSluice(IServiceCollection, string)"/> returns, to add to.</summary>
public interface ISluiceBuilder
{
    /// <summary>The service collection Sluice was added to.</summary>
    IServiceCollection Services { get; }
}

/// <summary>How another package puts its ledger in place of the one in memory.</summary>
internal sealed record LedgerOpener(Func<LedgerSettings, TimeProvider, LedgerBook> Open, string HealthFile);
