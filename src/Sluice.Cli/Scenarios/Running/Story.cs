using System.Globalization;
using Sluice.Calls;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>What happened in a scenario, for whoever wants to know why it failed.</summary>
internal static class Story
{
    public static IReadOnlyList<string> Tell(Timeline timeline, IReadOnlyList<Seen> calls) =>
        [.. timeline.Entries.Select(e => $"{Seconds(e.At), 10}  {e.What}"), .. calls.SelectMany(Tell)];

    public static string OutcomeOf(Attempt attempt) =>
        attempt.Outcome switch
        {
            AttemptOutcome.Completed => "completed",
            AttemptOutcome.Aborted => "aborted",
            AttemptOutcome.Cut => $"cut {attempt.Failure}".TrimEnd(),
            _ => attempt.Failure?.ToString() ?? "failed",
        };

    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.000}s");

    private static IEnumerable<string> Tell(Seen call)
    {
        var end =
            call.Left ? "the client left"
            : call.Complete ? $"{call.Status}, whole"
            : $"{call.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"}{(call.Heard.Errors is [var error, ..] ? $" {error}" : "")}{(call.Broken ? ", broken off" : "")}";
        yield return $"call {call.Number} ({call.Step.Route}): {end}; {call.Receipt?.Target ?? "nobody"} answered; {call.Receipt?.Cost.ToString() ?? "?"} USD";
        foreach (var attempt in call.Receipt?.Attempts ?? [])
        {
            var reason = attempt.Reason is { } why ? $": {why}" : "";
            yield return $"  {attempt.Number}. {attempt.Provider}/{attempt.Model} {OutcomeOf(attempt)} after {Seconds(attempt.Duration)}, {attempt.Cost} USD{reason}";
        }

        foreach (var rejection in call.Receipt?.Rejections ?? [])
        {
            yield return $"  -  {rejection.Target} not tried ({rejection.Gate}): {rejection.Reason}";
        }
    }
}
