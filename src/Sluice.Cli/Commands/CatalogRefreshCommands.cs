using System.CommandLine;
using System.Text.Json.Nodes;
using Sluice.Cli.Prices;

namespace Sluice.Cli.Commands;

/// <summary>`sluice catalog import` and `diff`: prices from public files.</summary>
internal static class CatalogRefreshCommands
{
    public static Command Import()
    {
        var (file, format, provider, config) = Common();
        var output = new Option<string?>("--out") { Description = "Where to write it. Default: standard output.", HelpName = "FILE" };
        var command = new Command(
            "import",
            "Write the prices of a public file as a configuration that yours can extend: genai-prices, LiteLLM's, or OpenRouter's list."
        )
        {
            file,
            format,
            provider,
            output,
            config,
        };
        command.SetAction(parsed =>
        {
            var list = PriceFiles.Open(parsed.GetValue(file)!, parsed.GetValue(format));
            var refresh = new PriceRefresh(list, CatalogInForce.Read(parsed.GetValue(config)));
            var vendors = refresh.Vendors(parsed.GetValue(provider) ?? []);
            var models = vendors.SelectMany(v => refresh.Models(v.Name, v.Row)).ToList();
            var fragment = PriceFragment.Write(list.Format, models);
            if (parsed.GetValue(output) is { } path)
            {
                File.WriteAllText(path, fragment);
                Console.WriteLine(
                    $"{path}: {models.Count} models of {string.Join(", ", vendors.Select(v => v.Name))}; add \"{path}\" to \"extends\""
                );
            }
            else
            {
                Console.Write(fragment);
            }

            return ExitCode.Done;
        });
        return command;
    }

    public static Command Diff()
    {
        var (file, format, provider, config) = Common();
        var at = SharedOptions.At("The day from which differences count.");
        var json = SharedOptions.Json();
        var command = new Command(
            "diff",
            "Show what an import would change against the catalogue in force. The exit code is that of diff: 0 nothing, 1 something, 2 trouble."
        )
        {
            file,
            format,
            provider,
            at,
            config,
            json,
        };
        command.SetAction(parsed =>
        {
            var day = DateOnly.FromDateTime(SharedOptions.Moment(parsed.GetValue(at)).UtcDateTime);
            var list = PriceFiles.Open(parsed.GetValue(file)!, parsed.GetValue(format));
            var refresh = new PriceRefresh(list, CatalogInForce.Read(parsed.GetValue(config)));
            var differences = refresh
                .Vendors(parsed.GetValue(provider) ?? [])
                .SelectMany(v =>
                    refresh
                        .Models(v.Name, v.Row)
                        .Select(m => PriceDifference.Of(m, day))
                        .OfType<PriceDifference>()
                        .Concat(refresh.Gone(v.Row).Select(c => PriceDifference.Gone(v.Name, c)))
                )
                .ToList();
            Console.WriteLine(
                parsed.GetValue(json)
                    ? new JsonArray([.. differences.Select(d => (JsonNode)d.ToJson())]).ToJsonString()
                    : string.Join('\n', differences.Select(d => d.ToString()).Append(Summary(differences)))
            );
            return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Summary(List<PriceDifference> differences) =>
        string.Join(", ", PriceDifference.Kinds.Select(kind => $"{differences.Count(d => d.Kind == kind)} {kind}"));

    private static (Argument<string> File, Option<string?> Format, Option<string[]> Provider, Option<string?> Config) Common()
    {
        var format = new Option<string?>("--format") { Description = "What the file is in. Default: it is found out." };
        format.AcceptOnlyFromAmong(PriceFiles.Formats);
        return (
            new Argument<string>("FILE") { Description = "The public file." },
            format,
            new Option<string[]>("--provider")
            {
                Description = "A vendor to take; may be repeated. Default: those that are configured.",
                HelpName = "PRESET",
                AllowMultipleArgumentsPerToken = false,
            },
            SharedOptions.Config()
        );
    }
}
