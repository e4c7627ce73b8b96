using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway;
using Sluice.Simulator;
using Sluice.Testing;

namespace Sluice.Gateway.Tests;

/// <summary>A real gateway on loopback before a simulated provider, each with sockets of its own.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    /// <summary>One provider of each wire, both the simulator; every simulated fault is a model of either.</summary>
    private const string Providers = """
        "providers": {
          "oai": { "preset": "openai", "baseUrl": "SIM/v1", "apiKey": "env:KEY" },
          "ant": { "preset": "anthropic", "baseUrl": "SIM", "apiKey": "env:KEY" },
          "glm": { "preset": "anthropic", "baseUrl": "SIM", "apiKey": "env:KEY" },
          "xai": { "preset": "xai-responses", "baseUrl": "SIM/v1", "apiKey": "env:KEY" },
          "rsp": { "preset": "openai-responses", "baseUrl": "SIM/v1", "apiKey": "env:KEY" },
          "aws": { "preset": "bedrock", "baseUrl": "SIM", "region": "eu-west-1", "accessKeyId": "env:KEY", "secretAccessKey": "env:KEY" },
          "awsant": { "preset": "anthropic-bedrock", "baseUrl": "SIM", "region": "eu-west-1", "accessKeyId": "env:KEY", "secretAccessKey": "env:KEY" },
          "gcpant": { "preset": "anthropic-vertex", "baseUrl": "SIM", "region": "eu", "project": "proj", "apiKey": "env:KEY" },
          "gem": { "preset": "gemini", "baseUrl": "SIM", "apiKey": "env:KEY" },
          "backup": { "preset": "openai", "baseUrl": "SIM/v1", "apiKey": "env:KEY" },
          "pool": { "preset": "openai", "baseUrl": "SIM/v1", "apiKeys": ["env:KEY_A", "env:KEY_B"] },
          "oll": { "preset": "ollama", "baseUrl": "SIM" },
          "cfa": { "preset": "workers-ai", "baseUrl": "SIM/ai", "apiKey": "env:KEY" },
          "free": { "preset": "ollama", "baseUrl": "SIM", "local": true }
        }
        """;

    private readonly SimulatorServer _simulator;
    private readonly TempDirectory _data;
    private readonly bool _ownsData;

    private GatewayFixture(GatewayHost gateway, SimulatorServer simulator, TempDirectory data, bool ownsData)
    {
        Gateway = gateway;
        _simulator = simulator;
        _data = data;
        _ownsData = ownsData;
        Http = Impatient();
        Http.BaseAddress = gateway.Address;
        Http.Timeout = TimeSpan.FromSeconds(60);
    }

    public GatewayHost Gateway { get; }

    public SimulatedProvider Simulator => _simulator.Provider;

    /// <summary>Where the simulated provider listens.</summary>
    public Uri Upstream => _simulator.BaseAddress;

    /// <summary>Ends the provider: connections to it are refused from now on.</summary>
    public ValueTask StopUpstreamAsync() => _simulator.DisposeAsync();

    public HttpClient Http { get; }

    public string Data => _data.Path;

    /// <summary>A client that leaves an answer at once; by default .NET's reads on for two seconds, in which nobody hears of it.</summary>
    public static HttpClient Impatient() => new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });

    /// <param name="rest">What stands beside the providers: routes, budgets…</param>
    public static async Task<GatewayFixture> StartAsync(
        string rest,
        TempDirectory? data = null,
        Func<GatewayOptions, GatewayOptions>? change = null,
        string? recordings = null
    )
    {
        var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Recordings = recordings });
        var text =
            "{" + Providers.Replace("SIM", simulator.BaseAddress.ToString().TrimEnd('/'), StringComparison.Ordinal) + "," + rest + "}";
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var directory = data ?? new TempDirectory();
        var options = new GatewayOptions
        {
            Load = revision => compiler.CompileText(text, directory.Path, revision),
            Data = directory.Path,
            Port = 0,
            Log = false,
            Engine = new EngineOptions { Random = new KindRandom() },
        };
        var gateway = await GatewayHost.StartAsync(change?.Invoke(options) ?? options);
        return new GatewayFixture(gateway, simulator, directory, data is null);
    }

    /// <summary>The gateway's own deadlines pass on a clock moved by hand; its sockets are real.</summary>
    public static Task<GatewayFixture> StartAsync(string rest, ManualTimeProvider time) =>
        StartAsync(rest, change: options => options with { Engine = options.Engine with { Time = time } });

    /// <summary>Routes named after their one target, for tests that are about something else: <c>chat</c>, <c>claude</c>, <c>responses</c>.</summary>
    public static Task<GatewayFixture> StartAsync() =>
        StartAsync(
            Routes(
                ("chat", "\"oai/gpt-4o-mini\"", null),
                ("claude", "\"ant/claude-sonnet-4-6\"", null),
                ("responses", "\"rsp/gpt-4o-mini\"", null)
            )
        );

    public static string Routes(params (string Name, string Targets, string? Fallback)[] routes)
    {
        var texts = routes.Select(
            (r, i) =>
                $"\"{r.Name}\": {{ \"tier\": \"premium\", \"default\": {(i == 0 ? "true" : "false")}, \"targets\": [{r.Targets}], \"retry\": {{ \"backoff\": \"10ms\" }}"
                + (r.Fallback is null ? "" : $", \"fallback\": \"{r.Fallback}\"")
                + " }"
        );
        return $"\"routes\": {{ {string.Join(",", texts)} }}";
    }

    /// <summary>A target of the simulator that no catalogue knows.</summary>
    public static string Sim(string provider, string model) =>
        $$"""{ "provider": "{{provider}}", "model": "{{model}}", "unlisted": true, "price": { "input": "1", "output": "2" } }""";

    /// <summary>Makes a key of the gateway; from the first on every caller needs one.</summary>
    public async Task<string> KeyAsync(string name)
    {
        using var admin = new HttpClient { BaseAddress = Gateway.AdminAddress };
        admin.DefaultRequestHeaders.Add("x-api-key", await File.ReadAllTextAsync(Path.Combine(Data, "admin.key")));
        using var created = await admin.PostAsync($"/admin/keys?name={name}", null);
        return JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement.GetProperty("key").GetString()!;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, body, null, cancellationToken);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string? key,
        CancellationToken cancellationToken = default
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        if (key is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {key}");
        }

        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<JsonElement> ReceiptAsync(HttpResponseMessage response)
    {
        var json = await Http.GetStringAsync($"/v1/sluice/calls/{response.Headers.GetValues("x-sluice-call").Single()}");
        return JsonDocument.Parse(json).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
        await _simulator.DisposeAsync();
        if (_ownsData)
        {
            _data.Dispose();
        }
    }
}
