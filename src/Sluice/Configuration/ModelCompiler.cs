using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Compiles <c>models</c>: what is said of a model changes its shipped card, or makes one.</summary>
internal sealed class ModelCompiler(ModelCatalog shipped, IReadOnlyDictionary<string, Provider> providers, ReadContext context)
{
    public ModelCatalog Compile(Section root) =>
        shipped.With([.. root.Children("models", "model").Select(m => Card(m.Name, m.Value)).OfType<ModelCard>()]);

    private ModelCard? Card(string name, Section section)
    {
        if (name.Split('/', 2) is not [var provider, { Length: > 0 } id] || !providers.TryGetValue(provider, out var configured))
        {
            context.Error(section.Path, $"'{name}' does not begin with a configured provider", "write \"provider/model\"");
            return null;
        }

        var known = shipped.Find(configured.Dialect.Models, id);
        if (known is null && !section.Has("price"))
        {
            section.Error("price", "a model that is not known needs a price", "give input and output in dollars per million tokens");
            return null;
        }

        var card = (known ?? Unknown) with { Provider = configured.Dialect.Models, Id = id };
        return PriceReader.Apply(
            card with
            {
                ContextWindow = section.Count("contextWindow", 1, int.MaxValue) ?? card.ContextWindow,
                MaxOutput = section.Count("maxOutput", 1, int.MaxValue) ?? card.MaxOutput,
                ImageTokens = section.Count("imageTokens", 1, int.MaxValue) ?? card.ImageTokens,
                Tools = section.Flag("tools", card.Tools),
                Vision = section.Flag("vision", card.Vision),
                Reasoning = section.Flag("reasoning", card.Reasoning),
                Thinking = section.Choice<ThinkingStyle>("thinking") ?? card.Thinking,
                Embedding = section.Child("embedding", "embedding") is { } space ? Embedding(space) : card.Embedding,
                Lacks = section.Has("lacks") ? Lacks(section) : card.Lacks,
                Drops = section.Has("drops") ? section.Texts("drops") : card.Drops,
                Retires = section.Date("retires") ?? card.Retires,
                BilledElsewhere = section.Flag("billedElsewhere", card.BilledElsewhere),
                Lifecycle = section.Choice<ModelLifecycle>("lifecycle") ?? card.Lifecycle,
            },
            section
        );
    }

    private static ModelCard Unknown { get; } =
        new()
        {
            Provider = "",
            Id = "",
            ContextWindow = 131_072,
            MaxOutput = 32_768,
            Tools = true,
        };

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
}
