using System.Diagnostics;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>The tool as users run it: a process of its own.</summary>
internal static class CliProcess
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "Sluice.Cli.dll");

    public static async Task<(int Code, string Output, string Error)> RunAsync(string directory, params string[] arguments)
    {
        using var process = Start(directory, [], arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    public static Process Start(string directory, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.EndsWith("_API_KEY", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Starts `serve` and waits until it says where it listens.</summary>
    public static async Task<(Process Process, Uri Address)> ServeAsync(string directory, params string[] arguments)
    {
        var process = Start(directory, new Dictionary<string, string> { ["KEY"] = "secret" }, ["serve", "--port", "0", .. arguments]);
        string? line;
        do
        {
            // The log may have something to say before, such as what the last run left behind.
            line = await process.StandardOutput.ReadLineAsync();
            if (line is null)
            {
                throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
            }
        } while (!line.StartsWith("Sluice listens on ", StringComparison.Ordinal));

        return (process, new Uri(line.Split(' ')[3]));
    }

    /// <summary>Asks a process to stop, as a service manager does.</summary>
    public static async Task TerminateAsync(Process process)
    {
        using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
    }
}
