using System.Diagnostics;
using System.Net.Sockets;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class DrainTests
{
    /// <summary>Half of what a drain is where the configuration does not say it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The provider's clock is moved by hand: its stream goes on only when the gateway has been told to stop and takes no one in.</summary>
    [Fact]
    public async Task Terminated_StreamInFlightIsFinishedAndBooked()
    {
        var time = new ManualTimeProvider();
        using var directory = new TempDirectory();
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Time = time },
            TestContext.Current.CancellationToken
        );
        var (process, address) = await ServeAsync(directory, simulator, "");
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            using var response = await AskAsync(http);

            await CliProcess.TerminateAsync(process);
            while (await TakesConnectionsAsync(address)) { }

            var rest = response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var text = await time.RunAsync(rest, TimeSpan.FromMinutes(1));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            text.ShouldContain(" t5");
            text.ShouldEndWith("data: [DONE]\n\n");
            process.ExitCode.ShouldBe(0);
        }

        var (_, listed, _) = await CliProcess.RunAsync(directory.Path, "ledger", "list", "--data", "d");
        listed.ShouldContain("Completed");
    }

    /// <summary>The provider's clock stands still: its stream would never end.</summary>
    [Fact]
    [ChangesBehaviour("server.drain")]
    public async Task Terminated_StreamBeyondTheDrainIsCutAndBooked()
    {
        using var directory = new TempDirectory();
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Time = new ManualTimeProvider() },
            TestContext.Current.CancellationToken
        );
        var (process, address) = await ServeAsync(directory, simulator, """, "server": { "drain": "200ms" }""");
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            using var response = await AskAsync(http);

            await CliProcess.TerminateAsync(process);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Longest, TestContext.Current.CancellationToken);

            await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            process.ExitCode.ShouldBe(0);
        }

        var (_, listed, _) = await CliProcess.RunAsync(directory.Path, "ledger", "list", "--data", "d");
        listed.ShouldContain("Aborted");
    }

    private static async Task<(Process Process, Uri Address)> ServeAsync(TempDirectory directory, SimulatorServer simulator, string rest)
    {
        await File.WriteAllTextAsync(
            directory.File("sluice.json"),
            $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY", "local": true } },
              "routes": { "r": { "targets": ["oai/sim-delay-1s+tokens-5"] } }{{rest}}
            }
            """,
            TestContext.Current.CancellationToken
        );
        return await CliProcess.ServeAsync(directory.Path, "--config", "sluice.json", "--data", "d");
    }

    /// <summary>A stream that has begun.</summary>
    private static Task<HttpResponseMessage> AskAsync(HttpClient http) =>
        http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent("""{"model":"r","stream":true,"messages":[{"role":"user","content":"hello"}]}"""),
            },
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );

    private static async Task<bool> TakesConnectionsAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
