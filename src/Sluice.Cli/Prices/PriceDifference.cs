using System.Text.Json.Nodes;
using Sluice.Catalog;
using Sluice.Money;

namespace Sluice.Cli.Prices;

/// <summary>What a refresh would change of one model.</summary>
/// <param name="Kind"><c>new</c>, <c>changed</c> or <c>gone</c>.</param>
/// <param name="Model">As a configuration names it.</param>
/// <param name="Rates">Each rate that differs, by its name: before and after; one that is not given is <see langword="null"/>.</param>
internal sealed record PriceDifference(string Kind, string Model, IReadOnlyList<(string Name, string? Old, string? New)> Rates)
{
    public static readonly string[] Kinds = ["new", "changed", "gone"];

    public static PriceDifference Gone(string provider, ModelCard card) =>
        new("gone", $"{provider}/{card.Id}", Between(Facts(card.Price, card.Schedule, default), []));

    /// <summary>The difference that one model makes from a day on; <see langword="null"/> where there is none.</summary>
    public static PriceDifference? Of(RefreshedModel model, DateOnly day)
    {
        var old = model.Known is { } card ? Facts(card.Price, card.Schedule, day) : [];
        var rates = Between(old, Facts(model.Price, model.Listed.Schedule, day));
        return rates.Count == 0 ? null : new PriceDifference(model.Known is null ? "new" : "changed", model.Name, rates);
    }

    public override string ToString() =>
        $"{Kind, -8}{Model}  {string.Join(", ", Rates.Select(r => Kind == "changed" ? $"{r.Name} {r.Old ?? "none"} → {r.New ?? "none"}" : $"{r.Name} {r.New ?? r.Old}"))}";

    public JsonObject ToJson()
    {
        var rates = new JsonObject();
        foreach (var (name, old, now) in Rates)
        {
            rates[name] = new JsonObject { ["old"] = old, ["new"] = now };
        }

        return new JsonObject
        {
            ["kind"] = Kind,
            ["model"] = Model,
            ["rates"] = rates,
        };
    }

    private static List<(string, string?, string?)> Between(Dictionary<string, string> old, Dictionary<string, string> now) =>
        [
            .. old
                .Keys.Union(now.Keys)
                .Select(name => (name, old.GetValueOrDefault(name), now.GetValueOrDefault(name)))
                .Where(r => r.Item2 != r.Item3),
        ];

    /// <summary>Every rate by where it holds. What a day has put into force by then is the plain price; what it replaced is past.</summary>
    private static Dictionary<string, string> Facts(Price? plain, IReadOnlyList<ScheduledPrice> schedule, DateOnly day)
    {
        var facts = new Dictionary<string, string>();
        var ahead = new List<ScheduledPrice>();
        foreach (var scheduled in schedule)
        {
            if (scheduled is { Hours: null, From: { } from } && from <= day)
            {
                plain = scheduled.Price;
                ahead.Clear();
            }
            else
            {
                ahead.Add(scheduled);
            }
        }

        Add(facts, "", plain);
        ahead.ForEach(s => Add(facts, $"{PriceWords.When(s)}: ", s.Price));
        return facts;
    }

    private static void Add(Dictionary<string, string> facts, string where, Price? price)
    {
        if (price is null)
        {
            return;
        }

        foreach (var (name, of) in PriceWords.Rates)
        {
            if (of(price) is { } rate)
            {
                facts[where + name] = PriceWords.Number(rate);
            }
        }

        foreach (var tier in price.Tiers)
        {
            Add(facts, $"{where}above {tier.AboveInputTokens}: ", tier.Price with { Tiers = [], PerRequest = null });
        }
    }
}
