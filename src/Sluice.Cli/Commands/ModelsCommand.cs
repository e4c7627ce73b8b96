using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Cli.Decoding;

namespace Sluice.Cli.Commands;

/// <summary>`sluice models`: the models that are known, with limits and prices.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Only models with this in their name.", Arity = ArgumentArity.ZeroOrOne };
        var provider = new Option<string?>("--provider") { Description = "Only those this vendor serves.", HelpName = "PRESET" };
        var can = new Option<string?>("--can")
        {
            Description = "Only those that can do this: tools, vision or reasoning.",
            HelpName = "WHAT",
        };
        can.AcceptOnlyFromAmong("tools", "vision", "reasoning");
        var json = SharedOptions.Json();
        var command = new Command("models", "List the models that are known, with limits and prices per million tokens.")
        {
            name,
            provider,
            can,
            json,
        };
        command.SetAction(parsed =>
        {
            var vendor = parsed.GetValue(provider) is { } preset ? new VendorRows().Named(preset).Models : null;
            var cards = CatalogData
                .Models()
                .Where(c => parsed.GetValue(name) is not { } part || c.Id.Contains(part, StringComparison.OrdinalIgnoreCase))
                .Where(c => vendor is null || c.Provider == vendor)
                .Where(c => parsed.GetValue(can) is not { } what || Abilities(c).Contains(what))
                .OrderBy(c => c.Provider, StringComparer.Ordinal)
                .ThenBy(c => c.Id, StringComparer.Ordinal)
                .ToList();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. cards.Select(c => (JsonNode)Describe(c))]).ToJsonString());
            }
            else
            {
                TextTable.Print(["model", "context", "output", "can", "input $", "output $", "checked"], cards.Select(Cells));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Cells(ModelCard card) =>
        [
            $"{card.Provider}/{card.Id}{(card.Lifecycle == ModelLifecycle.Current ? "" : $" ({card.Lifecycle.ToString().ToLowerInvariant()})")}",
            Number(card.ContextWindow),
            Number(card.MaxOutput),
            string.Join(' ', Abilities(card)),
            Number(card.Price?.Input),
            Number(card.Price?.Output),
            Date(card),
        ];

    private static JsonObject Describe(ModelCard card) =>
        new()
        {
            ["provider"] = card.Provider,
            ["id"] = card.Id,
            ["contextWindow"] = card.ContextWindow,
            ["maxOutput"] = card.MaxOutput,
            ["can"] = new JsonArray([.. Abilities(card).Select(a => (JsonNode)a)]),
            ["lifecycle"] = card.Lifecycle.ToString().ToLowerInvariant(),
            ["price"] = card.Price is { } price
                ? new JsonObject
                {
                    ["input"] = Number(price.Input),
                    ["output"] = Number(price.Output),
                    ["cacheRead"] = price.CacheRead is { } read ? Number(read) : null,
                    ["cacheWrite"] = price.CacheWrite is { } write ? Number(write) : null,
                }
                : null,
            ["checked"] = Date(card),
        };

    private static IEnumerable<string> Abilities(ModelCard card)
    {
        if (card.Tools)
        {
            yield return "tools";
        }

        if (card.Vision)
        {
            yield return "vision";
        }

        if (card.Reasoning)
        {
            yield return "reasoning";
        }
    }

    private static string Number(decimal? number) => number?.ToString("0.##########", CultureInfo.InvariantCulture) ?? "";

    private static string Date(ModelCard card) => card.PriceChecked?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
