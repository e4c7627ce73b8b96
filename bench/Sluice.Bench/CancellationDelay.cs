using System.Diagnostics;
using System.Text;
using Sluice.Configuration;
using Sluice.Gateway;
using Sluice.Simulator;

namespace Sluice.Bench;

/// <summary>How long it takes from a caller going away until the provider sees its connection closed, over real sockets.</summary>
internal static class CancellationDelay
{
    private const int Rounds = 200;

    public static async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("sluice-bench-");
        try
        {
            await MeasureAsync(directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string data)
    {
        await using var simulator = await SimulatorServer.StartAsync();
        var compiler = new ConfigurationCompiler(_ => "secret");
        var text = $$"""
            {
              "providers": { "up": { "preset": "openai", "baseUrl": "{{simulator.BaseAddress}}v1", "apiKey": "env:KEY" } },
              "models": { "up/sim-silence": { "price": { "input": "1", "output": "2" } }, "up/sim-stall-5": { "price": { "input": "1", "output": "2" } } },
              "routes": {
                "silent": { "default": true, "targets": ["up/sim-silence"] },
                "streaming": { "targets": ["up/sim-stall-5"] }
              }
            }
            """;
        await using var gateway = await GatewayHost.StartAsync(
            new GatewayOptions
            {
                Load = revision => compiler.CompileText(text, data, revision),
                Data = data,
                Port = 0,
                Log = false,
            }
        );
        // A client that drains what it gives up would be measured instead of the gateway.
        using var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        using var http = new HttpClient(handler) { BaseAddress = gateway.Address };
        Console.WriteLine($"from the caller's end to the provider's, {Rounds} calls each, milliseconds");
        Console.WriteLine($"{"", -28} {"p50", 8} {"p99", 8} {"max", 8}");
        await MeasureAsync("before the first content", http, simulator.Provider, "silent", stream: true);
        await MeasureAsync("of a whole answer", http, simulator.Provider, "silent", stream: false);
        await MeasureAsync("in the middle of a stream", http, simulator.Provider, "streaming", stream: true);
    }

    private static async Task MeasureAsync(string name, HttpClient http, SimulatedProvider provider, string route, bool stream)
    {
        var delays = new List<double>();
        for (var round = 0; round < Rounds + 20; round++)
        {
            var delay = await OnceAsync(http, provider, route, stream);
            if (round >= 20)
            {
                delays.Add(delay.TotalMilliseconds);
            }
        }

        delays.Sort();
        Console.WriteLine($"{name, -28} {delays[delays.Count / 2], 8:0.00} {delays[delays.Count * 99 / 100], 8:0.00} {delays[^1], 8:0.00}");
    }

    private static async Task<TimeSpan> OnceAsync(HttpClient http, SimulatedProvider provider, string route, bool stream)
    {
        using var caller = new CancellationTokenSource();
        var body =
            $$"""{"model":"{{route}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"a b c d e f g h"}]}""";
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var call = http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, caller.Token);
        var request = await provider.NextRequestAsync();
        if (route == "streaming")
        {
            using var response = await call;
            var content = await response.Content.ReadAsStreamAsync();
            _ = await content.ReadAtLeastAsync(new byte[64], 64);
            return await EndAsync(caller, content, request);
        }

        return await EndAsync(caller, null, request);
    }

    private static async Task<TimeSpan> EndAsync(CancellationTokenSource caller, Stream? content, SimulatedRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        await caller.CancelAsync();
        if (content is not null)
        {
            await content.DisposeAsync();
        }

        await request.ClientGone;
        return Stopwatch.GetElapsedTime(start);
    }
}
