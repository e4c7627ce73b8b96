namespace Sluice.Configuration;

/// <summary>The members of a route and of the rules that lead to it.</summary>
internal static class RouteMembers
{
    /// <summary>What callers may ask for.</summary>
    public static readonly IReadOnlyList<Member> Route =
    [
        new("tier", "choice:free|standard|premium", "What it may cost: a fallback is never of a higher tier.", "standard"),
        new(
            "default",
            "bool",
            "Answers calls that name no model. Exactly one route is the default; a lone route is it by itself.",
            "false"
        ),
        new("placeholder", "bool", "Declared by a contract for a deployment to fill; it has no targets and cannot be called.", "false"),
        new("targets", "list:target", "What is tried, in order: `provider/model`, or an object."),
        new(
            "order",
            "choice:listed|weighted|cheapest|leastLatency|leastLoaded",
            "Who comes first: as listed; by `weight`; by what a call of this size costs now; by the first content of late; by calls under way, of two that chance picks. The others follow as failover.",
            "listed"
        ),
        new(
            "stickyBy",
            "choice:none|key|user|tenant",
            "For whom a `weighted` order is always the same, to compare models fairly; who names none is placed by chance.",
            "none"
        ),
        new(
            "affinity",
            "choice:auto|off",
            "Whether a conversation that holds signatures, a prompt cache or a tool's result goes to who answered it in the last five minutes, where it would go elsewhere by itself.",
            "auto"
        ),
        new(
            "fallback",
            "fallback",
            "The route that stands in when every target failed: a name, or one per failure class with `*` for the rest."
        ),
        new("use", "text", "Another route, of which this one is a copy with its own role."),
        new("role", "text", "The agent role that its calls count for."),
        new("deadline", "duration", "The whole call, every attempt included.", "10m"),
        new("deadlines", "section:deadlines", "Limits on parts of a call."),
        new("retry", "section:retry", "How often the same target is tried again."),
        new(
            "hedge",
            "duration",
            "After how long without content (of an unstreamed answer: without the whole of it) the next target is asked as well; the first to answer wins, and both are paid for. Off by default."
        ),
        new(
            "onCut",
            "choice:error|continue",
            "What becomes of a stream that is cut after its caller has seen some of it: the caller is told, or the next target goes on with it, under a hold of its own and where only plain text was sent.",
            "error"
        ),
        new("maxOutput", "tokens", "The output limit of calls that have none, in tokens.", "16384"),
        new(
            "onShort",
            "texts",
            "What is done, where a budget has not enough left: `cheaper` tries the next target, `clamp` lowers the caller's own output limit until it fits (never below 256 tokens), `refuse` ends the call.",
            "[\"cheaper\", \"refuse\"]"
        ),
        new("budgetWait", "duration", "How long a call waits in order of arrival when only calls under way are in its way.", "0s"),
        new(
            "serverToolRounds",
            "count",
            "How often a provider is expected to run its own tools in one call, at most: a budget holds a whole context window for each.",
            "10"
        ),
        new(
            "onUnsupported",
            "choice:warn|drop|error",
            "What becomes of a call that asks for something its target cannot do: it goes on and the caller is told in a header, or only in the receipt, or the target is passed over.",
            "warn"
        ),
        new("alsoFailOver", "texts", "Failure classes after which the next target is tried although the class forbids it: `Refused`."),
    ];

    /// <summary>A rule of the policy.</summary>
    public static readonly IReadOnlyList<Member> Rule =
    [
        new("when", "section:when", "Which calls it is for; `{}` for all."),
        new("use", "text", "The route they go to, of any tier. One they asked for themselves stays, and no later rule is asked."),
        new("because", "text", "Why, for receipt, header and ledger."),
    ];

    /// <summary>Which calls a rule is for.</summary>
    public static readonly IReadOnlyList<Member> When =
    [
        new(
            "route",
            "textOrTexts",
            "The route or model that was asked for. Everything named in `when` must hold; of several names one is enough, and `*` at the end of one takes every name with that beginning."
        ),
        new("role", "textOrTexts", "The agent role: of the route, or as the caller says it (`x-sluice-role`)."),
        new("task", "textOrTexts", "The kind of task, as the caller says it (`x-sluice-task`)."),
        new("key", "textOrTexts", "The id of the caller's key, with every key made with it."),
        new("account", "textOrTexts", "Who pays, with everything below it: `acme` takes `acme/search`."),
        new("tenant", "textOrTexts", "The customer the caller named."),
        new("user", "textOrTexts", "The end user the caller named."),
        new("tag", "textOrTexts", "One of the caller's tags."),
        new("tools", "bool", "Whether tools are offered, the provider's own included."),
        new("images", "bool", "Whether there are images."),
        new("structured", "bool", "Whether an answer of a given form is asked for: a JSON schema, or any JSON."),
        new("stream", "bool", "Whether a stream is asked for."),
        new("inputAbove", "count", "Estimated input in tokens: four bytes of text each, 1,500 for an image. It is above this."),
        new("inputBelow", "count", "It is below this."),
        new("outputAbove", "count", "The output limit, the caller's or else the route's, is above this."),
        new(
            "budgetAbove",
            "number",
            "The highest used part, spent and held, among the budgets that match the call is above this. Budgets on a provider or model are asked as for the route's first target; rate limits are no budgets."
        ),
        new("budget", "text", "The one budget that `budgetAbove` looks at, whether or not it matches the call."),
    ];
}
