using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Attempts;

/// <summary>Where a call goes: where it asked to, unless its caller overrides that or a rule of the policy sends it elsewhere.</summary>
internal sealed class Destinations(LedgerBook ledger, TimeProvider time)
{
    /// <summary>The route whose targets are tried. The call knows afterwards why it goes where it goes.</summary>
    /// <exception cref="RouteNotFoundException">The override names nothing that can be called.</exception>
    /// <exception cref="RouteForbiddenException">The caller's key does not allow the override.</exception>
    public Route Of(RouteTable table, ImmutableArray<PolicyRule> policy, Call call, Route asked, ClientRequest request)
    {
        if (call.Wishes.Override is { } wish)
        {
            return Overridden(table, call, asked, wish);
        }

        // What names one target, or goes on from what one provider keeps, can go nowhere else.
        if (policy.IsEmpty || asked.Pinned)
        {
            return asked;
        }

        if (PolicyRule.First(policy, new CallFacts(call, asked, request, ledger, time)) is not { } rule)
        {
            return asked;
        }

        call.Redirection = new Redirection(rule.Name, rule.Use.Name, rule.Because);
        return rule.Use.Name == asked.Name ? asked : rule.Use;
    }

    /// <remarks>It leads where the caller could go by himself and nowhere else; what it changes is whose deadlines, retries and budgets hold.</remarks>
    private static Route Overridden(RouteTable table, Call call, Route asked, CallOverride wish)
    {
        if (!call.Caller.Overrides)
        {
            throw new RouteForbiddenException("this key may not override where a call goes");
        }

        if (asked.Pinned)
        {
            throw new RouteForbiddenException($"'{asked.Name}' can only be answered where it is asked, and not by '{wish.Name}'");
        }

        var taken = table.Resolve(wish.Name, call.Caller);
        call.Redirection = new Redirection(Redirection.Override, taken.Name, wish.Because);
        return taken;
    }
}
