using System.Collections.Immutable;
using Sluice.Calls;
using Sluice.Catalog;
using Sluice.Ledger;
using Sluice.Routing;

namespace Sluice.Configuration;

/// <summary>Reads <c>policy</c>: rules that send calls to another route than they asked for.</summary>
internal sealed class PolicyCompiler(IReadOnlyDictionary<string, Route> routes, ModelCatalog models, IReadOnlyList<Budget> budgets)
{
    public ImmutableArray<PolicyRule> Compile(Section root)
    {
        var rules = ImmutableArray.CreateBuilder<PolicyRule>();
        foreach (var section in root.Sections("policy", "rule"))
        {
            var use = Use(section);
            if (section.Child("when", "when") is not { } when)
            {
                section.Error("when", "a rule needs a condition", "write { \"route\": \"…\" }, or {} for every call");
            }
            else if (Condition(when) is var condition && use is not null)
            {
                rules.Add(new PolicyRule(section.Path, condition, use, section.Text("because") ?? ""));
            }
        }

        return rules.ToImmutable();
    }

    private Route? Use(Section section)
    {
        if (section.Text("use") is not { } name)
        {
            section.Error("use", "a rule needs a route to send calls to", "write { \"when\": { … }, \"use\": \"route\" }");
            return null;
        }

        if (!routes.TryGetValue(name, out var route))
        {
            section.Error("use", $"route '{name}' does not exist", Near(name, routes.Keys, "name a route"));
            return null;
        }

        if (route.Placeholder)
        {
            section.Error("use", $"'{name}' is a placeholder", "use a route with targets");
            return null;
        }

        return route;
    }

    private RuleCondition Condition(Section when)
    {
        foreach (var name in when.TextOrTexts("route"))
        {
            if (!IsName(name))
            {
                when.Error("route", $"no route or model is called '{name}'", Near(name, routes.Keys, "name a route"));
            }
        }

        if (when.Text("budget") is { } budget && budgets.All(b => b.Name != budget))
        {
            when.Error("budget", $"budget '{budget}' does not exist", Near(budget, budgets.Select(b => b.Name), "name a budget"));
        }

        if (when.Has("budget") && !when.Has("budgetAbove"))
        {
            when.Error("budget", "nothing is asked of it", "write \"budgetAbove\": 0.8 beside it");
        }

        return new RuleCondition
        {
            Routes = Names(when, "route"),
            Roles = Names(when, "role"),
            Tasks = Names(when, "task"),
            Keys = Names(when, "key"),
            Accounts = Names(when, "account"),
            Tenants = Names(when, "tenant"),
            Users = Names(when, "user"),
            Tags = Names(when, "tag"),
            Tools = Flag(when, "tools"),
            Images = Flag(when, "images"),
            Structured = Flag(when, "structured"),
            Stream = Flag(when, "stream"),
            InputAbove = when.Count("inputAbove", 0, int.MaxValue),
            InputBelow = when.Count("inputBelow", 1, int.MaxValue),
            OutputAbove = when.Count("outputAbove", 0, int.MaxValue),
            BudgetAbove = when.Part("budgetAbove"),
            Budget = when.Text("budget"),
        };
    }

    /// <summary>Names with <c>*</c> at the end at most: one within would be taken for a pattern and match nothing.</summary>
    private static ImmutableArray<string> Names(Section when, string member)
    {
        var names = when.TextOrTexts(member);
        foreach (var name in names)
        {
            if (name.Length == 0 || name.AsSpan(..^1).Contains('*'))
            {
                when.Error(member, $"'{name}' is no name", "write a whole name, or one with '*' at its end");
            }
        }

        if (when.Has(member) && names.Count == 0)
        {
            when.Error(member, "no name is given, so that the rule could never apply", "name one, or leave the member out");
        }

        return [.. names];
    }

    private bool IsName(string name) =>
        name.Contains('*')
        || name.Contains('/')
        || routes.ContainsKey(name)
        || models.Cards.Select(c => c.Provider).Distinct().Any(p => models.Find(p, name) is not null);

    private static bool? Flag(Section when, string name) => when.Has(name) ? when.Flag(name) : null;

    private static string Near(string name, IEnumerable<string> names, string otherwise) =>
        NearNames.Of(name, names) is [var near, ..] ? $"did you mean '{near}'?" : otherwise;
}
