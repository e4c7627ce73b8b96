using System.Diagnostics;
using System.Text.RegularExpressions;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>docs/migrate.md as it stands there: its files are written, its commands run, and what they say is compared.</summary>
public sealed partial class MigrationTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Page_IsExecuted_EveryBlockIsTrue()
    {
        var ran = 0;
        foreach (
            Match block in Blocks()
                .Matches(await File.ReadAllTextAsync(Repository.PathOf("docs/migrate.md"), TestContext.Current.CancellationToken))
        )
        {
            var body = block.Groups["body"].Value;
            if (block.Groups["file"].Success)
            {
                var path = directory.File(block.Groups["file"].Value);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, body, TestContext.Current.CancellationToken);
            }
            else if (block.Groups["exit"].Success)
            {
                await RunAsync(body, int.Parse(block.Groups["exit"].Value));
                ran++;
            }
        }

        ran.ShouldBe(8);
    }

    private async Task RunAsync(string console, int exit)
    {
        var lines = console.TrimEnd('\n').Split('\n');
        var command = lines[0]["$ ".Length..].Split(' ');
        var (code, output, error) =
            command[0] == "sluice" ? await CliProcess.RunAsync(directory.Path, command[1..]) : await AskAsync(command);
        code.ShouldBe(exit, output + error);
        if (lines.Length > 1)
        {
            output.TrimEnd('\n').ShouldBe(string.Join('\n', lines[1..]));
        }
    }

    /// <summary>The service itself, before a gateway without a configuration.</summary>
    private async Task<(int Code, string Output, string Error)> AskAsync(string[] command)
    {
        using var data = new TempDirectory();
        var (gateway, address) = await CliProcess.ServeAsync(data.Path, "--data", data.File("data"));
        using (gateway)
        {
            try
            {
                var start = new ProcessStartInfo(command[0], command[1..])
                {
                    WorkingDirectory = directory.Path,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                start.Environment["SLUICE_URL"] = address.ToString().TrimEnd('/');
                using var process = Process.Start(start)!;
                var output = process.StandardOutput.ReadToEndAsync();
                var error = process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
                return (process.ExitCode, await output, await error);
            }
            finally
            {
                gateway.Kill();
                await gateway.WaitForExitAsync();
            }
        }
    }

    [GeneratedRegex(
        @"^```\w+(?: file=(?<file>\S+)| exit=(?<exit>\d))?\n(?<body>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Blocks();
}
