using System.Text.RegularExpressions;
using Sluice.Calls;
using Sluice.Catalog;

namespace Sluice.Configuration;

/// <summary>Compiles where a provider's requests go: the vendor's address, or one of the configuration's own, with every variable filled in.</summary>
internal static partial class AddressCompiler
{
    /// <param name="section">The provider.</param>
    /// <param name="dialect">Its vendor.</param>
    /// <param name="variables">What stands in braces.</param>
    /// <param name="instead">Where requests go in place of the vendor's own address.</param>
    /// <returns>The address, or <see langword="null"/> where the configuration is wrong.</returns>
    public static ProviderAddress? Compile(Section section, Dialect dialect, AddressVariables variables, string? instead)
    {
        var baseUrl = instead ?? Fill(BaseUrl(dialect, variables), variables);
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            section.Error("baseUrl", $"'{baseUrl}' is not an http or https address", "write http://host:port or https://host/path");
            return null;
        }

        var stream = dialect.StreamPath is { } path ? Join(baseUrl, Fill(path, variables)) : null;
        ProviderAddress? Beside(string? path) => path is null ? null : new ProviderAddress(Join(baseUrl, Fill(path, variables)));
        return new ProviderAddress(Join(baseUrl, Fill(dialect.Path, variables)), stream)
        {
            Base = baseUrl.TrimEnd('/'),
            Embeddings = Beside(dialect.EmbeddingsPath),
            CountTokens = Beside(dialect.CountTokensPath),
        };
    }

    /// <summary>A text with every variable in it filled in, but for the model.</summary>
    public static string Fill(string template, AddressVariables variables) =>
        Variable()
            .Replace(
                template,
                match =>
                    match.Groups["name"].Value is var variable && variable == "model"
                        ? match.Value
                        : Uri.EscapeDataString(variables.Of(variable) ?? "unset")
            );

    /// <summary>The vendor's address; a variable may have values with another one.</summary>
    private static string BaseUrl(Dialect dialect, AddressVariables variables)
    {
        foreach (var (name, variable) in dialect.Variables)
        {
            if (variable.BaseUrls.Count > 0 && variables.Of(name) is { } value && variable.BaseUrls.TryGetValue(value, out var other))
            {
                return other;
            }
        }

        return dialect.BaseUrl;
    }

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
