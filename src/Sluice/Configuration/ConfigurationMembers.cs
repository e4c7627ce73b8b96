namespace Sluice.Configuration;

/// <summary>Every member a configuration file may have: what the reader knows, what editors complete, what the docs list.</summary>
internal static class ConfigurationMembers
{
    private static readonly Member[] Rates =
    [
        new("input", "money", "Input tokens."),
        new("output", "money", "Output tokens, reasoning included."),
        new("cacheRead", "money", "Input tokens read from the provider's cache.", "input"),
        new("cacheWrite", "money", "Input tokens written to the cache for five minutes.", "input"),
        new("cacheWrite1h", "money", "Input tokens written to the cache for one hour.", "cacheWrite"),
        new("inputAudio", "money", "Audio among the input.", "input"),
        new("outputAudio", "money", "Audio among the output.", "output"),
        new("cacheReadAudio", "money", "Audio read from the cache.", "cacheRead"),
        new("inputImage", "money", "Images among the input.", "input"),
        new("outputImage", "money", "Images among the output.", "output"),
        new("cacheReadImage", "money", "Images read from the cache.", "cacheRead"),
        new("webSearchPerThousand", "money", "A thousand searches of the provider's own."),
    ];

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Member>> Sections = new Dictionary<string, IReadOnlyList<Member>>
    {
        ["root"] =
        [
            new("$schema", "text", "The schema that editors complete from; written by `sluice init`."),
            new("extends", "texts", "Configurations this one adds to, contract first: files beside it, or shipped ones by name."),
            new("fixed", "texts", "JSON pointers that files extending this one may not override, such as `/routes/gpt_oss/tier`."),
            new("providers", "map:provider", "Vendor endpoints by the name that targets use."),
            new("models", "map:model", "Models the catalogue does not know, or knows otherwise, as `provider/model`."),
            new("routes", "map:route", "What callers may ask for. A name that ends in `*` takes every name with that beginning."),
            new(
                "policy",
                "list:rule",
                "Rules that send calls to another route than they asked for: the first that applies, once. A pin and an override go where they say. Deadline, retries and who pays stay those of the route that was asked."
            ),
            new("reserved", "map:text", "Names that have no route, each with the reason a caller is told."),
            new("pins", "bool", "Whether callers may name `provider/model`, which is then never substituted.", "true"),
            new("budgets", "list:budget", "Limits on what calls may cost or consume, together or by who asks."),
            new(
                "gates",
                "list:gate",
                "Who looks at what is said, before it is sent and before it is handed over ([how](content-gates.md))."
            ),
            new(
                "accounts",
                "map:account",
                "Who pays, as keys name it: `acme`, `acme/search`. What holds for one holds for all below it together."
            ),
            new(
                "quota",
                "section:quota",
                "An outside authority that is asked before every attempt and told after it ([contract](quota.md))."
            ),
            new(
                "breaker",
                "section:breaker",
                "How a target that fails loses its traffic step by step, and how it gets it back ([how](decisions/0015-how-a-target-comes-back.md))."
            ),
            new(
                "retryBudget",
                "section:retryBudget",
                "How many retries a provider gets of all calls together; then the next target is taken."
            ),
            new("webhook", "section:webhook", "Who is told when a budget passes a threshold, is used up, or soon will be."),
            new("ledger", "section:ledger", "How the ledger keeps its promises."),
            new("server", "section:server", "The gateway's own limits."),
        ],
        ["provider"] =
        [
            new("preset", "text", "The vendor, when the name is not: one of those that `sluice providers` lists."),
            new(
                "auth",
                "choice:bearer|x-api-key|api-key|x-goog-api-key|none",
                "How the key is sent, where it is not as the vendor's row says: Azure OpenAI takes a token as `bearer`. Tokens of a login always are."
            ),
            new("apiKey", "secret", "The key, as `env:NAME` or `file:PATH`. Without it the vendor's usual environment variable is used."),
            new("apiKeys", "secrets", "A pool of keys; each has its own limits and health."),
            new("accountId", "reference", "The account, for vendors whose address contains one."),
            new("resource", "reference", "The resource, for vendors whose address contains one: Azure OpenAI."),
            new("region", "reference", "The region, for vendors whose address contains one: Bedrock, Vertex AI."),
            new("project", "reference", "The project, for vendors whose address contains one: Vertex AI."),
            new("apiVersion", "reference", "The version of the API, for vendors whose address contains one: Azure OpenAI."),
            new(
                "accessKeyId",
                "secret",
                "The access key that signs requests to Bedrock. Without it: `apiKey`, then what Amazon's own tools use: environment, profile, container."
            ),
            new("secretAccessKey", "secret", "The secret part of `accessKeyId`; it signs and is never sent."),
            new("sessionToken", "secret", "What goes with an access key that expires."),
            new(
                "profile",
                "reference",
                "The profile in `~/.aws/credentials` and `~/.aws/config` whose access key signs requests.",
                "default"
            ),
            new(
                "credentials",
                "reference",
                "The key file for Vertex AI, of a service account or of gcloud, or `metadata` for the server of Google's own machines. Without it: `apiKey`, then what Google's own tools use: `GOOGLE_APPLICATION_CREDENTIALS`, gcloud's file. Its project is the default of `project`."
            ),
            new(
                "tenantId",
                "reference",
                "The tenant in whose Entra ID the client for Azure OpenAI is registered. Without it `AZURE_TENANT_ID`; `apiKey` wins over both."
            ),
            new("clientId", "reference", "The client's application id. Without it `AZURE_CLIENT_ID`."),
            new("clientSecret", "secret", "The client's secret, for which tokens are fetched. Without it `AZURE_CLIENT_SECRET`."),
            new("gateway", "text:gateway", "Cloudflare's AI Gateway, by its id or an object: requests go to the vendor by way of it."),
            new("baseUrl", "reference", "Where requests go instead of the vendor's address, such as `http://127.0.0.1:11434`."),
            new("local", "bool", "Runs on your own machine: free of charge, any model.", "false"),
            new("limits", "section:limits", "How much it is asked, all its keys together; what has no room goes to the next target."),
            new("keyLimits", "section:limits", "The same for each key of `apiKeys` by itself; what has no room goes to the next key."),
            new(
                "passThrough",
                "mapOrFalse:passThrough",
                "What a call of `/p/PROVIDER/PATH` costs, by path: `images/generations`, `POST files`, `files/*/content`, or `*` for the rest; the one that names most decides. Without a price a call passes only where no budget limits its dollars, or its `unknownPrice` allows it. `false` lets nothing pass."
            ),
        ],
        ["passThrough"] =
        [
            new("price", "dollars", "Each call that is answered with success, in US dollars; `0` for what is free."),
            new(
                "shared",
                "bool",
                "Whether what the path names belongs to every key: lists, and ids that were not made through the gateway.",
                "false"
            ),
        ],
        ["gateway"] =
        [
            new("id", "reference", "The gateway's name in Cloudflare's dashboard."),
            new("accountId", "reference", "The account it belongs to; without it the provider's `accountId` or `CLOUDFLARE_ACCOUNT_ID`."),
            new("token", "secret", "The token of a gateway that wants to know who asks. It may then hold the vendor's key itself."),
            new("cacheTtl", "duration", "How long it may answer from its cache."),
            new("cacheKey", "reference", "The name under which it caches, in place of the request itself."),
            new("skipCache", "bool", "Whether it asks the vendor in any case."),
        ],
        ["model"] =
        [
            new("contextWindow", "tokens", "Input and output together, in tokens.", "as shipped, else 131072"),
            new("maxOutput", "tokens", "The longest output, in tokens.", "as shipped, else 32768"),
            new(
                "price",
                "section:price",
                "US dollars per million tokens. With `input` and `output` it stands by itself, without it changes the shipped price."
            ),
            new("schedule", "list:scheduledPrice", "Prices that replace it at some times; of several that hold the last."),
            new("imageTokens", "tokens", "The most input tokens that one image counts for.", "as shipped, else 10000"),
            new("tools", "bool", "Whether it calls tools.", "as shipped, else true"),
            new("vision", "bool", "Whether it sees images.", "as shipped, else false"),
            new("reasoning", "bool", "Whether it thinks before it answers, possibly without showing it.", "as shipped, else false"),
            new(
                "thinking",
                "choice:any|budget|adaptive",
                "How it is told to think, for models of Anthropic's: by a budget of tokens, by an effort, or either.",
                "as shipped, else any"
            ),
            new("embedding", "section:embedding", "The space of its vectors, for a model that embeds."),
            new(
                "lacks",
                "texts",
                "Features that its provider has with other models and not with this one, such as `json_schema`, `prefill`, `stream` or `web_search`."
            ),
            new("drops", "texts", "Request members that it rejects although its provider takes them, such as `temperature`."),
            new(
                "lifecycle",
                "choice:current|deprecated|retired",
                "Whether it is still to be used. What is retired is asked only where a route lists it or a caller names its provider.",
                "as shipped, else current"
            ),
            new("retires", "text", "The day from which it is retired, such as `2026-09-01`; until then it is deprecated."),
            new("billedElsewhere", "bool", "Whether somebody else is billed for it. It is then asked only where it is named.", "false"),
        ],
        ["scheduledPrice"] =
        [
            new("from", "text", "The first day it holds, in UTC, such as `2026-09-01`."),
            new("hours", "text", "The hours of a day in UTC within which it holds, such as `16:30-00:30`."),
            new("price", "section:price", "What it is then; what is not said stays."),
        ],
        ["embedding"] =
        [
            new(
                "identity",
                "text",
                "Which model's vectors they are. An embedding falls back to another model only where both name the same."
            ),
            new("dimensions", "count", "How long the vectors are."),
        ],
        ["price"] =
        [
            .. Rates,
            new("perRequest", "money", "Each request, in US dollars and beside its tokens."),
            new("tiers", "list:priceTier", "What holds for a whole call when its input is longer, in ascending order."),
        ],
        ["priceTier"] = [new("above", "tokens", "The input above which it holds, cached input included."), .. Rates],
        ["route"] = RouteMembers.Route,
        ["target"] =
        [
            new("provider", "text", "A name under `providers`."),
            new("model", "reference", "The model id; `env:NAME:-default` takes it from the environment."),
            new("parameters", "any", "Request members that are fixed for this target, such as `{\"temperature\": 0}`."),
            new("weight", "count", "How often it comes first in a `weighted` order, against the others; 0 for never.", "1"),
            new("unlisted", "bool", "The model is in no catalogue; `price` is then needed.", "false"),
            new("price", "section:price", "What it costs, in US dollars per million tokens."),
            new("contextWindow", "tokens", "Of an unlisted model, in tokens.", "131072"),
            new("maxOutput", "tokens", "Of an unlisted model, in tokens.", "32768"),
        ],
        ["rule"] = RouteMembers.Rule,
        ["when"] = RouteMembers.When,
        ["deadlines"] =
        [
            new(
                "attempt",
                "duration",
                "One attempt from start to last byte. By default half of what is left while another target follows."
            ),
            new("connect", "duration", "The connection to the provider, with its handshake.", "10s"),
            new("headers", "duration", "Response headers of a stream.", "firstContent"),
            new(
                "firstContent",
                "duration",
                "First content of a stream. By default 15 s while another target follows and the model does not reason in hiding, else 120 s."
            ),
            new("betweenEvents", "duration", "Between two events of a stream.", "30s"),
        ],
        ["retry"] =
        [
            new("attempts", "count", "Retries of one target after its first attempt; 0 turns them off.", "2"),
            new("maxWait", "duration", "The longest wait a provider may ask for before the next target is taken instead.", "5s"),
            new("backoff", "duration", "The first pause after a transient failure; it doubles, with jitter.", "250ms"),
        ],
        ["budget"] =
        [
            new("name", "text", "Its name, in refusals, events and reports."),
            new("limit", "money", "How much: `500 USD`, `1000000 tokens` (input and output), `100 calls`."),
            new(
                "per",
                "text",
                "The time it is for: `call`, `hour`, `day`, `week` (from Monday), `month`, `total`, or a length such as `24h`: always the last 24 hours.",
                "month"
            ),
            new("timeZone", "text", "Where days, weeks and months begin, such as `Europe/Zurich`.", "UTC"),
            new("match", "section:match", "Which calls count; without it all do."),
            new(
                "each",
                "choice:account|key|role|route|actualRoute|tenant|user|provider|model",
                "What each value of has the whole limit to itself: `tenant` makes one budget for every tenant."
            ),
            new(
                "mode",
                "choice:hard|soft|downshift",
                "What becomes of a call it has no room for: refused; let through and told; or, from `downshiftAt` on, the next cheaper target is taken instead of the first, and at the limit it is refused.",
                "hard"
            ),
            new(
                "unknownPrice",
                "choice:refuse|allow",
                "What becomes of a call whose price nobody knows, where dollars are limited: refused; or let through, which counts for nothing unless the provider tells its cost.",
                "refuse"
            ),
            new("downshiftAt", "number", "The used part from which `downshift` holds.", "0.8"),
            new("tellAt", "numbers", "The spent parts that are told, each once per window.", "[0.8, 0.9, 0.95]"),
        ],
        ["account"] = [new("limits", "section:limits", "How much it may ask, with everything below it.")],
        ["limits"] =
        [
            new("requestsPerMinute", "count", "Requests in any 60 seconds."),
            new("requestsPerDay", "count", "Requests in any 24 hours."),
            new("tokensPerMinute", "count", "Input and output tokens in any 60 seconds: the worst case before a call, what it used after."),
            new("tokensPerDay", "count", "Input and output tokens in any 24 hours."),
            new("concurrent", "count", "Calls under way at once."),
        ],
        ["retryBudget"] =
        [
            new("share", "number", "Retries as a part of the first attempts at its targets.", "0.2"),
            new("least", "count", "Retries that are made in any case.", "10"),
            new("per", "duration", "The time that both are counted over.", "10s"),
        ],
        ["breaker"] =
        [
            new("enabled", "bool", "Whether failures take traffic from a target at all.", "true"),
            new(
                "curve",
                "numbers",
                "The share of its calls that a target gets after no failure, one, two and so on, strictly falling; one more opens it, and nothing passes but probes. A call that nothing else would answer passes a target that is not open.",
                "[1, 0.9, 0.7, 0.4, 0.1]"
            ),
            new("coolDown", "duration", "How long nothing has to happen at a target until one failure is forgotten.", "60s"),
            new("probeAfter", "duration", "How long after its last failure an open target is tried again, by a call.", "15s"),
            new("probes", "count", "How many calls try a target at once that is open or was.", "1"),
        ],
        ["quota"] =
        [
            new("url", "reference", "The address before `/check` and `/record`."),
            new("token", "secret", "What it knows this gateway by, sent as `Authorization: Bearer`."),
            new("timeout", "duration", "How long a check may take.", "1s"),
            new("onFailure", "choice:closed|open", "What becomes of calls when it cannot be asked: refused, or let through.", "closed"),
        ],
        ["gate"] = GateMembers.Gate,
        ["gateWebhook"] = GateMembers.Webhook,
        ["gateMatch"] = GateMembers.Match,
        ["webhook"] =
        [
            new(
                "url",
                "reference",
                "Where events are posted as JSON, with the headers of [Standard Webhooks](https://www.standardwebhooks.com); again for a quarter of an hour until a 2xx comes."
            ),
            new("secret", "secret", "What events are signed with; base64 after `whsec_`, or any text."),
        ],
        ["match"] =
        [
            new("account", "textOrTexts", "Who pays, with everything below it: `acme` takes `acme/search`."),
            new("key", "textOrTexts", "The id of the caller's key."),
            new("role", "textOrTexts", "The agent role of the route."),
            new(
                "route",
                "textOrTexts",
                "The route that was asked for. Here and below, `*` at the end takes every name with that beginning."
            ),
            new("actualRoute", "textOrTexts", "The route whose target is tried."),
            new("tenant", "textOrTexts", "The customer the caller named."),
            new("user", "textOrTexts", "The end user the caller named."),
            new("provider", "textOrTexts", "The provider that is asked."),
            new("model", "textOrTexts", "The model that is asked."),
            new("tag", "textOrTexts", "One of the caller's tags."),
        ],
        ["ledger"] =
        [
            new("sync", "duration", "How often the ring is forced to disk: what a power cut may lose. `0s` forces every record.", "1s"),
            new(
                "ringSlots",
                "count",
                "Records between the call path and the database, 1,024 to 1,048,576; fixed when the ring is made.",
                "65536"
            ),
            new(
                "retention",
                "duration",
                "How long entries are kept. What they add up to by day stays for good. `0s` keeps entries for good, too.",
                "90d"
            ),
            new("anchorEvery", "duration", "How often the end of the chain is written down outside of it, in a file and in the log.", "5m"),
            new("onUnknown", "choice:hold|estimate", "What an attempt is booked with when it was sent and nothing came back.", "hold"),
        ],
        ["server"] =
        [
            new("maxBody", "bytes", "The longest request body.", "32MB"),
            new("maxConcurrent", "count", "Calls under way at once; one more is refused with 503.", "4096"),
            new("drain", "duration", "How long streams in flight may go on after the signal to stop.", "60s"),
        ],
    };
}

/// <summary>A member of a configuration file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Meaning">In one or two sentences.</param>
/// <param name="Default">What holds without it; empty where nothing does or the meaning says it.</param>
internal sealed record Member(string Name, string Kind, string Meaning, string Default = "");
