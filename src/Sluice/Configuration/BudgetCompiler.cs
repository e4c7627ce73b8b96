using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Ledger;
using Sluice.Money;

namespace Sluice.Configuration;

/// <summary>Reads <c>budgets</c>.</summary>
internal static class BudgetCompiler
{
    private static readonly (string Name, BudgetDimension Dimension)[] Dimensions =
    [
        ("account", BudgetDimension.Account),
        ("key", BudgetDimension.Key),
        ("role", BudgetDimension.Role),
        ("route", BudgetDimension.Route),
        ("actualRoute", BudgetDimension.ActualRoute),
        ("tenant", BudgetDimension.Tenant),
        ("user", BudgetDimension.User),
        ("provider", BudgetDimension.Provider),
        ("model", BudgetDimension.Model),
        ("tag", BudgetDimension.Tag),
    ];

    /// <param name="retention">How long the ledger knows end users; zero for good.</param>
    public static ImmutableArray<Budget> Compile(Section root, TimeSpan retention, ReadContext context)
    {
        var budgets = new List<Budget>();
        foreach (var (value, path) in root.Items("budgets"))
        {
            if (value is not JsonObject fields)
            {
                context.Error(path, "not an object", "write { \"name\": \"month\", \"limit\": \"500 USD\", \"per\": \"month\" }");
                continue;
            }

            var section = new Section(fields, path, "budget", context);
            if (section.Text("name") is not { } name)
            {
                section.Error("name", "a budget needs a name");
                continue;
            }

            if (!section.Has("limit"))
            {
                section.Error("limit", "a budget needs a limit", "write \"500 USD\", \"1000000 tokens\" or \"100 calls\"");
                continue;
            }

            if (budgets.Exists(b => b.Name == name))
            {
                section.Error("name", $"two budgets are called '{name}'", "give each its own name");
                continue;
            }

            if (Read(name, section) is { } budget)
            {
                if (LooksBackFartherThan(retention, budget))
                {
                    section.Error(
                        "per",
                        "the ledger forgets end users sooner than this window ends",
                        "choose a shorter one, or a longer \"retention\" of the ledger; 0s keeps them for good"
                    );
                }

                budgets.Add(budget);
            }
        }

        return [.. budgets];
    }

    /// <summary>What was spent is loaded from the ledger at each start, and what retention removes has no end users any more.</summary>
    private static bool LooksBackFartherThan(TimeSpan retention, Budget budget)
    {
        var ofUsers = budget.Each == BudgetDimension.User || budget.Match.Values.Any(v => v.Key == BudgetDimension.User);
        return ofUsers && retention > TimeSpan.Zero && LengthOf(budget.Window) > retention;
    }

    private static TimeSpan LengthOf(BudgetWindow window) =>
        window.Kind switch
        {
            WindowKind.Total => TimeSpan.MaxValue,
            WindowKind.Month => TimeSpan.FromDays(31),
            WindowKind.Week => TimeSpan.FromDays(7),
            WindowKind.Rolling => window.Length,
            _ => TimeSpan.FromDays(1),
        };

    private static Budget? Read(string name, Section section)
    {
        var (limit, window, each) = (Limit(section), Window(section), Each(section));
        if (window?.Kind == WindowKind.Call && each is not null)
        {
            section.Error("each", "a limit on each call has nothing to tell apart", "remove it, or choose another \"per\"");
        }

        return limit is null || window is null
            ? null
            : new Budget
            {
                Name = name,
                Limit = limit.Value,
                Window = window,
                Match = section.Child("match", "match") is { } match ? Selector(match) : BudgetSelector.All,
                Each = each,
                Mode = section.Choice<BudgetMode>("mode") ?? BudgetMode.Hard,
                UnknownPrice = section.Choice<UnknownPrice>("unknownPrice") ?? UnknownPrice.Refuse,
                DownshiftAt = section.Part("downshiftAt") ?? 0.8m,
                TellAt = section.Has("tellAt") ? [.. section.Parts("tellAt").Order()] : [0.8m, 0.9m, 0.95m],
            };
    }

    private static BudgetAmount? Limit(Section section)
    {
        var text = section.Node("limit") is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
        var unit =
            text.TrimEnd() is var trimmed && trimmed.EndsWith(" tokens", StringComparison.Ordinal) ? BudgetUnit.Tokens
            : trimmed.EndsWith(" calls", StringComparison.Ordinal) ? BudgetUnit.Calls
            : BudgetUnit.Usd;
        if (unit == BudgetUnit.Usd)
        {
            return section.Money("limit") is { } dollars ? BudgetAmount.Of(Credits.FromDollars(dollars)) : null;
        }

        var number = text.AsSpan(0, text.LastIndexOf(' ')).Trim();
        if (long.TryParse(number, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var count))
        {
            return new BudgetAmount(count, unit);
        }

        section.Error("limit", $"'{text}' has no whole number before its unit", $"write \"1000000 {BudgetAmount.NameOf(unit)}\"");
        return null;
    }

    private static BudgetWindow? Window(Section section)
    {
        var zone = Zone(section);
        if (section.Text("per") is not { } text)
        {
            return new BudgetWindow(WindowKind.Month, zone);
        }

        if (Units.Duration(text) is not { } length)
        {
            return section.Choice<WindowKind>("per") switch
            {
                null => null,
                WindowKind.Rolling => Fail("a window that rolls is written as its length"),
                { } kind => new BudgetWindow(kind, zone),
            };
        }

        return length >= TimeSpan.FromMinutes(1) ? BudgetWindow.Rolling(length) : Fail($"a window of {text} is too short to count in");

        BudgetWindow? Fail(string problem)
        {
            section.Error("per", problem, "write \"24h\" for the last 24 hours, or \"day\", \"week\", \"month\"");
            return null;
        }
    }

    private static BudgetDimension? Each(Section section)
    {
        if (section.Text("each") is not { } name)
        {
            return null;
        }

        var found = Array.Find(Dimensions, d => d.Name == name && d.Dimension != BudgetDimension.Tag);
        if (found.Name is not null)
        {
            return found.Dimension;
        }

        var known = Dimensions.Where(d => d.Dimension != BudgetDimension.Tag).Select(d => d.Name);
        section.Error("each", $"budgets do not tell '{name}' apart", $"known are {string.Join(", ", known)}");
        return null;
    }

    /// <summary>What a <c>match</c> selects.</summary>
    public static BudgetSelector Selector(Section match) =>
        new([
            .. Dimensions
                .Where(d => match.Has(d.Name))
                .Select(d => KeyValuePair.Create(d.Dimension, (ImmutableArray<string>)[.. match.TextOrTexts(d.Name)])),
        ]);

    private static TimeZoneInfo Zone(Section section)
    {
        if (section.Text("timeZone") is not { } name)
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        section.Error("timeZone", $"this machine knows no time zone '{name}'", "write one such as \"Europe/Zurich\"");
        return TimeZoneInfo.Utc;
    }
}
