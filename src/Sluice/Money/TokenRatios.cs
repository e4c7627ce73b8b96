using System.Collections.Concurrent;

namespace Sluice.Money;

/// <summary>How many bytes a token of a model has, learned from answers whose usage was reported; for those whose usage stays away.</summary>
/// <remarks>
/// What is remembered follows a denser answer at once and forgets it slowly, so that an estimate rather has too many tokens than too
/// few. State: it outlives a reload.
/// </remarks>
internal sealed class TokenRatios
{
    /// <summary>Bytes in a token where nothing is known: fewer than any text of any vendor's has had, but for single characters.</summary>
    public const decimal Cautious = 2m;

    /// <summary>Answers shorter than this say little: a token more or less is too much of them.</summary>
    private const long LeastTokens = 16;

    /// <summary>Answers that are needed before they are believed.</summary>
    private const int Enough = 8;

    private const int MostModels = 10_000;
    private const decimal Forgetting = 0.02m;

    private readonly ConcurrentDictionary<string, Learned> _models = new(StringComparer.Ordinal);

    /// <summary>Bytes in a token of a model, cautiously.</summary>
    public decimal Of(string model) =>
        _models.TryGetValue(model, out var learned) && learned.Answers >= Enough ? learned.BytesPerToken : Cautious;

    /// <summary>Takes an answer into account.</summary>
    /// <param name="model">The model that gave it.</param>
    /// <param name="bytes">What was seen of it.</param>
    /// <param name="usage">What the provider reported; reasoning may not have been seen, and such answers teach nothing.</param>
    public void Learn(string model, long bytes, Usage usage)
    {
        if (
            usage
                is not {
                    Evidence: UsageEvidence.Reported,
                    ReasoningTokens: 0,
                    OutputAudioTokens: 0,
                    OutputImageTokens: 0,
                    OutputTokens: >= LeastTokens
                }
            || bytes <= 0
            || (_models.Count >= MostModels && !_models.ContainsKey(model))
        )
        {
            return;
        }

        var ratio = Math.Clamp(bytes / (decimal)usage.OutputTokens, 0.5m, 8m);
        _models.AddOrUpdate(model, new Learned(ratio, 1), (_, known) => known.With(ratio));
    }

    private sealed record Learned(decimal BytesPerToken, int Answers)
    {
        public Learned With(decimal ratio) =>
            new(ratio < BytesPerToken ? ratio : BytesPerToken + (ratio - BytesPerToken) * Forgetting, Math.Min(Answers + 1, Enough));
    }
}
