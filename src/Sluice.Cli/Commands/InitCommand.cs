using System.CommandLine;
using Sluice.Cli.Scenarios.Files;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary>`sluice init`: a configuration to begin with, a policy test of it, and the schemas that editors complete them from.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "The file to write.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "sluice.json",
        };
        var fromEnv = new Option<bool>("--from-env")
        {
            Description = "Bind the shipped routes to the provider keys in the environment and a local Ollama.",
        };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing file." };
        var command = new Command("init", "Write a starter configuration, a policy test of it, and the JSON schemas of both.")
        {
            config,
            fromEnv,
            force,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var file = parsed.GetValue(config)!;
                if (File.Exists(file) && !parsed.GetValue(force))
                {
                    throw new UserException($"{file} exists; give --force to overwrite it, or another name with --config");
                }

                var text = StarterConfiguration.Commented;
                if (parsed.GetValue(fromEnv))
                {
                    var ollama = await LocalOllama.AnswersAsync(cancellationToken).ConfigureAwait(false);
                    text =
                        StarterConfiguration.FromEnvironment(Environment.GetEnvironmentVariable, ollama)
                        ?? throw new UserException(
                            "no provider key is in the environment and no Ollama answers; set ANTHROPIC_API_KEY or another, or leave out --from-env"
                        );
                }

                var directory = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!).FullName;
                await File.WriteAllTextAsync(file, text, cancellationToken).ConfigureAwait(false);
                await WriteAsync("sluice.schema.json", ConfigurationSchema.Write()).ConfigureAwait(false);
                await WriteAsync(ScenarioMembers.SchemaFile, ScenarioMembers.Schema()).ConfigureAwait(false);
                Console.WriteLine($"wrote {file} and its schema; check it with `sluice doctor --config {file}`");
                var scenario = Path.Combine(directory, StarterScenario.File);
                if (!parsed.GetValue(fromEnv) && (!File.Exists(scenario) || parsed.GetValue(force)))
                {
                    await WriteAsync(StarterScenario.File, StarterScenario.Text(Path.GetFileName(file))).ConfigureAwait(false);
                    Console.WriteLine(
                        $"wrote {scenario}, a policy test of it; run it with `sluice verify {Path.GetRelativePath(".", scenario)}`"
                    );
                }

                Task WriteAsync(string name, string content) =>
                    File.WriteAllTextAsync(Path.Combine(directory, name), content, cancellationToken);

                return ExitCode.Done;
            }
        );
        return command;
    }
}
