using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Configuration;

namespace Sluice.Cli.Scenarios.Files;

/// <summary>Reads what a scenario expects.</summary>
internal static class ExpectationReader
{
    public static CallExpectation Call(Section? expect, string protocol)
    {
        if (expect is null)
        {
            return new CallExpectation();
        }

        var counted = expect.Node("attempts")?.GetValueKind() == JsonValueKind.Number;
        return new CallExpectation
        {
            Status = expect.Count("status", 100, 599),
            Target = expect.Text("target"),
            Route = expect.Text("route"),
            Model = expect.Text("model"),
            AttemptCount = counted ? expect.Count("attempts", 0, 1000) : null,
            Attempts = expect.Has("attempts") && !counted ? expect.Texts("attempts") : null,
            Rejections = expect.Has("rejections") ? expect.Texts("rejections") : null,
            Text = expect.Text("text"),
            Tokens = expect.Count("tokens", 0, 100_000),
            Complete = Flag(expect, "complete"),
            Truncated = Flag(expect, "truncated"),
            Finish = expect.Text("finish"),
            Error = Error(expect, protocol),
            Message = expect.Text("message"),
            Usage = expect.Child("usage", "usage") is { } usage
                ? new UsageExpectation(usage.Count("input", 0, int.MaxValue), usage.Count("output", 0, int.MaxValue))
                : null,
            Drift = expect.Count("drift", 0, int.MaxValue),
            Cost = expect.Money("cost"),
            MaxCost = expect.Money("maxCost"),
            Headers = expect.Node("headers") as JsonObject,
            Degradations = expect.Has("degradations") ? expect.Texts("degradations") : null,
            Elapsed = Span(expect),
        };
    }

    public static StateExpectation State(Section check) =>
        new()
        {
            Budgets = Budgets(check),
            Breakers = ScenarioReader.TextsByName(check, "breakers"),
            Upstream = Upstream(check),
        };

    public static EndExpectation End(Section? expect) =>
        expect is null
            ? new EndExpectation
            {
                Budgets = new Dictionary<string, BudgetExpectation>(),
                Breakers = new Dictionary<string, string>(),
                Order = [],
                Sent = [],
            }
            : new EndExpectation
            {
                Budgets = Budgets(expect),
                Breakers = ScenarioReader.TextsByName(expect, "breakers"),
                Upstream = Upstream(expect),
                Order = [.. expect.Texts("order").Select(text => Happening(expect, text))],
                Sent = [.. expect.Sections("sent", "sent").Select(Sent)],
                Elapsed = Span(expect),
            };

    private static Happening Happening(Section expect, string text)
    {
        if (text.Split(" by ", 2) is not [var what, var time])
        {
            return new Happening(text, null);
        }

        if (Units.Duration(time) is not { } by)
        {
            expect.Error("order", $"'{time}' is not a duration", "write `first/m left by 10s`");
            return new Happening(what, null);
        }

        return new Happening(what, by);
    }

    private static SentExpectation Sent(Section sent)
    {
        if (!sent.Has("target"))
        {
            sent.Error("target", "nobody is named", "write provider/model");
        }

        return new SentExpectation(
            sent.Path,
            sent.Text("target") ?? "",
            sent.Count("number", 1, 10_000) ?? 1,
            sent.Node("has") as JsonObject,
            sent.Texts("lacks"),
            ScenarioReader.TextsByName(sent, "headers")
        );
    }

    private static Dictionary<string, BudgetExpectation> Budgets(Section section) =>
        section
            .Children("budgets", "budgetExpect")
            .ToDictionary(
                b => b.Name,
                b => new BudgetExpectation(b.Value.Money("spent"), b.Value.Money("maxSpent"), b.Value.Money("held"))
            );

    private static Dictionary<string, int>? Upstream(Section section)
    {
        if (section.Node("upstream") is not JsonObject counts)
        {
            return null;
        }

        var upstream = new Dictionary<string, int>();
        foreach (var (target, count) in counts)
        {
            if (count is JsonValue value && value.TryGetValue(out int number))
            {
                upstream[target] = number;
            }
            else
            {
                section.Error(
                    $"upstream.{target}",
                    $"{count?.ToJsonString() ?? "null"} is no number",
                    "write how many requests it has had"
                );
            }
        }

        return upstream;
    }

    /// <summary>One error for all protocols, or one for each.</summary>
    private static string? Error(Section expect, string protocol) =>
        expect.IsObject("error") && expect.Node("error") is JsonObject each
            ? (each[protocol] ?? each["*"])?.GetValue<string>()
            : expect.Text("error");

    private static bool? Flag(Section section, string name) => section.Has(name) ? section.Flag(name) : null;

    private static SpanExpectation? Span(Section section) =>
        section.Child("elapsed", "span") is { } span ? new SpanExpectation(span.Duration("min"), span.Duration("max")) : null;
}
