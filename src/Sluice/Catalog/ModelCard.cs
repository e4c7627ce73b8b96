using Sluice.Money;

namespace Sluice.Catalog;

/// <summary>What is known of a model as one provider serves it.</summary>
internal sealed record ModelCard
{
    /// <summary>The provider preset that serves it, as in <c>data/providers.jsonc</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The id the provider knows it by.</summary>
    public required string Id { get; init; }

    /// <summary>Input and output together, in tokens.</summary>
    public required int ContextWindow { get; init; }

    /// <summary>The longest output, in tokens.</summary>
    public required int MaxOutput { get; init; }

    /// <summary>The most input tokens that one image counts for, however few bytes it has.</summary>
    /// <value>By default what the most generous of the vendors' rules come to.</value>
    public int ImageTokens { get; init; } = 10_000;

    /// <summary>What it costs; <see langword="null"/> when no price is known.</summary>
    public Price? Price { get; init; }

    /// <summary>What replaces <see cref="Price"/> at some times; of several that hold the last.</summary>
    public IReadOnlyList<ScheduledPrice> Schedule { get; init; } = [];

    /// <summary>What it costs at a moment; <see langword="null"/> when no price is known.</summary>
    public Price? PriceAt(DateTimeOffset moment) => ScheduledPrice.Of(Price, Schedule, moment);

    /// <summary>When the price was last compared with the vendor's page.</summary>
    public DateOnly? PriceChecked { get; init; }

    public bool Tools { get; init; }

    public bool Vision { get; init; }

    /// <summary>It thinks before it answers, possibly without showing it.</summary>
    public bool Reasoning { get; init; }

    /// <summary>How it can be told to think, where the vendor's models differ.</summary>
    public ThinkingStyle Thinking { get; init; }

    /// <summary>Request members that this model rejects although its provider takes them with others: <c>temperature</c>.</summary>
    public IReadOnlyList<string> Drops { get; init; } = [];

    /// <summary>What its provider can be asked for with other models and not with this one.</summary>
    public Feature Lacks { get; init; }

    /// <summary>Where its vectors live, for a model that embeds; <see langword="null"/> where nobody has said.</summary>
    public EmbeddingSpace? Embedding { get; init; }

    public ModelLifecycle Lifecycle { get; init; }

    /// <summary>The day from which it is not served any more; <see langword="null"/> where none is known.</summary>
    public DateOnly? Retires { get; init; }

    /// <summary>What it costs is billed by somebody else: it is asked only where it is named.</summary>
    public bool BilledElsewhere { get; init; }

    /// <summary>Where it stands at a moment: on the day it retires it is retired, whatever the card says.</summary>
    public ModelLifecycle LifecycleAt(DateTimeOffset moment) =>
        Retires is { } day && DateOnly.FromDateTime(moment.UtcDateTime) >= day ? ModelLifecycle.Retired
        : Retires is not null && Lifecycle == ModelLifecycle.Current ? ModelLifecycle.Deprecated
        : Lifecycle;

    /// <summary>The card of a model on the user's own machine, where nothing is known but that it is free.</summary>
    public static ModelCard OfLocal(string provider, string id) =>
        new()
        {
            Provider = provider,
            Id = id,
            ContextWindow = 131_072,
            MaxOutput = 131_072,
            Price = Price.Free,
            Tools = true,
            Vision = true,
        };
}

/// <summary>A space of vectors: those of one identity and length can be compared, all others must never be mixed.</summary>
/// <param name="Identity">Its name, by habit that of the model that made it.</param>
/// <param name="Dimensions">How long its vectors are.</param>
internal sealed record EmbeddingSpace(string Identity, int Dimensions);

/// <summary>The two ways in which a model of Anthropic's is told to think.</summary>
internal enum ThinkingStyle
{
    /// <summary>Either, or not known.</summary>
    Any,

    /// <summary>By a budget of tokens alone.</summary>
    Budget,

    /// <summary>By an effort alone: the model itself finds how much.</summary>
    Adaptive,
}

internal enum ModelLifecycle
{
    Current,
    Deprecated,
    Retired,
}
