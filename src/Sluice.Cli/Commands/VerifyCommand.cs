using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Scenarios;
using Sluice.Cli.Scenarios.Files;
using Sluice.Cli.Scenarios.Running;

namespace Sluice.Cli.Commands;

/// <summary>`sluice verify`: policy tests on the real gateway before simulated providers, in virtual time.</summary>
internal static class VerifyCommand
{
    private const string Chaos = "chaos";

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Scenario files, or directories that are searched for *.scenario.json.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var builtin = new Option<string[]>("--builtin")
        {
            Description =
                $"Run scenarios that ship with Sluice: {string.Join(", ", BuiltinScenarios.Sets)}, or all; or chaos, half an hour of faults by chance.",
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
        var calls = new Option<int>("--calls")
        {
            Description = "How many calls --builtin chaos makes.",
            HelpName = "N",
            DefaultValueFactory = _ => 10_000,
        };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Tell what happened in those that passed, too." };
        var schema = new Option<bool>("--schema")
        {
            Description = $"Write {ScenarioMembers.SchemaFile}, from which editors complete scenarios, and leave.",
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
            calls,
            verbose,
            schema,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(schema))
                {
                    await File.WriteAllTextAsync(ScenarioMembers.SchemaFile, ScenarioMembers.Schema(), cancellationToken)
                        .ConfigureAwait(false);
                    Console.WriteLine($"wrote {ScenarioMembers.SchemaFile}");
                    return ExitCode.Done;
                }

                var work = Directory.CreateTempSubdirectory("sluice-verify-").FullName;
                try
                {
                    var sets = parsed.GetValue(builtin) ?? [];
                    var chaos = sets.Contains(Chaos) ? (int?)Math.Max(1, parsed.GetValue(calls)) : null;
                    var scenarios = Find(parsed.GetValue(paths) ?? [], [.. sets.Where(s => s != Chaos)], chaos is not null, work)
                        .Where(s => parsed.GetValue(filter) is not { } text || LineOf(s).Contains(text, StringComparison.OrdinalIgnoreCase))
                        .Select(s => parsed.GetValue(seed) is { } given ? s with { Seed = given } : s)
                        .ToList();
                    var runner = new ScenarioRunner(parsed.GetValue(sockets) ? Math.Max(1, parsed.GetValue(speed)) : null, work);
                    var results = runner.RunAsync(scenarios);
                    if (chaos is { } count)
                    {
                        results = Then(results, () => runner.RunChaosAsync(parsed.GetValue(seed) ?? 1, count));
                    }

                    return await RunAsync(results, parsed.GetValue(verbose), parsed.GetValue(junit), cancellationToken)
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

    private static IReadOnlyList<Scenario> Find(string[] paths, string[] sets, bool chaos, string work)
    {
        var here = Directory.GetCurrentDirectory();
        var all = sets.Contains("all") ? BuiltinScenarios.Sets : sets;
        if (all.FirstOrDefault(s => !BuiltinScenarios.Sets.Contains(s)) is { } unknown)
        {
            throw new UserException(
                $"--builtin: no set is called '{unknown}'; known are {string.Join(", ", BuiltinScenarios.Sets)}, {Chaos}, all"
            );
        }

        if (paths.Length + all.Count == 0)
        {
            if (chaos)
            {
                return [];
            }

            throw new UserException("name scenario files or directories, or --builtin failover");
        }

        return ScenarioSearch.Find([.. paths.Select(p => (p, here)), .. all.Select(s => BuiltinScenarios.Write(s, work))]);
    }

    private static async IAsyncEnumerable<ScenarioResult> Then(IAsyncEnumerable<ScenarioResult> first, Func<Task<ScenarioResult>> last)
    {
        await foreach (var result in first.ConfigureAwait(false))
        {
            yield return result;
        }

        yield return await last().ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(
        IAsyncEnumerable<ScenarioResult> running,
        bool verbose,
        string? junit,
        CancellationToken cancellationToken
    )
    {
        var results = new List<ScenarioResult>();
        await foreach (var result in running.ConfigureAwait(false))
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
