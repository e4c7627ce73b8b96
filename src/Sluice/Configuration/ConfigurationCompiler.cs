using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Configuration;

/// <summary>Turns what the user wrote into an immutable snapshot, or says everything that is wrong with it.</summary>
internal sealed class ConfigurationCompiler(Func<string, string?> environment)
{
    private readonly IReadOnlyDictionary<string, Dialect> _dialects = CatalogData.Dialects();
    private readonly ModelCatalog _models = new(CatalogData.Models());

    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    public Snapshot CompileFile(string path, long revision, ICollection<string>? files = null) =>
        Compile(ConfigurationFile.Read(path, files ?? []), Path.GetDirectoryName(Path.GetFullPath(path))!, revision);

    /// <exception cref="ConfigurationException">The text cannot be used.</exception>
    public Snapshot CompileText(string text, string directory, long revision) =>
        Compile(ConfigurationFile.ReadText(text, directory), directory, revision);

    private Snapshot Compile(JsonObject merged, string directory, long revision)
    {
        var context = new ReadContext(environment, File.ReadAllText, directory);
        var root = new Section(merged, "", "root", context);
        var providers = root.Children("providers", "provider")
            .Select(p => ProviderCompiler.Compile(p.Name, p.Value, _dialects, context))
            .OfType<Provider>()
            .ToFrozenDictionary(p => p.Name);
        var models = _models.With(
            root.Children("models", "model").Select(m => Card(m.Name, m.Value, providers, context)).OfType<ModelCard>()
        );
        var snapshot = new Snapshot
        {
            Revision = revision,
            Providers = providers,
            Models = models,
            Routes = new RouteCompiler(providers, models, context).Compile(root),
            Reserved = Reserved(root, context),
            Pins = root.Flag("pins", otherwise: true),
            Budgets = [.. BudgetCompiler.Compile(root, context), .. LimitsCompiler.Compile(root)],
            Quota = OutsideCompiler.Quota(root),
            Webhook = OutsideCompiler.Webhook(root),
            Ledger = Ledger(root),
            Server = Server(root),
            Warnings = [.. providers.Values.Select(p => p.Missing).OfType<string>()],
        };
        return context.Errors.Count > 0 ? throw new ConfigurationException(context.Errors) : snapshot;
    }

    private static ModelCard? Card(string name, Section section, FrozenDictionary<string, Provider> providers, ReadContext context)
    {
        if (name.Split('/', 2) is not [var provider, var id] || !providers.TryGetValue(provider, out var configured))
        {
            context.Error(section.Path, $"'{name}' does not begin with a configured provider", "write \"provider/model\"");
            return null;
        }

        if (section.Child("price", "price") is not { } price)
        {
            section.Error("price", "a model needs a price", "give input and output in dollars per million tokens");
            return null;
        }

        return new ModelCard
        {
            Provider = configured.Dialect.Models,
            Id = id,
            Price = PriceReader.Read(price),
            ContextWindow = section.Count("contextWindow", 1, int.MaxValue) ?? 131_072,
            MaxOutput = section.Count("maxOutput", 1, int.MaxValue) ?? 32_768,
            Tools = section.Flag("tools", otherwise: true),
            Vision = section.Flag("vision"),
            Reasoning = section.Flag("reasoning"),
            Embedding = section.Child("embedding", "embedding") is { } space ? Embedding(space) : null,
            Lacks = Lacks(section),
        };
    }

    private static EmbeddingSpace? Embedding(Section section)
    {
        if (section.Text("identity") is { } identity && section.Count("dimensions", 1, 1_000_000) is { } dimensions)
        {
            return new EmbeddingSpace(identity, dimensions);
        }

        section.Error(
            section.Has("identity") ? "dimensions" : "identity",
            "an embedding needs identity and dimensions",
            "write { \"identity\": \"text-embedding-3-small\", \"dimensions\": 1536 }"
        );
        return null;
    }

    private static Feature Lacks(Section section)
    {
        try
        {
            return FeatureTable.Parse(section.Texts("lacks"));
        }
        catch (InvalidDataException exception)
        {
            section.Error("lacks", exception.Message, $"known are {string.Join(", ", FeatureTable.NamesOf(Feature.All))}");
            return Feature.None;
        }
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
        if (section?.Duration("anchorEvery") is not { } every || every >= TimeSpan.FromSeconds(1))
        {
            return section?.Duration("anchorEvery");
        }

        section.Error("anchorEvery", $"{every} is too short a time", "write 1s or more");
        return null;
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
