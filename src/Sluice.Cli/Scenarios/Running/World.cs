using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Cli.Scenarios.Files;
using Sluice.Configuration;
using Sluice.Gateway;
using Sluice.Ledger;
using Sluice.Simulator;
using Sluice.Upstream;

namespace Sluice.Cli.Scenarios.Running;

/// <summary>A real gateway before the providers of a scenario, in memory or over sockets.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly SimulatorServer? _server;
    private readonly string _adminKey;
    private JsonObject _configuration;

    private World(GatewayHost gateway, HttpMessageInvoker http, SimulatorServer? server, JsonObject configuration, string data)
    {
        (Gateway, _http, _server, _configuration) = (gateway, http, server, configuration);
        _adminKey = File.ReadAllText(Path.Combine(data, "admin.key")).Trim();
    }

    public GatewayHost Gateway { get; }

    /// <param name="providers">Answers as all providers.</param>
    /// <param name="data">An empty directory for what the gateway keeps.</param>
    /// <param name="sockets">Whether requests go over loopback connections.</param>
    /// <param name="entries">How many entries the ledger keeps, in memory.</param>
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    public static async Task<World> StartAsync(
        Scenario scenario,
        RequestDelegate providers,
        TimeProvider time,
        string data,
        bool sockets,
        int entries = 10_000
    )
    {
        var server = sockets
            ? await SimulatorServer.StartAsync(new SimulatorOptions { Time = time }, providers, default).ConfigureAwait(false)
            : null;
        var upstream = server?.BaseAddress.ToString().TrimEnd('/') ?? "http://127.0.0.1:1";
        var memory = sockets ? null : new MemoryServer();
        var compiler = new ConfigurationCompiler(name => Variable(scenario, name), time);
        var configuration = (JsonObject)scenario.Configuration.DeepClone();
        World? world = null;
        var options = new GatewayOptions
        {
            Load = revision =>
                compiler.CompileText(
                    Directed(world?._configuration ?? configuration, scenario.Directory, upstream),
                    scenario.Directory,
                    revision
                ),
            Data = data,
            Port = 0,
            Log = false,
            Watch = false,
            Server = memory,
            Ledger = sockets ? null : settings => LedgerBook.Open(new MemoryLedgerStore(entries), null, settings, time),
            Engine = new EngineOptions
            {
                Time = time,
                Random = new Random(scenario.Seed),
                Upstream = new UpstreamOptions { Handler = sockets ? null : () => new SimulatorHandler(providers) },
            },
        };
        try
        {
            var gateway = await GatewayHost.StartAsync(options).ConfigureAwait(false);
            HttpMessageHandler handler = memory is null
                ? new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false }
                : new SimulatorHandler(memory.AnswerAsync);
            return world = new World(gateway, new HttpMessageInvoker(handler), server, configuration, data);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Sends a request of a caller; the answer's body is still to be read.</summary>
    public Task<HttpResponseMessage> AskAsync(
        string path,
        JsonObject body,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Gateway.Address, path)) { Content = Json(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>Connects once, so that no call has to wait for what only the first one waits for.</summary>
    public async Task WarmUpAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Gateway.Address, "/healthz"));
        using var response = await _http.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Makes a key of the gateway.</summary>
    /// <exception cref="UserException">Its rules cannot be used.</exception>
    public async Task<string> MakeKeyAsync(string name, JsonObject rules)
    {
        var body = (JsonObject)rules.DeepClone();
        body["name"] = name;
        var (status, answer) = await AdminAsync(HttpMethod.Post, "/admin/keys", body).ConfigureAwait(false);
        return status == 201 ? (string)answer!["key"]! : throw new UserException($"keys.{name}: {answer?["error"]}");
    }

    /// <summary>Lays something over the configuration and takes it into use. What is refused is taken away again.</summary>
    /// <returns>What is wrong with it.</returns>
    public async Task<IReadOnlyList<string>> ReloadAsync(JsonObject change)
    {
        var before = _configuration;
        _configuration = (JsonObject)before.DeepClone();
        Merging.Overlay(_configuration, change);
        var (status, answer) = await AdminAsync(HttpMethod.Post, "/admin/reload", null).ConfigureAwait(false);
        if (status == 200)
        {
            return [];
        }

        _configuration = before;
        return [.. (answer?["errors"] as JsonArray ?? []).Select(e => e!.ToString())];
    }

    public async Task<(int Status, JsonNode? Answer)> AdminAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Gateway.AdminAddress, path));
        request.Content = body is null ? null : Json(body);
        request.Headers.Add("x-api-key", _adminKey);
        using var response = await _http.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>The configuration with every provider's requests going to the simulated ones.</summary>
    /// <remarks>What it extends is merged each time, so that what is fixed there holds in a reload, too.</remarks>
    private static string Directed(JsonObject configuration, string directory, string upstream)
    {
        var directed = ConfigurationFile.ReadText(configuration.ToJsonString(), directory, new FilesRead());
        foreach (var (name, provider) in directed["providers"] as JsonObject ?? [])
        {
            if (provider is JsonObject members)
            {
                members["baseUrl"] = $"{upstream}/{Uri.EscapeDataString(name)}";
            }
        }

        return directed.ToJsonString();
    }

    /// <summary>A secret is never a real one, and a scenario does not hang on the machine it is run on.</summary>
    private static string? Variable(Scenario scenario, string name) =>
        scenario.Environment.GetValueOrDefault(name)
        ?? (
            name.Split('_')[^1] is "KEY" or "TOKEN" or "SECRET" or "ID" || name.Contains("KEY", StringComparison.Ordinal)
                ? $"made-up-{name}"
                : null
        );
}
