using Sluice.Configuration;
using Sluice.Simulator;

namespace Sluice.Cli;

/// <summary>What a command runs on: a configuration file, the keys in the environment, or the sandbox.</summary>
internal sealed class Setup : IAsyncDisposable
{
    private const string SandboxText = """
        {
          "providers": { "sandbox": { "preset": "ollama", "baseUrl": "SANDBOX", "local": true } },
          "routes": {
            "default": { "tier": "free", "default": true, "targets": ["sandbox/sandbox"] },
            "*": { "tier": "free", "targets": ["sandbox/sandbox"] }
          }
        }
        """;

    private SimulatorServer? _simulator;

    public required Func<long, Snapshot> Load { get; init; }

    /// <summary>Where the configuration came from, in a sentence.</summary>
    public required string Origin { get; init; }

    public bool Sandbox => _simulator is not null;

    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    public static async Task<Setup> CreateAsync(string? config, CancellationToken cancellationToken)
    {
        var compiler = SharedOptions.Compiler();
        if (SharedOptions.FileOf(config) is { } file)
        {
            compiler.CompileFile(file, 0);
            return new Setup { Load = revision => compiler.CompileFile(file, revision), Origin = $"configuration {file}" };
        }

        var ollama = await LocalOllama.AnswersAsync(cancellationToken).ConfigureAwait(false);
        if (StarterConfiguration.FromEnvironment(Environment.GetEnvironmentVariable, ollama) is { } found)
        {
            return new Setup
            {
                Load = revision => compiler.CompileText(found, Directory.GetCurrentDirectory(), revision),
                Origin =
                    "no sluice.json: bound the shipped routes to what the environment offers (`sluice init --from-env` writes it down)",
            };
        }

        var simulator = await SimulatorServer.StartAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var sandbox = SandboxText.Replace("SANDBOX", simulator.BaseAddress.ToString().TrimEnd('/'), StringComparison.Ordinal);
        return new Setup
        {
            Load = revision => compiler.CompileText(sandbox, Directory.GetCurrentDirectory(), revision),
            Origin = "SANDBOX: no sluice.json, no provider key and no local Ollama; a built-in simulator answers, and no model does",
            _simulator = simulator,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync().ConfigureAwait(false);
        }
    }
}
