using System.Net.Sockets;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

public sealed class DrainTests
{
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
        await File.WriteAllTextAsync(
            directory.File("sluice.json"),
            $$"""
            {
              "providers": { "oai": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY", "local": true } },
              "routes": { "r": { "targets": ["oai/sim-delay-1s+tokens-5"] } }
            }
            """,
            TestContext.Current.CancellationToken
        );
        var (process, address) = await CliProcess.ServeAsync(directory.Path, "--config", "sluice.json", "--data", "d");
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent("""{"model":"r","stream":true,"messages":[{"role":"user","content":"hello"}]}"""),
            };
            using var response = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            );

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
