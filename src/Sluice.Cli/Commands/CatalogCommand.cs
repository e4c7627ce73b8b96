using System.CommandLine;
using Sluice.Catalog;
using Sluice.Cli.Prices;
using Sluice.Ledger;

namespace Sluice.Cli.Commands;

/// <summary>`sluice catalog`: what models cost, and how prices are brought up to date. No network call is made.</summary>
internal static class CatalogCommand
{
    public static Command Create() =>
        new("catalog", "Show what models cost, and refresh prices from public files.")
        {
            List(),
            CatalogPriceCommand.Create(),
            CatalogRefreshCommands.Import(),
            CatalogRefreshCommands.Diff(),
            CatalogTrustCommand.Create(),
        };

    private static Command List()
    {
        var name = new Argument<string?>("NAME") { Description = "Only models with this in their name.", Arity = ArgumentArity.ZeroOrOne };
        var provider = new Option<string?>("--provider") { Description = "Only those this vendor serves.", HelpName = "PRESET" };
        var doubtful = new Option<bool>("--doubtful") { Description = "Only those that a provider's bill has shown to be too low." };
        var config = SharedOptions.Config();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("list", "List all rates, in US dollars per million tokens, with their days and hours.")
        {
            name,
            provider,
            doubtful,
            config,
            data,
            json,
        };
        command.SetAction(parsed =>
        {
            var catalog = CatalogInForce.Read(parsed.GetValue(config));
            var vendor = parsed.GetValue(provider) is { } asked ? catalog.Named(asked).Models : null;
            var doubts = DoubtfulPrices.Read(parsed.GetValue(data)!, catalog);
            var cards = catalog
                .Models.Cards.Where(c => vendor is null || c.Provider == vendor)
                .Where(c => !parsed.GetValue(doubtful) || doubts.Of(c) is not null)
                .Where(c => parsed.GetValue(name) is not { } part || c.Id.Contains(part, StringComparison.OrdinalIgnoreCase))
                .OrderBy(c => c.Provider, StringComparer.Ordinal)
                .ThenBy(c => c.Id, StringComparer.Ordinal)
                .ToList();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(CardJson.Write(cards, doubts).ToJsonString());
            }
            else
            {
                TextTable.Print(["model", "checked", "price"], cards.SelectMany(c => Rows(c, doubts.Of(c))));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string[]> Rows(ModelCard card, PriceDoubt? doubt)
    {
        yield return
        [
            $"{card.Provider}/{card.Id}",
            CardJson.Checked(card) ?? "",
            card.Price is { } price ? PriceWords.Line(price) : "unknown",
        ];
        foreach (var scheduled in card.Schedule)
        {
            yield return ["", "", $"{PriceWords.When(scheduled)}: {PriceWords.Line(scheduled.Price)}"];
        }

        if (doubt is not null)
        {
            yield return ["", "", DoubtfulPrices.Text(doubt)];
        }
    }
}
