using Sluice.Money;

namespace Sluice.Ledger.Rollups;

/// <summary>What entries are told apart by when they are summed up.</summary>
internal readonly record struct RollupKey
{
    /// <summary>Stands for all that came after a segment had too many to tell apart.</summary>
    public const string Other = "(other)";

    /// <summary>Stands for any end user, where they are not told apart.</summary>
    public const string AnyUser = "(users)";

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public required string RouteAsked { get; init; }

    public required string Route { get; init; }

    public required string Key { get; init; }

    public required string Role { get; init; }

    public required string Account { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The end user: told apart by <see cref="RollupGrain.UserDay"/> only.</summary>
    public required string User { get; init; }

    /// <summary>The set of tags, as the entry has it.</summary>
    public required string Tags { get; init; }

    public required EntryOutcome Outcome { get; init; }

    /// <summary>For rollups that do not tell end users apart.</summary>
    public RollupKey OfAnyUser => User.Length == 0 ? this : this with { User = AnyUser };

    /// <summary>Without what callers write freely.</summary>
    public RollupKey WithoutTags => this with { Tags = Other };

    /// <summary>Without all that there may be many of.</summary>
    public RollupKey WithoutCallers => WithoutTags with { RouteAsked = Other, Key = Other, Tenant = Other };

    /// <summary>With nothing but what a configuration names: there are few of these.</summary>
    public RollupKey WithoutModels => WithoutCallers with { Model = Other, Account = Other };

    /// <summary>Whether something of it is not told apart any more.</summary>
    public bool IsFolded => Tags == Other || User == Other;

    /// <summary>A hold with these facts, as budgets look at one.</summary>
    public HoldRecord HoldAt(DateTimeOffset at) =>
        new()
        {
            At = at,
            Call = "",
            Attempt = 1,
            Provider = Provider,
            Model = Model,
            RouteAsked = RouteAsked,
            Route = Route,
            Credential = "",
            Key = Key,
            Role = Role,
            Account = Account,
            Tenant = Tenant,
            User = User,
            Tags = Tags,
            Amount = Credits.Zero,
        };

    public static RollupKey Of(LedgerEntry entry)
    {
        var h = entry.Hold;
        return new RollupKey
        {
            Provider = h.Provider,
            Model = h.Model,
            RouteAsked = h.RouteAsked,
            Route = h.Route,
            Key = h.Key,
            Role = h.Role,
            Account = h.Account,
            Tenant = h.Tenant,
            User = h.User,
            Tags = h.Tags,
            Outcome = entry.Settlement.Outcome,
        };
    }

    /// <summary>All of it in one text, as it is sorted and hashed.</summary>
    public string Canonical() =>
        string.Join('\n', Provider, Model, RouteAsked, Route, Key, Role, Account, Tenant, User, Tags, ((int)Outcome).ToString("D", null));
}
