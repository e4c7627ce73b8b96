using System.Collections.Immutable;
using Sluice.Ledger.Rollups;

namespace Sluice.Ledger;

/// <summary>What a call or an attempt is known by, as far as budgets tell calls apart.</summary>
internal enum BudgetDimension
{
    /// <summary>Who pays; a budget on an account is one on everything below it, too.</summary>
    Account,

    /// <summary>The caller's key; a budget on a key is one on every key that was made with it, too.</summary>
    Key,
    Role,

    /// <summary>The route the caller asked for.</summary>
    Route,

    /// <summary>The route whose target is tried.</summary>
    ActualRoute,
    Tenant,

    /// <summary>The end user.</summary>
    User,
    Provider,

    /// <summary>The key of a provider's pool.</summary>
    Credential,
    Model,

    /// <summary>One of the caller's tags.</summary>
    Tag,
}

/// <summary>Which calls a budget counts: those that have one of the values asked for in every dimension that is named.</summary>
/// <param name="Values">By dimension; <c>*</c> at the end of a value takes every value with that beginning.</param>
internal sealed record BudgetSelector(ImmutableArray<KeyValuePair<BudgetDimension, ImmutableArray<string>>> Values)
{
    public static BudgetSelector All { get; } = new([]);

    public bool Matches(HoldRecord hold) => Matches(hold, folded: false);

    /// <summary>Whether it may count what was added up from several holds: what is not told apart any more may be what it asks for.</summary>
    public bool MayMatch(HoldRecord added) => Matches(added, folded: true);

    private bool Matches(HoldRecord hold, bool folded)
    {
        foreach (var (dimension, wanted) in Values)
        {
            if (!Matches(hold, dimension, wanted) && !(folded && ValueOf(hold, dimension) == RollupKey.Other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it tells calls apart by a dimension.</summary>
    public bool Names(BudgetDimension dimension)
    {
        foreach (var value in Values)
        {
            if (value.Key == dimension)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a hold is in a dimension; empty where it is nothing. Of tags, all of them, separated by commas.</summary>
    public static string ValueOf(HoldRecord hold, BudgetDimension dimension) =>
        dimension switch
        {
            BudgetDimension.Account => hold.Account,
            BudgetDimension.Key => hold.Key,
            BudgetDimension.Role => hold.Role,
            BudgetDimension.Route => hold.RouteAsked,
            BudgetDimension.ActualRoute => hold.Route,
            BudgetDimension.Tenant => hold.Tenant,
            BudgetDimension.User => hold.User,
            BudgetDimension.Provider => hold.Provider,
            BudgetDimension.Credential => hold.Credential,
            BudgetDimension.Model => hold.Model,
            _ => hold.Tags,
        };

    private static bool Matches(HoldRecord hold, BudgetDimension dimension, ImmutableArray<string> wanted)
    {
        var value = ValueOf(hold, dimension).AsSpan();
        if (dimension != BudgetDimension.Tag)
        {
            return Matches(value, wanted, dimension is BudgetDimension.Account or BudgetDimension.Key);
        }

        foreach (var tag in value.Split(','))
        {
            if (Matches(value[tag], wanted, below: false))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> value, ImmutableArray<string> wanted, bool below)
    {
        foreach (var pattern in wanted)
        {
            if (
                value.SequenceEqual(pattern)
                || pattern is [.., '*'] && value.StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal)
                || below
                    && value.Length > pattern.Length
                    && value[pattern.Length] == '/'
                    && value.StartsWith(pattern, StringComparison.Ordinal)
            )
            {
                return true;
            }
        }

        return false;
    }
}
