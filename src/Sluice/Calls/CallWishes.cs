namespace Sluice.Calls;

/// <summary>What a caller says of one call besides what he asks; each only as his key allows.</summary>
internal sealed record CallWishes
{
    public static CallWishes None { get; } = new();

    /// <summary>The agent role the call counts for, in place of its route's; empty for the route's.</summary>
    public string Role { get; init; } = "";

    /// <summary>What kind of task it is, for rules of the policy to tell calls apart; empty where he says none.</summary>
    public string Task { get; init; } = "";

    /// <summary>Where the call is to go instead; <see langword="null"/> leaves it to route and policy.</summary>
    public CallOverride? Override { get; init; }
}

/// <summary>A caller's own choice of where one call goes.</summary>
/// <param name="Name">A route, a model or <c>provider/model</c>.</param>
/// <param name="Because">Why, for those who read the ledger.</param>
internal sealed record CallOverride(string Name, string Because);

/// <summary>Why a call went elsewhere than to the route it asked for, before anything was tried.</summary>
/// <param name="Rule">The rule of the policy, <c>policy[0]</c>, or <c>override</c>.</param>
/// <param name="Use">The route or target it led to.</param>
/// <param name="Because">Why, in the words of whoever wrote the rule or asked for the override; empty where he gave none.</param>
internal sealed record Redirection(string Rule, string Use, string Because)
{
    public const string Override = "override";

    /// <summary>As the ledger has it.</summary>
    public override string ToString() => Because.Length == 0 ? Rule : $"{Rule}: {Because}";
}
