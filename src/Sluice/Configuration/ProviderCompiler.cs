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
        if (dialects.Named(preset) is not { } dialect)
        {
            var near = NearNames.Of(preset, dialects.Keys);
            var cure = near.Count > 0 ? $"did you mean '{near[0]}'?" : $"name one in \"preset\": {string.Join(", ", dialects.Keys)}";
            section.Error("preset", $"no vendor is called '{preset}'", cure);
            return null;
        }

        if (section.Text("auth") is { } auth)
        {
            dialect = AuthName.Parse(auth) is { } scheme ? dialect with { Auth = scheme } : UnknownScheme(section, auth, dialect);
        }

        var login = ILoginCompiler.Of(dialect.Login, section, context);
        var variables = new AddressVariables(name, section, dialect, context, login is null ? null : login.Variable);
        var gateway = AiGatewayCompiler.Compile(section, dialect, variables, context);
        var instead = section.Reference("baseUrl") ?? gateway?.BaseUrl;
        if (AddressCompiler.Compile(section, dialect, variables, instead) is not { } address)
        {
            return null;
        }

        var (credentials, missingKey) = Credentials(name, section, dialect, context, login);
        if (missingKey is not null && login?.Compile(variables) is { } found)
        {
            (credentials, missingKey) = ([new Credential(name, "") { Login = found }], null);
        }

        if (missingKey is not null && gateway is { HasToken: true })
        {
            // The gateway has the vendor's key and adds it.
            (credentials, missingKey) = ([new Credential(name, "")], null);
        }

        return new Provider
        {
            Name = name,
            Dialect = dialect,
            Address = address,
            SignedAddress = gateway is null ? null : AddressCompiler.Compile(section, dialect, variables, null),
            Headers = gateway?.Headers ?? [],
            Credentials = credentials,
            Missing = missingKey ?? variables.Missing,
            Local = section.Flag("local", dialect.Local),
            PassThrough = PassRulesCompiler.Compile(section, address, context),
        };
    }

    private static Dialect UnknownScheme(Section section, string auth, Dialect dialect)
    {
        section.Error("auth", $"'{auth}' is not known", $"known are {string.Join(", ", AuthName.All)}");
        return dialect;
    }

    private static (ImmutableArray<Credential>, string? Missing) Credentials(
        string name,
        Section section,
        Dialect dialect,
        ReadContext context,
        ILoginCompiler? login
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
        if (secrets.Count == 0 && login is not { IsGiven: true } && context.FirstSet(dialect.KeyVariables) is { } found)
        {
            secrets.Add(found);
        }

        if (secrets.Count == 0 && (dialect.Auth == AuthScheme.None || dialect.Local))
        {
            secrets.Add("");
        }

        if (secrets.Count == 0)
        {
            return (
                [],
                $"provider '{name}' has no key: set {dialect.KeyVariables[0]}, or \"apiKey\" in the configuration{login?.Otherwise}"
            );
        }

        return ([.. secrets.Select((secret, i) => new Credential(secrets.Count == 1 ? name : $"{name}#{i + 1}", secret))], null);
    }
}
