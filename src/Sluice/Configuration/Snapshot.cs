using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Content;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>One configuration, validated and compiled; never changes. A call keeps the one it started with.</summary>
internal sealed record Snapshot
{
    /// <summary>Counts up with each configuration that was taken into use.</summary>
    public required long Revision { get; init; }

    /// <summary>The texts it was compiled from; <see langword="null"/> for one that was put together otherwise.</summary>
    public ConfigurationSource? Source { get; init; }

    public required FrozenDictionary<string, Provider> Providers { get; init; }

    public required FrozenDictionary<string, Route> Routes { get; init; }

    /// <summary>Rules that send calls elsewhere, in order.</summary>
    public ImmutableArray<PolicyRule> Policy { get; init; } = [];

    /// <summary>Names that are taken and have no route, with the reason: <c>direct</c> runs no model.</summary>
    public FrozenDictionary<string, string> Reserved { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What is known of models, the configuration's own additions included.</summary>
    public required ModelCatalog Models { get; init; }

    /// <summary>Whether callers may name <c>provider/model</c>.</summary>
    public bool Pins { get; init; } = true;

    /// <summary>By what it is known which models are gone.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Names to routes, as callers write them.</summary>
    public RouteTable Table => field ??= new RouteTable(Routes, Reserved, Providers, Models, Pins, Time);

    public ImmutableArray<Budget> Budgets { get; init; } = [];

    /// <summary>The gates over what is said, in the order in which they are asked.</summary>
    public ImmutableArray<ContentGate> Gates { get; init; } = [];

    /// <summary>The authority over quotas that is asked over HTTP; <see langword="null"/> for none.</summary>
    public QuotaSettings? Quota { get; init; }

    /// <summary>Who is told of budgets; <see langword="null"/> for nobody.</summary>
    public Webhook? Webhook { get; init; }

    /// <summary>How targets that fail lose traffic.</summary>
    public BreakerSettings Breaker { get; init; } = new();

    /// <summary>How many retries a provider gets of all calls together.</summary>
    public RetryBudgetSettings RetryBudget { get; init; } = new();

    public required ServerSettings Server { get; init; }

    public required LedgerSettings Ledger { get; init; }

    /// <summary>What is not wrong and still worth saying: a provider without a key.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>The gateway's own limits.</summary>
internal sealed record ServerSettings
{
    /// <summary>The longest request body, in bytes.</summary>
    public long MaxBody { get; init; } = 32 * 1024 * 1024;

    /// <summary>Calls under way at once; one more is refused with 503.</summary>
    public int MaxConcurrent { get; init; } = 4096;

    /// <summary>How long streams in flight may go on after the signal to stop.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Who is told when a budget passes a threshold.</summary>
/// <param name="Url">Where events are posted.</param>
/// <param name="Secret">What they are signed with; unsigned where there is none.</param>
internal sealed record Webhook(Uri Url, string? Secret);
