using System.Globalization;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Scenarios.Checks;

/// <summary>Compares one call with what was expected of it, and with what must be true of every call.</summary>
internal sealed class CallCheck(Seen seen, Tolerance tolerance)
{
    private readonly List<string> _failures = [];

    public IReadOnlyList<string> Failures()
    {
        _failures.AddRange(CallInvariants.Failures(seen).Select(f => $"{Path}: {f}"));
        var (expect, receipt) = (seen.Step.Expect, seen.Receipt);
        Same("status", Text(expect.Status), Text(seen.Status));
        Same("target", expect.Target, receipt?.Target);
        Same("route", expect.Route, receipt?.ActualRoute);
        Same("model", expect.Model, seen.Heard.Model);
        Same("text", expect.Text, seen.Heard.Text);
        Same(
            "tokens",
            expect.Tokens is { } count ? string.Join(' ', Enumerable.Range(1, count).Select(i => $"t{i}")) : null,
            seen.Heard.Text
        );
        Same("complete", expect.Complete?.ToString(), seen.Complete.ToString());
        Same("truncated", expect.Truncated?.ToString(), seen.Truncated.ToString());
        Same("finish", expect.Finish, seen.Heard.Finish);
        if (expect.Error is { } error && !seen.Heard.Errors.Contains(error))
        {
            Fail("error", error, seen.Heard.Errors.Count == 0 ? "none" : string.Join(", ", seen.Heard.Errors));
        }

        if (expect.Message is { } message && seen.Heard.ErrorMessage?.Contains(message, StringComparison.Ordinal) != true)
        {
            Fail("message", message, seen.Heard.ErrorMessage ?? "none");
        }

        CheckAttempts();
        Lists("rejections", expect.Rejections, receipt?.Rejections.Select(r => $"{r.Target} {r.Gate}"));
        Lists("degradations", expect.Degradations, receipt?.Degradations.Select(d => d.Feature).Distinct());
        CheckUsage();
        CheckCost();
        CheckHeaders();
        _failures.AddRange(SpanCheck.Failures(expect.Elapsed, seen.Took, $"{Path}.expect.elapsed", tolerance));
        return _failures;
    }

    private string Path => seen.Step.Repeat > 1 ? $"{seen.Step.Path} (call {seen.Number})" : seen.Step.Path;

    private void CheckAttempts()
    {
        var expect = seen.Step.Expect;
        var attempts = seen.Receipt?.Attempts ?? [];
        Same("attempts", Text(expect.AttemptCount), Text(attempts.Count));
        // An expected attempt without an outcome is met by any.
        Lists(
            "attempts",
            expect.Attempts,
            attempts.Select(
                (a, i) =>
                {
                    var target = $"{a.Provider}/{a.Model}";
                    return expect.Attempts?.ElementAtOrDefault(i) == target ? target : $"{target} {Story.OutcomeOf(a)}";
                }
            )
        );
    }

    private void CheckUsage()
    {
        var (expect, receipt) = (seen.Step.Expect, seen.Receipt);
        Tokens("usage.input", expect.Usage?.Input, receipt?.Usage.InputTokens, seen.Heard.InputTokens);
        Tokens("usage.output", expect.Usage?.Output, receipt?.Usage.OutputTokens, seen.Heard.OutputTokens);
        Same("drift", Text(expect.Drift), Text(receipt?.Attempts.Sum(a => a.SkippedFrames)));
    }

    /// <param name="told">What the client was told, if anything.</param>
    private void Tokens(string what, int? wanted, long? had, long? told)
    {
        Same(what, Text(wanted), Text(had));
        Same(what, Text(wanted), Text(told ?? wanted));
    }

    private void CheckCost()
    {
        var expect = seen.Step.Expect;
        var cost = seen.Receipt?.Cost.Dollars;
        if (expect.Cost is { } exact && cost != exact)
        {
            Fail("cost", $"{exact} USD", cost is null ? "unknown" : $"{cost} USD");
        }

        if (expect.MaxCost is { } most && !(cost <= most))
        {
            Fail("maxCost", $"at most {most} USD", cost is null ? "unknown" : $"{cost} USD");
        }
    }

    private void CheckHeaders()
    {
        foreach (var (name, wanted) in seen.Step.Expect.Headers ?? [])
        {
            var had = seen.Headers.GetValueOrDefault(name);
            var text = wanted?.ToString();
            if (text == "*" ? had is null : had != text)
            {
                Fail($"headers.{name}", text == "*" ? "any" : text ?? "none", had ?? "none");
            }
        }
    }

    private void Same(string what, string? wanted, string? had)
    {
        if (wanted is not null && wanted != had)
        {
            Fail(what, wanted, had ?? "none");
        }
    }

    private void Lists(string what, IReadOnlyList<string>? wanted, IEnumerable<string>? had)
    {
        if (wanted is not null && !wanted.SequenceEqual(had ?? [], StringComparer.OrdinalIgnoreCase))
        {
            Fail(what, Text(wanted), Text(had ?? []));
        }
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Text(IEnumerable<string> list) => $"[{string.Join(", ", list)}]";

    private void Fail(string what, string wanted, string had) =>
        _failures.Add($"{Path}.expect.{what}: expected {Short(wanted)}, was {Short(had)}");

    private static string Short(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length} characters)";
}
