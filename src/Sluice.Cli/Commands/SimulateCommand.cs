using System.CommandLine;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary>`sluice simulate`: a provider to try things on, faults included.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var port = SharedOptions.Port("--port", "The loopback port; 0 takes a free one.", 4199);
        var recordings = new Option<string?>("--recordings")
        {
            Description =
                "A folder of recorded answers; the model replay:PATH is answered with the file below it, replay:PATH#3 with the third exchange of a cassette.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SLUICE_RECORDINGS"),
        };
        var faults = new Option<bool>("--faults") { Description = "List the faults that a model name can ask for, and leave." };
        var command = new Command("simulate", "Run a provider simulator. A model named sim-FAULT fails that way; sim-A+B combines.")
        {
            port,
            recordings,
            faults,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(faults))
                {
                    foreach (var (name, meaning) in Fault.Names)
                    {
                        Console.WriteLine($"  sim-{name, -14} {meaning}");
                    }

                    return ExitCode.Done;
                }

                var options = new SimulatorOptions { Port = parsed.GetValue(port), Recordings = parsed.GetValue(recordings) };
                var simulator = await SimulatorServer.StartAsync(options, cancellationToken).ConfigureAwait(false);
                await using (simulator.ConfigureAwait(false))
                {
                    Console.WriteLine(
                        $"the simulator listens on {simulator.BaseAddress} for every wire; `sluice simulate --faults` lists what it can do wrong"
                    );
                    await simulator.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }
}
