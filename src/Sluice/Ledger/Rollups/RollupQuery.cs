namespace Sluice.Ledger.Rollups;

/// <summary>What a report may tell apart.</summary>
internal enum Dimension
{
    Provider,
    Model,

    /// <summary>The route that was asked for.</summary>
    Route,

    /// <summary>The route that answered.</summary>
    ActualRoute,
    Key,
    Role,
    Account,
    Tenant,

    /// <summary>The end user, by whole days, for as long as entries are kept.</summary>
    User,

    /// <summary>A call with several counts under each.</summary>
    Tag,
    Outcome,
    Hour,
    Day,
    Month,
}

/// <summary>Rollups to be added up.</summary>
/// <param name="From">The first hour or day.</param>
/// <param name="Until">The one after the last.</param>
/// <param name="Grain">Which rollups to read; the start of a row is kept only where <paramref name="ByTime"/> says so.</param>
/// <param name="By">
/// What is kept apart; all else is left empty in the rows. Where end users are, days come only of calls without one, and of segments
/// whose entries are gone; <see cref="RollupGrain.UserDay"/> has the rest.
/// </param>
internal sealed record RollupQuery(DateTimeOffset From, DateTimeOffset Until, RollupGrain Grain, bool ByTime, IReadOnlySet<Dimension> By);
