using Sluice.Boundary.Rules;
using Sluice.Routing;

namespace Sluice.Cli.Boundary;

/// <summary>Says what rules there are, and what one of them knows.</summary>
internal static class RuleText
{
    public static int List(TextWriter writer, IReadOnlyList<Rule> rules)
    {
        foreach (var rule in rules)
        {
            writer.WriteLine($"{rule.Id, -20} {rule.Reason}");
        }

        return ExitCode.Done;
    }

    public static int Explain(TextWriter writer, IReadOnlyList<Rule> rules, string id)
    {
        var rule = rules.FirstOrDefault(r => r.Id == id);
        if (rule is null)
        {
            var near = NearNames.Of(id, rules.Select(r => r.Id));
            throw new UserException(
                $"no rule is called '{id}'; {(near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : "`sluice check --rules` lists them")}"
            );
        }

        writer.WriteLine($"{rule.Id} ({(rule.Severity == Severity.Hard ? "hard" : "soft")})");
        writer.WriteLine($"  why      {rule.Reason}");
        writer.WriteLine($"  instead  {rule.Instead}");
        Line(writer, "hosts", rule.Hosts);
        Line(writer, "bindings", rule.Bindings);
        Line(writer, "texts", rule.Texts);
        Line(writer, "keys", rule.Keys);
        foreach (var (ecosystem, names) in rule.Names)
        {
            Line(writer, $"{ecosystem} packages", names.Packages);
            Line(writer, $"{ecosystem} modules", names.Modules);
            Line(writer, $"{ecosystem} types", names.Types);
            Line(writer, $"{ecosystem} methods", names.Methods);
        }

        writer.WriteLine(
            $"  allow    \"allow\": [{{\"paths\": [\"…\"], \"rules\": [\"{rule.Id}\"], \"because\": \"…\"}}] in {BoundaryFile.Name}"
        );
        return ExitCode.Done;
    }

    private static void Line(TextWriter writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            writer.WriteLine($"  {name}: {string.Join(", ", values)}");
        }
    }
}
