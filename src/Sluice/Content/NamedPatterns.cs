using System.Text.RegularExpressions;

namespace Sluice.Content;

/// <summary>The shipped patterns, which a configuration names with an <c>@</c> before them.</summary>
internal static class NamedPatterns
{
    private static readonly (string Name, string Pattern, Func<ReadOnlySpan<char>, int>? Valid)[] Rows =
    [
        ("email", @"\b[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}\b", null),
        ("credit-card", @"\b[2-6](?:[ -]?[0-9]){12,18}\b", CheckDigits.OfCard),
        ("iban", @"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b", CheckDigits.OfIban),
        ("us-ssn", @"\b[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}\b", null),
        (
            "api-key",
            @"\b(?:sk-[A-Za-z0-9_-]{20}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}|glpat-[A-Za-z0-9_-]{20}|xox[abeoprs]-[A-Za-z0-9-]{10}|[rs]k_(?:live|test)_[A-Za-z0-9]{16}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30}|gsk_[A-Za-z0-9]{30})[A-Za-z0-9_-]*",
            null
        ),
        ("private-key", @"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*(?:-----END [A-Z ]*PRIVATE KEY-----)?", null),
        ("jwt", @"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", null),
    ];

    private static readonly Dictionary<string, ContentPattern> Compiled = Rows.ToDictionary(
        r => r.Name,
        r => new ContentPattern(r.Name, new Regex(r.Pattern, ContentPattern.Options), r.Valid)
    );

    public static IEnumerable<string> Names => Rows.Select(r => r.Name);

    public static ContentPattern? Of(string name) => Compiled.GetValueOrDefault(name);
}
