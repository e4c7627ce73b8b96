using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Cli.Prices;
using Sluice.Money;

namespace Sluice.Cli.Commands;

/// <summary>`sluice catalog price`: what a call would cost.</summary>
internal static class CatalogPriceCommand
{
    private static readonly (Option<long> Option, Func<Usage, long, Usage> Set)[] Counts =
    [
        Count("--input", "Input tokens, all others of the input included.", (u, n) => u with { InputTokens = n }),
        Count("--output", "Output tokens, all others of the output included.", (u, n) => u with { OutputTokens = n }),
        Count("--cache-read", "Input tokens read from the cache.", (u, n) => u with { CacheReadTokens = n }),
        Count("--cache-write", "Input tokens written to the cache, for whatever time.", (u, n) => u with { CacheWriteTokens = n }),
        Count("--cache-write-1h", "Of those, the ones written for an hour.", (u, n) => u with { CacheWrite1hTokens = n }),
        Count("--input-audio", "Audio among the input.", (u, n) => u with { InputAudioTokens = n }),
        Count("--output-audio", "Audio among the output.", (u, n) => u with { OutputAudioTokens = n }),
        Count("--input-image", "Images among the input.", (u, n) => u with { InputImageTokens = n }),
        Count("--output-image", "Images among the output.", (u, n) => u with { OutputImageTokens = n }),
        Count("--searches", "Searches of the provider's own.", (u, n) => u with { WebSearchRequests = n }),
    ];

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "As provider/model." };
        var at = SharedOptions.At("When it would be called: prices change.");
        var config = SharedOptions.Config();
        var json = SharedOptions.Json();
        var command = new Command("price", "Say what a call would cost, and what so many tokens could cost at worst.") { model };
        foreach (var (option, _) in Counts)
        {
            command.Options.Add(option);
        }

        command.Options.Add(at);
        command.Options.Add(config);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var catalog = CatalogInForce.Read(parsed.GetValue(config));
            var price = PriceOf(catalog, parsed.GetValue(model)!, SharedOptions.Moment(parsed.GetValue(at)));
            var usage = Counts.Aggregate(Usage.None, (u, c) => c.Set(u, parsed.GetValue(c.Option)));
            var cost = PriceWords.Number(Pricing.Dollars(price, usage));
            var worst = Pricing.WorstCase(price, usage.InputTokens, usage.OutputTokens, (int)usage.WebSearchRequests).ToString();
            Console.WriteLine(
                parsed.GetValue(json)
                    ? new JsonObject
                    {
                        ["cost"] = JsonNode.Parse(cost),
                        ["worstCase"] = JsonNode.Parse(worst),
                        ["price"] = PriceWords.Price(price),
                    }.ToJsonString()
                    : $"{cost} USD, at worst {worst} USD  ({PriceWords.Line(price)})"
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static Price PriceOf(CatalogInForce catalog, string name, DateTimeOffset moment)
    {
        if (name.Split('/', 2) is not [var provider, { Length: > 0 } model])
        {
            throw new UserException($"'{name}' names no provider; write provider/model, such as openai/{name}");
        }

        var vendor = catalog.Named(provider);
        var card =
            catalog.Models.Find(vendor.Models, model)
            ?? throw Decoding.VendorRows.Unknown(
                "model",
                model,
                catalog.Models.Cards.Where(c => c.Provider == vendor.Models).Select(c => c.Id)
            );
        return card.PriceAt(moment)
            ?? throw new UserException($"no price is known for {name}; give it a \"price\" under \"models\" in the configuration");
    }

    private static (Option<long>, Func<Usage, long, Usage>) Count(string name, string description, Func<Usage, long, Usage> set)
    {
        var option = new Option<long>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(Bounded);
        return (option, set);

        void Bounded(OptionResult result)
        {
            if (result.Tokens is [var given] && decimal.TryParse(given.Value, CultureInfo.InvariantCulture, out var number))
            {
                if (UsageFigures.Count(number) is null)
                {
                    result.AddError($"{name} is a whole number from 0 to {UsageFigures.Most}.");
                }
            }
        }
    }
}
