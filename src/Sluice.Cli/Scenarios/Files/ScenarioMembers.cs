using Sluice.Configuration;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>Every member a scenario file may have: what the reader knows and what editors complete.</summary>
internal static class ScenarioMembers
{
    /// <summary>What the schema is called.</summary>
    public const string SchemaFile = "sluice.scenario.schema.json";

    private static readonly Dictionary<string, IReadOnlyList<Member>> Sections = new Dictionary<string, IReadOnlyList<Member>>
    {
        ["root"] =
        [
            new("$schema", "text", "The schema that editors complete from; written by `sluice init` and `sluice verify --schema`."),
            new("name", "text", "What is shown, in a line.", "the file's name"),
            new("about", "text", "More on it, for whoever reads the file."),
            new("for", "section:for", "The protocols and forms it is run for, one after the other."),
            new("configurationFile", "text", "The configuration that is tested, relative to this file."),
            new("configuration", "section:configuration", "A configuration, or what is laid over the one of the file."),
            new("environment", "map:text", "Environment variables; keys and tokens have made-up values without it."),
            new("keys", "map:any", "Keys of the gateway by name, each with its rules as `POST /admin/keys` takes them."),
            new("start", "text", "The moment it begins.", "2026-12-01T12:00:00Z"),
            new("seed", "count", "What chance begins with.", "1"),
            new("faults", "map:textOr:fault", "What goes wrong, by `provider/model`: one fault for every request, or a list of one each."),
            new("calls", "list:call", "What is asked."),
            new("reloads", "list:reload", "Changes of the configuration while it runs."),
            new("checks", "list:check", "What is looked at while it runs."),
            new("expect", "section:expect", "What must be true when all calls have ended."),
        ],
        ["for"] =
        [
            new("stream", "any", "Streaming or not, or a list of both.", "false"),
            new(
                "wire",
                "textOrTexts",
                "Client protocol and provider wire: `chat`, or `chat>messages` where they differ. `{preset}` in the configuration becomes a vendor of the wire.",
                "chat"
            ),
        ],
        ["fault"] =
        [
            new("fault", "text", "By its name, as `sluice simulate --faults` lists them: `cut-40`, or `tokens-60+cut-40`."),
            new("status", "count", "An HTTP status in the wire's own error shape."),
            new("code", "text", "The error's code, in place of the usual one of the status."),
            new("retryAfter", "duration", "What `Retry-After` says."),
            new("repeat", "any", "For how many requests, or `forever`.", "1, or forever where there is no list"),
            new("from", "duration", "Not one request, but all from this time on."),
            new("until", "duration", "The end of that time."),
        ],
        ["call"] =
        [
            new("at", "duration", "When, from the beginning.", "when all calls before it have ended"),
            new("protocol", "choice:chat|messages|responses|gemini|ollama", "In which protocol.", "the one of `for`"),
            new("stream", "bool", "Whether a stream is asked for.", "the one of `for`"),
            new("route", "text", "What is asked for: a route, a model or a pin."),
            new("prompt", "text", "The question. `sluice verify` answers it with an echo.", "hello"),
            new("words", "count", "How many words the question has, in place of one that is written out."),
            new("body", "any", "Members of the request, laid over those that the protocol needs."),
            new("headers", "map:text", "Headers of the request."),
            new("key", "text", "The key it is asked with, by its name under `keys`."),
            new("tenant", "text", "On whose behalf."),
            new("tags", "texts", "What it can be found by."),
            new("leavesAfter", "duration", "The client goes away so long after it asked."),
            new("repeat", "count", "How often.", "1"),
            new("every", "duration", "How long after one another.", "all at once"),
            new("expect", "section:answer", "What must become of each."),
        ],
        ["answer"] =
        [
            new("status", "count", "The HTTP status."),
            new("target", "text", "Who answered, as `provider/model`."),
            new("route", "text", "The route whose target answered."),
            new("model", "text", "The model that the answer names."),
            new(
                "attempts",
                "any",
                "How many there were, or a list of `provider/model outcome`: `first/m RateLimited`, `second/m completed`."
            ),
            new("rejections", "texts", "Which gates let which targets not be tried, as `provider/model gate`."),
            new("text", "text", "The whole text."),
            new("tokens", "count", "So many tokens of the simulator, none missing and none twice."),
            new("complete", "bool", "Whether the answer came whole: the protocol's end and no error. The receipt must say the same."),
            new("truncated", "bool", "Whether it began and did not come whole."),
            new("finish", "text", "How it ended: `stop`, `length`, `tools`, `refusal`."),
            new("error", "any", "The type or code of the error, or one for each protocol and `*` for the others."),
            new("message", "text", "Words that the error's message has."),
            new("usage", "section:usage", "What was used, as the receipt says, and the client where it is told."),
            new("drift", "count", "How many unreadable frames of streams were left out, as the receipt says."),
            new("cost", "money", "What all its attempts cost together."),
            new("maxCost", "money", "What they cost at most."),
            new("headers", "any", "Headers of the answer: a text, `*` for any, null for none."),
            new("degradations", "texts", "What could not be done and was said."),
            new("elapsed", "section:span", "How long it took."),
        ],
        ["usage"] = [new("input", "count", "Tokens of input."), new("output", "count", "Tokens of output.")],
        ["span"] = [new("min", "duration", "At least."), new("max", "duration", "At most.")],
        ["reload"] =
        [
            new("at", "duration", "When, from the beginning."),
            new("configuration", "section:configuration", "What is laid over the configuration in force."),
            new("refused", "text", "It must be refused with these words, and what was in force stays."),
        ],
        ["check"] =
        [
            new("at", "duration", "When, from the beginning."),
            new("budgets", "map:budgetExpect", "Where budgets stand, by name."),
            new("breakers", "map:text", "The state of breakers, by `provider/model`."),
            new("upstream", "map:count", "How many requests each target has had."),
        ],
        ["expect"] =
        [
            new("budgets", "map:budgetExpect", "Where budgets stand, by name."),
            new("breakers", "map:text", "The state of breakers, by `provider/model`."),
            new("upstream", "map:count", "How many requests each target has had; those that are not named none."),
            new(
                "order",
                "texts",
                "What must have happened in this order: `call 1 begins`, `first/m asked`, `first/m left by 10s`, `call 1 ends`."
            ),
            new("sent", "list:sent", "What providers were sent."),
            new("elapsed", "section:span", "How long all of it took."),
        ],
        ["budgetExpect"] =
        [
            new("spent", "money", "What is spent, in the budget's own unit."),
            new("maxSpent", "money", "What is spent at most."),
            new("held", "money", "What is held."),
        ],
        ["sent"] =
        [
            new("target", "text", "To whom, as `provider/model`."),
            new("number", "count", "Which request it had.", "1"),
            new("has", "any", "Members of its body."),
            new("lacks", "texts", "What must not occur in its body."),
            new("headers", "map:text", "Its headers."),
        ],
    };

    /// <summary>The objects of a scenario, and those of the configuration inside it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Member>> All { get; } =
        Sections
            .Concat(ConfigurationMembers.Sections.Select(s => s.Key == "root" ? KeyValuePair.Create("configuration", s.Value) : s))
            .ToDictionary();

    public static string Schema() => ConfigurationSchema.Write("Sluice scenario", All);
}
