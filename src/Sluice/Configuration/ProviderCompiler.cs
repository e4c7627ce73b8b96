using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>Compiles <c>providers</c>: vendor defaults, keys and addresses become endpoints.</summary>
internal static class ProviderCompiler
{
    public static Provider? Compile(string name, Section section, IReadOnlyDictionary<string, Dialect> dialects, ReadContext context)
    {
        var preset = section.Text("preset") ?? name;
        if (!dialects.TryGetValue(preset, out var dialect))
        {
            var near = NearNames.Of(preset, dialects.Keys);
            var cure = near.Count > 0 ? $"did you mean '{near[0]}'?" : $"name one in \"preset\": {string.Join(", ", dialects.Keys)}";
            section.Error("preset", $"no vendor is called '{preset}'", cure);
            return null;
        }

        var baseUrl = section.Reference("baseUrl");
        var account = section.Reference("accountId") ?? FirstSet(dialect.AccountVariables, context);
        var local = section.Flag("local", dialect.Local);
        var (credentials, missingKey) = Credentials(name, section, dialect, context);
        var needsAccount = baseUrl is null && dialect.BaseUrl.Contains("{accountId}", StringComparison.Ordinal);
        var missing =
            missingKey
            ?? (
                needsAccount && account is null
                    ? $"provider '{name}' has no account id: set {dialect.AccountVariables[0]}, or \"accountId\" in the configuration"
                    : null
            );
        var address = Address(
            baseUrl ?? dialect.BaseUrl.Replace("{accountId}", account ?? "unset", StringComparison.Ordinal),
            dialect.Path
        );
        if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            section.Error("baseUrl", $"'{baseUrl}' is not an http or https address", "write http://host:port or https://host/path");
            return null;
        }

        return new Provider
        {
            Name = name,
            Dialect = dialect,
            Endpoint = endpoint,
            Credentials = credentials,
            Missing = missing,
            Local = local,
        };
    }

    private static (ImmutableArray<Credential>, string? Missing) Credentials(
        string name,
        Section section,
        Dialect dialect,
        ReadContext context
    )
    {
        if (section.Has("apiKey") && section.Has("apiKeys"))
        {
            section.Error("apiKeys", "both apiKey and apiKeys are given", "put all keys into apiKeys");
        }

        var secrets = new List<string>();
        if (section.Has("apiKey"))
        {
            secrets.Add(section.Secret("apiKey") ?? "");
        }

        secrets.AddRange(
            section.Texts("apiKeys").Select((reference, i) => context.ResolveSecret(reference, $"{section.PathOf("apiKeys")}[{i}]") ?? "")
        );
        if (secrets.Count == 0 && FirstSet(dialect.KeyVariables, context) is { } found)
        {
            secrets.Add(found);
        }

        if (secrets.Count == 0 && dialect.Auth == AuthScheme.None)
        {
            secrets.Add("");
        }

        if (secrets.Count == 0)
        {
            return ([], $"provider '{name}' has no key: set {dialect.KeyVariables[0]}, or \"apiKey\" in the configuration");
        }

        return ([.. secrets.Select((secret, i) => new Credential(secrets.Count == 1 ? name : $"{name}#{i + 1}", secret))], null);
    }

    private static string? FirstSet(IReadOnlyList<string> variables, ReadContext context) =>
        variables.Select(context.Environment).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    /// <summary>Base and path; a segment that both name (<c>…/v1</c> and <c>/v1/messages</c>) is taken once.</summary>
    private static string Address(string baseUrl, string path)
    {
        var trimmed = baseUrl.TrimEnd('/');
        var first = path[..(path.IndexOf('/', 1) is var end && end > 0 ? end : path.Length)];
        return trimmed.EndsWith(first, StringComparison.Ordinal) && first.Length < path.Length
            ? trimmed + path[first.Length..]
            : trimmed + path;
    }
}
