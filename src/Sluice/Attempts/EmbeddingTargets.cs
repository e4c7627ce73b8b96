using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Which targets may stand in for one another when vectors are asked for: those whose vectors can be compared.</summary>
/// <remarks>
/// The route's first target says whose vectors they are. The same model elsewhere makes the same ones; another model does so only
/// where both cards declare one <see cref="EmbeddingSpace"/>. Vectors of two spaces in one index would find nothing and say nothing.
/// </remarks>
internal sealed class EmbeddingTargets(Route asked)
{
    private readonly Target _first = asked.Targets[0];

    /// <summary>Why a target may not be asked, in words that may reach the caller; <see langword="null"/> when it may.</summary>
    public string? Refuse(Target target) =>
        target.Provider.Address.Embeddings is null ? $"{target.Provider.Name} serves no embeddings"
        : IsComparable(target) ? null
        : $"its vectors are not those of {Describe(_first)}: another model is taken only where both cards declare the same \"embedding\"";

    /// <summary>The target where it embeds.</summary>
    public static Target Of(Target target)
    {
        var dialect = target.Provider.Dialect;
        return target with
        {
            Provider = target.Provider with
            {
                Address = target.Provider.Address.Embeddings!,
                Dialect = dialect with
                {
                    Wire = WireKind.OpenAiEmbeddings,
                    Path = dialect.EmbeddingsPath!,
                    StreamPath = null,
                    Inserts = new Dictionary<string, string>(),
                    Renames = new Dictionary<string, string>(),
                    Drops = [],
                },
            },
        };
    }

    private bool IsComparable(Target target) =>
        target.Card.Embedding is { } space && _first.Card.Embedding is { } first ? space == first : target.Model == _first.Model;

    private static string Describe(Target target) =>
        target.Card.Embedding is { } space ? $"'{target.Model}' ({space.Dimensions} dimensions)" : $"'{target.Model}'";
}
