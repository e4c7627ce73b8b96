using System.Text.Json.Nodes;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>What must become of a call; <see langword="null"/> where nothing is expected.</summary>
internal sealed record CallExpectation
{
    public int? Status { get; init; }

    public string? Target { get; init; }

    public string? Route { get; init; }

    public string? Model { get; init; }

    public int? AttemptCount { get; init; }

    public IReadOnlyList<string>? Attempts { get; init; }

    public IReadOnlyList<string>? Rejections { get; init; }

    public string? Text { get; init; }

    public int? Tokens { get; init; }

    public bool? Complete { get; init; }

    public bool? Truncated { get; init; }

    public string? Finish { get; init; }

    public string? Error { get; init; }

    public string? Message { get; init; }

    public UsageExpectation? Usage { get; init; }

    public int? Drift { get; init; }

    public decimal? Cost { get; init; }

    public decimal? MaxCost { get; init; }

    public JsonObject? Headers { get; init; }

    public IReadOnlyList<string>? Degradations { get; init; }

    public SpanExpectation? Elapsed { get; init; }
}

internal sealed record UsageExpectation(int? Input, int? Output);

internal sealed record SpanExpectation(TimeSpan? Min, TimeSpan? Max);

/// <summary>Where things stand at a moment.</summary>
internal record StateExpectation
{
    public required IReadOnlyDictionary<string, BudgetExpectation> Budgets { get; init; }

    public required IReadOnlyDictionary<string, string> Breakers { get; init; }

    public IReadOnlyDictionary<string, int>? Upstream { get; init; }
}

internal sealed record BudgetExpectation(decimal? Spent, decimal? MaxSpent, decimal? Held);

/// <summary>What must be true when all calls have ended.</summary>
internal sealed record EndExpectation : StateExpectation
{
    public required IReadOnlyList<Happening> Order { get; init; }

    public required IReadOnlyList<SentExpectation> Sent { get; init; }

    public SpanExpectation? Elapsed { get; init; }
}

/// <param name="What">As the story of a scenario tells it.</param>
/// <param name="By">When at the latest.</param>
internal sealed record Happening(string What, TimeSpan? By);

internal sealed record SentExpectation(
    string Path,
    string Target,
    int Number,
    JsonObject? Has,
    IReadOnlyList<string> Lacks,
    IReadOnlyDictionary<string, string> Headers
);
