namespace Sluice.Calls;

/// <summary>How many retries a provider gets of all calls together, so that an outage does not multiply what it is asked.</summary>
internal sealed record RetryBudgetSettings
{
    /// <summary>Retries as a part of the targets' first attempts.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>Retries that are fine in any case.</summary>
    public int Least { get; init; } = 10;

    /// <summary>The time that both are counted over.</summary>
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(10);
}
