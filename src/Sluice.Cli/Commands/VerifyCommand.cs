using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Scenarios;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Commands;

/// <summary>`sluice verify`: policy tests on the real gateway before simulated providers, in virtual time.</summary>
internal static class VerifyCommand
{
    private const string SchemaFile = "sluice.scenario.schema.json";

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Scenario files, or directories that are searched for *.scenario.json.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var builtin = new Option<string[]>("--builtin")
        {
            Description = $"Run scenarios that ship with Sluice: {string.Join(", ", BuiltinScenarios.Sets)}, or all.",
            HelpName = "SET",
        };
        var sockets = new Option<bool>("--sockets") { Description = "Over loopback connections, with all durations divided by --speed." };
        var speed = new Option<int>("--speed")
        {
            Description = "How many times as fast the clock goes with --sockets.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var junit = new Option<string?>("--junit") { Description = "Write the results as JUnit XML, too.", HelpName = "FILE" };
        var filter = new Option<string?>("--filter") { Description = "Only those whose line contains this.", HelpName = "TEXT" };
        var seed = new Option<int?>("--seed") { Description = "What chance begins with, in place of what the files say.", HelpName = "N" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Tell what happened in those that passed, too." };
        var schema = new Option<bool>("--schema")
        {
            Description = $"Write {SchemaFile}, from which editors complete scenarios, and leave.",
        };
        var command = new Command(
            "verify",
            "Run policy tests: configuration, scripted faults, calls and what must become of them. A day takes milliseconds."
        )
        {
            paths,
            builtin,
            sockets,
            speed,
            junit,
            filter,
            seed,
            verbose,
            schema,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(schema))
                {
                    await File.WriteAllTextAsync(SchemaFile, ScenarioMembers.Schema(), cancellationToken).ConfigureAwait(false);
                    Console.WriteLine($"wrote {SchemaFile}");
                    return ExitCode.Done;
                }

                var work = Directory.CreateTempSubdirectory("sluice-verify-").FullName;
                try
                {
                    var scenarios = Find(parsed.GetValue(paths) ?? [], parsed.GetValue(builtin) ?? [], work)
                        .Where(s => parsed.GetValue(filter) is not { } text || LineOf(s).Contains(text, StringComparison.OrdinalIgnoreCase))
                        .Select(s => parsed.GetValue(seed) is { } given ? s with { Seed = given } : s)
                        .ToList();
                    var runner = new ScenarioRunner(parsed.GetValue(sockets) ? Math.Max(1, parsed.GetValue(speed)) : null, work);
                    return await RunAsync(runner, scenarios, parsed.GetValue(verbose), parsed.GetValue(junit), cancellationToken)
                        .ConfigureAwait(false);
                }
                finally
                {
                    Directory.Delete(work, recursive: true);
                }
            }
        );
        return command;
    }

    private static IReadOnlyList<Scenario> Find(string[] paths, string[] sets, string work)
    {
        var here = Directory.GetCurrentDirectory();
        var all = sets.Contains("all") ? BuiltinScenarios.Sets : sets;
        if (all.FirstOrDefault(s => !BuiltinScenarios.Sets.Contains(s)) is { } unknown)
        {
            throw new UserException($"--builtin: no set is called '{unknown}'; known are {string.Join(", ", BuiltinScenarios.Sets)}, all");
        }

        if (paths.Length + all.Count == 0)
        {
            throw new UserException("name scenario files or directories, or --builtin failover");
        }

        return ScenarioSearch.Find([.. paths.Select(p => (p, here)), .. all.Select(s => BuiltinScenarios.Write(s, work))]);
    }

    private static async Task<int> RunAsync(
        ScenarioRunner runner,
        List<Scenario> scenarios,
        bool verbose,
        string? junit,
        CancellationToken cancellationToken
    )
    {
        var results = new List<ScenarioResult>();
        await foreach (var result in runner.RunAsync(scenarios).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(result);
            Tell(result, verbose);
        }

        if (junit is not null)
        {
            JUnitReport.Write(junit, results);
        }

        var failed = results.Count(r => r.Failures.Count > 0);
        Console.WriteLine($"{results.Count - failed} passed, {failed} failed");
        return failed > 0 ? ExitCode.Failed
            : results.Count > 0 ? ExitCode.Done
            : throw new UserException("no scenario was left to run; look at --filter");
    }

    private static void Tell(ScenarioResult result, bool verbose)
    {
        var took = result.Took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"{(result.Failures.Count == 0 ? "ok  " : "FAIL")}  {LineOf(result.Scenario)}  {Story.Seconds(result.Elapsed)} in {took} ms"
        );
        foreach (var failure in result.Failures)
        {
            Console.WriteLine($"      {failure}");
        }

        foreach (var line in verbose || result.Failures.Count > 0 ? result.Story : [])
        {
            Console.WriteLine($"        {line}");
        }
    }

    private static string LineOf(Scenario scenario) => $"{scenario.File}  {scenario.Name}  [{scenario.Cell}]";
}
