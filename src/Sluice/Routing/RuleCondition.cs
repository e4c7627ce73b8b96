using System.Collections.Immutable;
using Sluice.Calls;

namespace Sluice.Routing;

/// <summary>Which calls a rule is for. Everything that is named must hold; of several names one is enough.</summary>
internal sealed record RuleCondition
{
    public ImmutableArray<string> Routes { get; init; } = [];

    public ImmutableArray<string> Roles { get; init; } = [];

    public ImmutableArray<string> Tasks { get; init; } = [];

    public ImmutableArray<string> Keys { get; init; } = [];

    public ImmutableArray<string> Accounts { get; init; } = [];

    public ImmutableArray<string> Tenants { get; init; } = [];

    public ImmutableArray<string> Users { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public bool? Tools { get; init; }

    public bool? Images { get; init; }

    public bool? Structured { get; init; }

    public bool? Stream { get; init; }

    /// <summary>Estimated input, in tokens.</summary>
    public long? InputAbove { get; init; }

    /// <inheritdoc cref="InputAbove"/>
    public long? InputBelow { get; init; }

    /// <summary>The output limit of the call, in tokens; the route's where it has none.</summary>
    public long? OutputAbove { get; init; }

    /// <summary>The used part of the budgets.</summary>
    public decimal? BudgetAbove { get; init; }

    /// <summary>Which budget is looked at; all that match the call by default.</summary>
    public string? Budget { get; init; }

    /// <summary>What costs least to find out is asked first.</summary>
    public bool Holds(ICallFacts facts)
    {
        var call = facts.Call;
        return IsNamed(call, facts.Asked)
            && Is(Tools, call.Features.Tools || call.Features.ServerTools)
            && Is(Images, call.Features.Images > 0)
            && Is(Stream, call.Features.Stream)
            && !(OutputAbove >= (call.Features.OutputLimit ?? facts.Asked.MaxOutput))
            && !(InputAbove >= facts.InputTokens)
            && !(InputBelow <= facts.InputTokens)
            && (Structured is null || Structured == facts.Structured)
            && !(BudgetAbove >= facts.BudgetUsed(Budget));
    }

    private bool IsNamed(Call call, Route asked)
    {
        var caller = call.Caller;
        return (Routes.IsEmpty || NamePattern.AnyTakes(Routes, asked.Name) || NamePattern.AnyTakes(Routes, call.RouteAsked))
            && (Roles.IsEmpty || NamePattern.AnyTakes(Roles, call.Role))
            && (Tasks.IsEmpty || NamePattern.AnyTakes(Tasks, call.Wishes.Task))
            && (Keys.IsEmpty || NamePattern.AnyTakes(Keys, caller.KeyPath, below: true))
            && (Accounts.IsEmpty || NamePattern.AnyTakes(Accounts, caller.Account, below: true))
            && (Tenants.IsEmpty || NamePattern.AnyTakes(Tenants, caller.Tenant))
            && (Users.IsEmpty || NamePattern.AnyTakes(Users, caller.User))
            && (Tags.IsEmpty || caller.Tags.Any(tag => NamePattern.AnyTakes(Tags, tag)));
    }

    private static bool Is(bool? wanted, bool actual) => wanted is null || wanted == actual;
}
