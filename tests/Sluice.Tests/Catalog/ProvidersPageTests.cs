using System.Globalization;
using System.Text;
using Sluice.Catalog;
using Sluice.Testing;

namespace Sluice.Tests.Catalog;

public sealed class ProvidersPageTests
{
    [Fact]
    public void ProvidersPage_IsWhatTheRowsSay()
    {
        var page = Repository.PathOf("docs/providers.md");
        var expected = Write();
        if (Environment.GetEnvironmentVariable("SLUICE_ACCEPT") == "1")
        {
            File.WriteAllText(page, expected);
        }

        File.ReadAllText(page).ShouldBe(expected, "run with SLUICE_ACCEPT=1 to write the page anew");
    }

    private static string Write()
    {
        var dialects = CatalogData.Dialects().Values.OrderBy(d => d.Name, StringComparer.Ordinal).ToList();
        var models = CatalogData.Models().ToLookup(m => m.Provider);
        var text = new StringBuilder(
            """
            # Providers

            Each vendor is a row of `data/providers.jsonc`: where its requests go and how it deviates from the wire it speaks. A provider in `sluice.json` takes the
            row of its own name, or of its `preset`, by the vendor's name or what others call it; `baseUrl`, `auth`, keys and the variables in braces can be given there. What a row does not list among the
            features is left out of a request and reported, or said in another way: an answer of a given form is asked for natively, else by a tool that must be
            called, else in words.

            `sluice providers` prints the same list, `sluice models` the models with their prices.

            | provider | wire | address | key | usage in streams | models | checked |
            |---|---|---|---|---|---|---|

            """
        );
        foreach (var d in dialects)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| [`{d.Name}`](#{d.Name}) | `{WireName.Of(d.Wire)}` | `{d.BaseUrl}{d.Path}` | {KeyOf(d)} | {StreamUsageOf(d)} | {ModelsOf(d, models[d.Models].Count())} | {d.Checked:yyyy-MM-dd} |\n"
            );
        }

        foreach (var d in dialects)
        {
            text.Append($"\n## {d.Name}\n\n");
            foreach (var (what, value) in Facts(d))
            {
                text.Append($"- {what}: {value}\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(string What, string Value)> Facts(Dialect d)
    {
        yield return ("page", $"<{d.Source}>");
        if (d.Aliases.Count > 0)
        {
            yield return ("also called", Codes(d.Aliases));
        }

        yield return ("authentication", $"`{AuthName.Of(d.Auth)}`{(d.Local ? ", where a key is given" : "")}");
        if (d.Login != LoginKind.None)
        {
            yield return ("without a key", LoginOf(d.Login));
        }

        foreach (var (name, variable) in d.Variables)
        {
            var from = string.Join(", ", variable.Environment.Select(e => $"`{e}`"));
            yield return (
                $"`{{{name}}}`",
                $"`{name}` in the configuration, {from}{(variable.Default is { } value ? $", else `{value}`" : "")}"
            );
        }

        yield return (
            "features",
            (d.Features | Feature.SaidApart) == Feature.All
                ? "all that its wire can say"
                : Codes(FeatureTable.NamesOf(d.Features & ~Feature.SaidApart))
        );
        if ((d.Features & Feature.Stream) == 0)
        {
            yield return ("streams", "not");
        }

        yield return ("output limit", $"`{d.OutputLimit}`");
        if (d.Drops.Count > 0)
        {
            yield return ("left out", Codes(d.Drops));
        }

        if (d.Renames.Count > 0)
        {
            yield return ("renamed", string.Join(", ", d.Renames.Select(r => $"`{r.Key}` to `{r.Value}`")));
        }

        var others = FeatureTable.NamesOf(d.Features & Feature.ServerTools).ToList();
        if (d.ServerTools.Count == 0 && (others.Count > 0 || FeatureTable.ServerToolsOf(d.Wire) != Feature.None))
        {
            yield return ("tools of its own", others.Count == 0 ? "none" : Codes(others));
        }

        if (d.ServerTools.Count > 0)
        {
            yield return (
                "tools of its own",
                string.Join(", ", d.ServerTools.Select(t => $"`{t.Tool}`{(t.Models == "*" ? "" : $" of `{t.Models}`")}"))
            );
        }

        if (d.Usage.ReasoningBeside is not null && d.Usage.Paths.Count > 0)
        {
            yield return ("usage also in", string.Join(", ", d.Usage.Paths.Select(p => $"`{p.Path}` ({Words(p.Figure)})")));
        }

        if (d.Usage.ReasoningBeside == true)
        {
            yield return ("reasoning", "counted beside the output");
        }

        if (d.Wire == WireKind.OpenAiChat && d.ReasoningText.Count > 0)
        {
            yield return (
                "text of reasoning in",
                Codes(d.ReasoningText) + (d.ReasoningReturn == ReasoningReturn.No ? "" : ", given back with later turns")
            );
        }

        if (d.FinishReasons.Count > 0)
        {
            yield return ("finish reasons", string.Join(", ", d.FinishReasons.Select(r => $"`{r.Key}` is `{r.Value}`")));
        }
    }

    private static string Words(UsageFigure figure) =>
        figure switch
        {
            UsageFigure.Whole => "all of it",
            UsageFigure.Input => "input that is billed",
            UsageFigure.Output => "output that is billed",
            UsageFigure.CacheRead => "read from the cache",
            UsageFigure.CacheWrite => "written to the cache",
            UsageFigure.Reasoning => "reasoning",
            UsageFigure.WebSearches => "searches",
            _ => "cost in US dollars",
        };

    private static string KeyOf(Dialect d) => d.KeyVariables.Count == 0 ? "none needed" : Codes(d.KeyVariables);

    private static string LoginOf(LoginKind login) =>
        login switch
        {
            LoginKind.Aws =>
                "signed with an access key: `accessKeyId` and `secretAccessKey` or `profile` in the configuration, else as Amazon's own tools find it",
            LoginKind.Google =>
                "tokens that are renewed: `credentials` in the configuration, `GOOGLE_APPLICATION_CREDENTIALS`, or what `gcloud auth application-default login` wrote",
            LoginKind.Entra =>
                "tokens that are renewed: `tenantId`, `clientId` and `clientSecret` in the configuration, or `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`",
            _ => "nothing",
        };

    private static string StreamUsageOf(Dialect d) =>
        d.StreamUsage switch
        {
            StreamUsage.Always => "always",
            StreamUsage.Never => "never",
            _ => "on request",
        };

    private static string ModelsOf(Dialect d, int known) => d.Local ? "any" : known.ToString(CultureInfo.InvariantCulture);

    private static string Codes(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"`{n}`"));
}
