namespace Sluice.Configuration;

/// <summary>The members of <c>gates</c>.</summary>
internal static class GateMembers
{
    public static IReadOnlyList<Member> Gate { get; } =
    [
        new("name", "text", "What callers, receipts and metrics know it by."),
        new("on", "texts", "What it looks at: `request`, `answer`.", "both"),
        new("match", "section:gateMatch", "Whose calls; everybody's without it."),
        new("parts", "texts", "Which texts: `text`, `reasoning`, `toolArguments`, `toolResults`.", "all"),
        new(
            "deny",
            "texts",
            "Patterns of what is not allowed: .NET regular expressions without look-around and back-references, or shipped ones: `@email`, `@credit-card`, `@iban`, `@us-ssn`, `@api-key`, `@private-key`, `@jwt`."
        ),
        new("redact", "texts", "Patterns of what is replaced."),
        new("replacement", "text", "What stands in its place; without quotes and backslashes.", "[redacted]"),
        new("maxInput", "bytes", "The most text of a request, such as `64KB`; more is denied."),
        new("maxOutput", "bytes", "The most text of an answer; more is denied."),
        new("webhook", "section:gateWebhook", "Somebody else who is asked, after all patterns."),
        new(
            "window",
            "count",
            "How many characters of a streamed text are held back: at least as many as the longest match. With a webhook, after how many it is asked.",
            "128"
        ),
        new("onDeny", "choice:refuse|next", "What follows a denied answer: the caller is refused, or the next target is tried.", "refuse"),
    ];

    public static IReadOnlyList<Member> Webhook { get; } =
    [
        new("url", "reference", "Where the texts are posted."),
        new("token", "secret", "What it knows this gateway by, sent as `Authorization: Bearer`."),
        new("timeout", "duration", "How long it may take.", "2s"),
        new("onFailure", "choice:closed|open", "What becomes of texts when it cannot be asked: denied, or let through.", "closed"),
    ];

    public static IReadOnlyList<Member> Match { get; } =
    [
        new("account", "textOrTexts", "Who pays, with everything below it: `acme` takes `acme/search`."),
        new("key", "textOrTexts", "The id of the caller's key."),
        new("role", "textOrTexts", "The agent role of the route."),
        new("route", "textOrTexts", "The route that was asked for. Here and below, `*` at the end takes every name with that beginning."),
        new("tenant", "textOrTexts", "The customer the caller named."),
        new("user", "textOrTexts", "The end user the caller named."),
        new("tag", "textOrTexts", "One of the caller's tags."),
    ];
}
