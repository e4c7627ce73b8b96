using System.CommandLine;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary>`sluice init`: a configuration to begin with, and the schema that editors complete it from.</summary>
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
        var command = new Command("init", "Write a starter configuration and its JSON schema.") { config, fromEnv, force };
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

                var directory = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                var schema = Path.Combine(directory.FullName, "sluice.schema.json");
                await File.WriteAllTextAsync(file, text, cancellationToken).ConfigureAwait(false);
                await File.WriteAllTextAsync(schema, ConfigurationSchema.Write(), cancellationToken).ConfigureAwait(false);
                Console.WriteLine($"wrote {file} and {schema}; check them with `sluice doctor --config {file}`");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
