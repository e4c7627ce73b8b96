using System.Globalization;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>Looks at where things stand: budgets, breakers, requests that providers have had.</summary>
internal sealed class StateChecks(World world, ScriptedProviders providers, List<string> failures)
{
    public void Look(StateExpectation expect, string path)
    {
        LookAtBudgets(expect, path);
        LookAtBreakers(expect, path);
        LookUpstream(expect, path);
    }

    private void LookAtBreakers(StateExpectation expect, string path)
    {
        var engine = world.Gateway.Engine;
        foreach (var (target, wanted) in expect.Breakers)
        {
            var states = engine
                .Health.Known.Where(known => $"{known.Key.Provider}/{known.Key.Model}" == target)
                .Select(known =>
                    known.Value.Breaker.View(engine.Health.Settings, engine.Time.GetUtcNow()).State.ToString().ToLowerInvariant()
                )
                .Distinct()
                .ToList();
            var had = states.Count == 0 ? "closed" : string.Join(" and ", states);
            if (had != wanted)
            {
                failures.Add($"{path}.breakers.{target}: expected {wanted}, was {had}");
            }
        }
    }

    private void LookAtBudgets(StateExpectation expect, string path)
    {
        foreach (var (name, wanted) in expect.Budgets)
        {
            var place = $"{path}.budgets.{name}";
            var status = world.Gateway.Engine.Ledger.Status().Where(b => b.Name == name || $"{b.Name}[{b.Part}]" == name).ToList();
            if (status is not [var budget])
            {
                failures.Add($"{place}: expected one budget of this name, there are {status.Count}");
                continue;
            }

            var (spent, held) = (budget.Spent.Number, budget.Held.Number);
            Compare(wanted.Spent is null || spent == wanted.Spent, $"{place}.spent", wanted.Spent, spent);
            Compare(wanted.MaxSpent is null || spent <= wanted.MaxSpent, $"{place}.maxSpent", wanted.MaxSpent, spent);
            Compare(wanted.Held is null || held == wanted.Held, $"{place}.held", wanted.Held, held);
        }
    }

    private void Compare(bool right, string place, decimal? wanted, decimal had)
    {
        if (!right)
        {
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: expected {wanted}, was {had}"));
        }
    }

    private void LookUpstream(StateExpectation expect, string path)
    {
        if (expect.Upstream is not { } wanted)
        {
            return;
        }

        var had = providers.Requests.CountBy(r => r.Target).ToDictionary();
        foreach (var target in wanted.Keys.Union(had.Keys))
        {
            var (most, count) = (wanted.GetValueOrDefault(target), had.GetValueOrDefault(target));
            if (most != count)
            {
                failures.Add($"{path}.upstream.{target}: expected {most} requests, was {count}");
            }
        }
    }
}
