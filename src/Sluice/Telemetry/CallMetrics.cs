using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Calls;

namespace Sluice.Telemetry;

/// <summary>Counts calls, attempts, tokens and money. Best effort: what is measured can never fail a call.</summary>
internal sealed class CallMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sluice";

    private readonly Counter<long> _calls;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _dollars;
    private readonly Counter<double> _excess;
    private readonly Counter<long> _drift;
    private readonly Histogram<double> _firstContent;
    private readonly Counter<long> _budgetEvents;
    private readonly Counter<long> _gates;

    public CallMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("sluice.calls", "{call}", "Calls by route and outcome.");
        _attempts = meter.CreateCounter<long>("sluice.attempts", "{attempt}", "Attempts by target and outcome.");
        _tokens = meter.CreateCounter<long>("sluice.tokens", "{token}", "Tokens by target and direction.");
        _dollars = meter.CreateCounter<double>("sluice.cost", "USD", "Cost by target; the ledger is exact, this is for charts.");
        _excess = meter.CreateCounter<double>("sluice.cost.excess", "USD", "Cost above what was held, by target: its price is wrong.");
        _drift = meter.CreateCounter<long>(
            "sluice.drift",
            "{frame}",
            "Frames of streams that could not be read and were left out, by target."
        );
        _firstContent = meter.CreateHistogram<double>("sluice.first_content", "s", "Time to the first content by target.");
        _budgetEvents = meter.CreateCounter<long>("sluice.budget.events", "{event}", "Thresholds, depletions and budgets used up.");
        _gates = meter.CreateCounter<long>("sluice.content_gates", "{action}", "What content gates did, by gate, stage and verdict.");
    }

    /// <summary>Counts an event of a budget.</summary>
    public void RecordBudget(string budget, string kind) => _budgetEvents.Add(1, new TagList { { "budget", budget }, { "kind", kind } });

    public void Record(Receipt receipt)
    {
        if (_calls.Enabled)
        {
            _calls.Add(1, new TagList { { "route", receipt.ActualRoute ?? receipt.Route }, { "complete", receipt.Complete } });
        }

        foreach (var action in receipt.Gates)
        {
            _gates.Add(
                1,
                new TagList
                {
                    { "gate", action.Gate },
                    { "stage", action.Stage.ToString() },
                    { "verdict", action.Verdict.ToString() },
                }
            );
        }

        if (!_attempts.Enabled && !_excess.Enabled && !_drift.Enabled)
        {
            return;
        }

        foreach (var attempt in receipt.Attempts)
        {
            Record(attempt);
        }
    }

    private void Record(Attempt attempt)
    {
        var target = new TagList { { "provider", attempt.Provider }, { "model", attempt.Model } };
        _attempts.Add(
            1,
            new TagList
            {
                { "provider", attempt.Provider },
                { "model", attempt.Model },
                { "outcome", attempt.Outcome.ToString() },
                { "failure", attempt.Failure?.ToString() },
            }
        );
        _tokens.Add(attempt.Usage.InputTokens + attempt.Usage.OutputTokens, target);
        _dollars.Add((double)attempt.Cost.Dollars, target);
        if (attempt.Cost > attempt.Hold)
        {
            _excess.Add((double)(attempt.Cost - attempt.Hold).Dollars, target);
        }

        if (attempt.SkippedFrames > 0)
        {
            _drift.Add(attempt.SkippedFrames, target);
        }

        if (attempt.TimeToFirstContent is { } first)
        {
            _firstContent.Record(first.TotalSeconds, target);
        }
    }
}
