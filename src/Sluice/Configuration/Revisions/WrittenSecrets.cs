using System.Text.RegularExpressions;

namespace Sluice.Configuration.Revisions;

/// <summary>Finds what looks like a secret that is written out, and puts <c>***</c> in its place.</summary>
/// <remarks>
/// A configuration names its secrets by references and is refused otherwise. A key may all the same stand in a comment, a password
/// in an address, a token in the path of a webhook: what is kept for years and shown to whoever asks should not have it.
/// </remarks>
internal static partial class WrittenSecrets
{
    public static string Masked(string text) =>
        Members()
            .Replace(
                Anywhere().Replace(text, "${keep}***${end}"),
                match => IsReference(match) ? match.Value : $"{match.Groups["keep"]}***"
            );

    private static bool IsReference(Match match) =>
        match.Groups["value"].ValueSpan is var value
        && (value.StartsWith("env:", StringComparison.Ordinal) || value.StartsWith("file:", StringComparison.Ordinal));

    /// <summary>Passwords and tokens of addresses, and keys by the beginnings their vendors gave them.</summary>
    [GeneratedRegex(
        """
            (?<keep>://)[^/\s"@:]*:[^/\s"@]+(?<end>@)
            | (?<keep>[?&](?:key|api[_-]?key|token|access_token|secret|sig|signature|password)=)[^&"'\s\#]+
            | (?<keep>hooks\.slack\.com/services/)[\w/]+ | (?<keep>discord(?:app)?\.com/api/webhooks/)[\w/-]+
            | \b(?: (?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,} | gsk_[A-Za-z0-9]{16,} | xai-[A-Za-z0-9]{16,} | csk-[a-z0-9]{16,} | whsec_[A-Za-z0-9+/=]{16,}
                | AIza[0-9A-Za-z_-]{30,} | A[KS]IA[0-9A-Z]{16} | gh[pousr]_[A-Za-z0-9]{30,} | github_pat_\w{20,} | hf_[A-Za-z0-9]{20,}
                | xox[abprs]-[A-Za-z0-9-]{10,} | eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]* )
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Anywhere();

    /// <summary>Members that are named like a secret, also where a comment leaves them out.</summary>
    [GeneratedRegex(
        """
            (?<keep>"(?:api[_-]?keys?|secret|client_?secret|password|passphrase|token|access_?token|authorization|x-api-key|secretAccessKey|sessionToken)"
                \s*:\s*")(?<value>[^"]+)
            """,
        RegexOptions.IgnorePatternWhitespace
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
    )]
    private static partial Regex Members();
}
