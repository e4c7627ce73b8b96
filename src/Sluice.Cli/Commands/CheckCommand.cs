using System.CommandLine;
using Sluice.Boundary;
using Sluice.Boundary.Rules;
using Sluice.Cli.Boundary;

namespace Sluice.Cli.Commands;

/// <summary>`sluice check`: holds repositories against the boundary.</summary>
internal static class CheckCommand
{
    private const string SchemaFile = "sluice.boundary.schema.json";

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Repositories; several are rolled up into one result. Default: the current folder.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var format = new Option<CheckFormat>("--format")
        {
            Description = "How to say what was found.",
            HelpName = "text|json|sarif|github",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write it to a file; the total is still said.",
            HelpName = "FILE",
        };
        var baseline = new Option<bool>("--baseline")
        {
            Description =
                $"Record today's violations as known, in {Sluice.Boundary.Baselines.Baseline.FileName}; from then on only new ones fail.",
        };
        var update = new Option<bool>("--update-baseline")
        {
            Description = "Let the baseline shrink to what is left of it. It never grows.",
        };
        var strict = new Option<bool>("--no-baseline") { Description = "As if there were no baseline." };
        var explain = new Option<string?>("--explain")
        {
            Description = "Say what a rule knows, why, and what to use instead, and leave.",
            HelpName = "RULE",
        };
        var rules = new Option<bool>("--rules") { Description = "List the rules and leave." };
        var schema = new Option<bool>("--schema")
        {
            Description = $"Write {SchemaFile}, from which editors complete {BoundaryFile.Name}, and leave.",
        };
        var command = new Command(
            "check",
            "Prove that nothing goes around the gate: manifests, lock files, source and configuration of any repository, and the constraints of its decisions."
        )
        {
            paths,
            format,
            output,
            baseline,
            update,
            strict,
            explain,
            rules,
            schema,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var roots = parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."];
                return Task.FromResult(
                    parsed.GetValue(schema) ? WriteSchema()
                    : parsed.GetValue(rules) ? RuleText.List(Console.Out, RulesFor(roots))
                    : parsed.GetValue(explain) is { } rule ? RuleText.Explain(Console.Out, RulesFor(roots), rule)
                    : new CheckRun(
                        parsed.GetValue(format),
                        parsed.GetValue(output),
                        parsed.GetValue(baseline) ? BaselineUse.Record
                            : parsed.GetValue(update) ? BaselineUse.Shrink
                            : parsed.GetValue(strict) ? BaselineUse.Ignore
                            : BaselineUse.Compare
                    ).Run(roots, cancellationToken)
                );
            }
        );
        return command;
    }

    private static int WriteSchema()
    {
        File.WriteAllText(SchemaFile, ShippedRules.Schema());
        Console.WriteLine($"wrote {SchemaFile}");
        return ExitCode.Done;
    }

    /// <summary>The rules that ship, and a project's own.</summary>
    private static IReadOnlyList<Rule> RulesFor(string[] roots)
    {
        var shipped = ShippedRules.Read();
        return [.. shipped, .. roots.SelectMany(r => BoundaryCheck.ReadOwn(Path.GetFullPath(r), shipped).Rules)];
    }
}
