using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Sluice.Calls;
using Sluice.Wires;

namespace Sluice.Gateway.PassThrough;

/// <summary>What stands behind <c>/p/</c>: a provider's name, and a path that goes nowhere but down.</summary>
internal sealed partial class PassPath
{
    public const string Prefix = "/p/";

    /// <summary>The longest name of a call; what is behind it says little.</summary>
    private const int LongestName = 96;

    /// <summary>Where keys may stand in a query; none of them passes.</summary>
    private static readonly FrozenSet<string> Credentials = new[] { "key", "api_key", "api-key", "apikey", "access_token" }.ToFrozenSet(
        StringComparer.OrdinalIgnoreCase
    );

    private PassPath(string provider, string[] segments, string[] raw, string query)
    {
        Provider = provider;
        Segments = segments;
        Raw = raw;
        Query = query;
    }

    public string Provider { get; }

    /// <summary>The segments behind the provider, decoded.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The same as they were sent.</summary>
    public IReadOnlyList<string> Raw { get; }

    /// <summary>The query with its question mark, keys left out; empty where there is none.</summary>
    public string Query { get; }

    /// <summary>
    /// The segments without what is done with them, each also with the collection before it, as Google names things, and whether it
    /// names one thing among many: no word of an API, no version.
    /// </summary>
    public IEnumerable<(string Text, string Name, bool IsId)> Things
    {
        get
        {
            var before = "";
            foreach (var segment in Segments.Select(WithoutVerb))
            {
                yield return (segment, $"{before}/{segment}", !Word().IsMatch(segment));
                before = segment;
            }
        }
    }

    /// <summary>This path without its first segment, where the provider's address ends with it: <c>v1</c>.</summary>
    public PassPath Below(ProviderAddress address) =>
        Segments.Count > 1 && address.EndsWith(Segments[0]) ? new PassPath(Provider, [.. Segments.Skip(1)], [.. Raw.Skip(1)], Query) : this;

    /// <summary>The path with its ids left out.</summary>
    public string Name(string method)
    {
        var name = $"{method} {string.Join('/', Segments.Select(s => Word().IsMatch(WithoutVerb(s)) ? s : "{id}"))}";
        return name.Length <= LongestName ? name : name[..LongestName];
    }

    /// <param name="target">The target of the request as it was sent, before any server has tidied it.</param>
    /// <exception cref="RequestException">It could be read in two ways.</exception>
    public static PassPath Parse(string target)
    {
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw Refused("it is not of the form /p/PROVIDER/PATH");
        }

        var raw = path[Prefix.Length..].Split('/');
        var decoded = Array.ConvertAll(raw, Decode);
        return raw.Length < 2
            ? throw Refused("it ends with the provider; what is asked of it is missing")
            : new PassPath(decoded[0], decoded[1..], raw[1..], Filter(query));
    }

    private static string Decode(string segment)
    {
        var decoded = Uri.UnescapeDataString(segment);
        return decoded.Length == 0 ? throw Refused("a segment is empty")
            : decoded is "." || decoded.StartsWith("..", StringComparison.Ordinal) ? throw Refused("it leads upwards")
            : decoded.Any(c => c is '/' or '\\' or '%' or '?' or '#' or ';' || char.IsControl(c))
                ? throw Refused("a segment hides a sign that would end it")
            : decoded;
    }

    private static string Filter(string query)
    {
        var kept = query.Split('&').Where(p => p.Length > 0 && !Credentials.Contains(NameOf(p))).ToList();
        return kept.Count == 0 ? "" : "?" + string.Join('&', kept);
    }

    private static string NameOf(string parameter) => Uri.UnescapeDataString(parameter.Split('=', 2)[0].Replace('+', ' ')).Trim();

    /// <summary>Google's way to say what is done with a thing: <c>batches/123:cancel</c>.</summary>
    private static string WithoutVerb(string segment) => Verb().Replace(segment, "");

    private static RequestException Refused(string why) => new($"this path cannot be passed through: {why}");

    [GeneratedRegex(
        @"^(v\d+((alpha|beta)\d*)?|[a-z]+([_-][a-z]+)*|[a-z]+([A-Z][a-z]+)*s)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Word();

    [GeneratedRegex(@":[A-Za-z]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Verb();
}
