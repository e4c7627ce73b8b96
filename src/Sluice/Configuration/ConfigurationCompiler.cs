using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Configuration.Revisions;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Configuration;

/// <summary>Turns what the user wrote into an immutable snapshot, or says everything that is wrong with it.</summary>
internal sealed class ConfigurationCompiler(Func<string, string?> environment, TimeProvider? clock = null)
{
    private static readonly Lazy<IReadOnlyDictionary<string, Dialect>> Dialects = new(CatalogData.Dialects);
    private static readonly Lazy<ModelCatalog> Models = new(() => new ModelCatalog(CatalogData.Models()));

    private readonly TimeProvider _time = clock ?? TimeProvider.System;

    /// <param name="instead">Texts that stand for what files hold, by full path.</param>
    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    public Snapshot CompileFile(string path, long revision, IReadOnlyDictionary<string, string>? instead = null) =>
        Compile(
            new FilesRead(instead),
            files => ConfigurationFile.Read(path, files),
            Path.GetDirectoryName(Path.GetFullPath(path))!,
            revision
        );

    /// <exception cref="ConfigurationException">The text cannot be used.</exception>
    public Snapshot CompileText(string text, string directory, long revision) =>
        Compile(new FilesRead(), files => ConfigurationFile.ReadText(text, directory, files), directory, revision);

    private Snapshot Compile(FilesRead files, Func<FilesRead, JsonObject> read, string directory, long revision)
    {
        try
        {
            var merged = read(files);
            var context = new ReadContext(environment, files.ReadSecret, directory);
            var snapshot = Compile(merged, context, revision);
            return context.Errors.Count > 0
                ? throw new ConfigurationException(ErrorPlaces.Name(context.Errors, files.Layers))
                : snapshot with
                {
                    Source = new ConfigurationSource(ReadableJson.Of(merged)!, [.. files.Texts], files.Digests),
                };
        }
        catch (ConfigurationException exception)
        {
            exception.Watched = files.Digests;
            throw;
        }
    }

    private Snapshot Compile(JsonObject merged, ReadContext context, long revision)
    {
        var root = new Section(merged, "", "root", context);
        var providers = root.Children("providers", "provider")
            .Select(p => ProviderCompiler.Compile(p.Name, p.Value, Dialects.Value, context))
            .OfType<Provider>()
            .Select((p, place) => p with { Place = place })
            .ToFrozenDictionary(p => p.Name);
        var models = new ModelCompiler(Models.Value, providers, context).Compile(root);
        var ledger = Ledger(root);
        var routes = new RouteCompiler(providers, models, context).Compile(root);
        var budgets = BudgetCompiler.Compile(root, ledger.Retention, context);
        return new Snapshot
        {
            Revision = revision,
            Providers = providers,
            Models = models,
            Time = _time,
            Routes = routes,
            Policy = new PolicyCompiler(routes, models, budgets).Compile(root),
            Reserved = Reserved(root, context),
            Pins = root.Flag("pins", otherwise: true),
            Budgets = [.. budgets, .. LimitsCompiler.Compile(root)],
            Gates = GateCompiler.Compile(root, context),
            Quota = OutsideCompiler.Quota(root),
            Webhook = OutsideCompiler.Webhook(root),
            Breaker = BreakerCompiler.Compile(root),
            RetryBudget = RetryBudgetCompiler.Compile(root),
            Ledger = ledger,
            Server = Server(root),
            Warnings =
            [
                .. providers.Values.Select(p => p.Missing).OfType<string>(),
                .. RouteInvariants.Warnings(routes.Values, _time.GetUtcNow()),
            ],
        };
    }

    private static FrozenDictionary<string, string> Reserved(Section root, ReadContext context)
    {
        var reserved = new Dictionary<string, string>();
        foreach (var (name, reason) in root.Node("reserved") as JsonObject ?? [])
        {
            if (reason?.GetValueKind() == JsonValueKind.String)
            {
                reserved[name] = reason.GetValue<string>();
            }
            else
            {
                context.Error($"reserved.{name}", "not a text", "say why nothing can be called by this name");
            }
        }

        return reserved.ToFrozenDictionary();
    }

    private static LedgerSettings Ledger(Section root)
    {
        var section = root.Child("ledger", "ledger");
        var d = new LedgerSettings();
        return new LedgerSettings
        {
            Sync = section?.Duration("sync") ?? d.Sync,
            RingSlots = section?.Count("ringSlots", 1024, 1_048_576) ?? d.RingSlots,
            Retention = section?.Duration("retention") ?? d.Retention,
            AnchorEvery = AnchorEvery(section) ?? d.AnchorEvery,
            OnUnknown = section?.Choice<OnUnknown>("onUnknown") ?? d.OnUnknown,
        };
    }

    private static TimeSpan? AnchorEvery(Section? section)
    {
        var every = section?.Duration("anchorEvery");
        if (every < TimeSpan.FromSeconds(1))
        {
            section!.Error("anchorEvery", $"{section.Text("anchorEvery")} is too short a time", "write 1s or more");
        }

        return every;
    }

    private static ServerSettings Server(Section root)
    {
        var section = root.Child("server", "server");
        var d = new ServerSettings();
        return new ServerSettings
        {
            MaxBody = section?.Bytes("maxBody") ?? d.MaxBody,
            MaxConcurrent = section?.Count("maxConcurrent", 1, 1_000_000) ?? d.MaxConcurrent,
            Drain = section?.Duration("drain") ?? d.Drain,
        };
    }
}
