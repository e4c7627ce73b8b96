using System.Collections.Immutable;

namespace Sluice.Routing;

/// <summary>Sends calls of one kind to another route than they asked for.</summary>
/// <param name="Name">Where it stands: <c>policy[0]</c>.</param>
/// <param name="When">Which calls.</param>
/// <param name="Use">The route they go to; one they asked for themselves stays, and no later rule is asked.</param>
/// <param name="Because">Why, in words that may reach the caller; empty for none.</param>
internal sealed record PolicyRule(string Name, RuleCondition When, Route Use, string Because)
{
    /// <summary>The first rule that applies; rules do not chain, so that no circle can form.</summary>
    public static PolicyRule? First(ImmutableArray<PolicyRule> rules, ICallFacts facts)
    {
        foreach (var rule in rules)
        {
            if (rule.When.Holds(facts))
            {
                return rule;
            }
        }

        return null;
    }
}
