using System.Text.RegularExpressions;
using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Compiles where a provider's requests go: the vendor's address, or one of the configuration's own, with every variable filled in.</summary>
internal static partial class AddressCompiler
{
    /// <returns>The address, and what is missing from it with the cure; no address where the configuration is wrong.</returns>
    public static (ProviderAddress? Address, string? Missing) Compile(string name, Section section, Dialect dialect, ReadContext context)
    {
        var given = section.Reference("baseUrl");
        var missing = new List<string>();
        string Filled(string template) => Fill(name, template, section, dialect, context, missing);
        var baseUrl = given ?? Filled(BaseUrl(section, dialect, context));
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            section.Error("baseUrl", $"'{given}' is not an http or https address", "write http://host:port or https://host/path");
            return (null, null);
        }

        var stream = dialect.StreamPath is { } path ? Join(baseUrl, Filled(path)) : null;
        ProviderAddress? Beside(string? path) => path is null ? null : new ProviderAddress(Join(baseUrl, Filled(path)));
        var address = new ProviderAddress(Join(baseUrl, Filled(dialect.Path)), stream)
        {
            Base = baseUrl.TrimEnd('/'),
            Embeddings = Beside(dialect.EmbeddingsPath),
            CountTokens = Beside(dialect.CountTokensPath),
        };
        return (address, missing.FirstOrDefault());
    }

    /// <summary>Some regions have a host that is named otherwise than the rest.</summary>
    private static string BaseUrl(Section section, Dialect dialect, ReadContext context) =>
        dialect.RegionUrls.Count > 0 && ValueOf("region", section, dialect, context) is { } region
            ? dialect.RegionUrls.GetValueOrDefault(region, dialect.BaseUrl)
            : dialect.BaseUrl;

    private static string? ValueOf(string variable, Section section, Dialect dialect, ReadContext context) =>
        section.Reference(variable) ?? context.FirstSet(dialect.Variables[variable].Environment) ?? dialect.Variables[variable].Default;

    private static string Fill(string name, string template, Section section, Dialect dialect, ReadContext context, List<string> missing) =>
        Variable()
            .Replace(
                template,
                match =>
                {
                    var variable = match.Groups["name"].Value;
                    if (variable == "model")
                    {
                        return match.Value;
                    }

                    var value = ValueOf(variable, section, dialect, context);
                    if (value is null)
                    {
                        missing.Add(
                            $"provider '{name}' has no {variable}: set {dialect.Variables[variable].Environment[0]}, or \"{variable}\" in the configuration"
                        );
                    }

                    return Uri.EscapeDataString(value ?? "unset");
                }
            );

    /// <summary>Base and path; a segment that both name (<c>…/v1</c> and <c>/v1/messages</c>) is taken once.</summary>
    private static string Join(string baseUrl, string path)
    {
        var trimmed = baseUrl.TrimEnd('/');
        var first = path[..(path.IndexOf('/', 1) is var end && end > 0 ? end : path.Length)];
        return trimmed.EndsWith(first, StringComparison.Ordinal) && first.Length < path.Length
            ? trimmed + path[first.Length..]
            : trimmed + path;
    }

    /// <summary>A variable of the address; the model is filled in call by call.</summary>
    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
