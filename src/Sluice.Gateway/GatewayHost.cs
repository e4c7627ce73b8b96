using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Configuration;
using Sluice.Configuration.Revisions;
using Sluice.Gateway.Admin;
using Sluice.Gateway.Events;
using Sluice.Gateway.Ids;
using Sluice.Gateway.Keys;
using Sluice.Gateway.PassThrough;
using Sluice.Gateway.Protocols;
using Sluice.Gateway.Protocols.AnthropicMessages;
using Sluice.Gateway.Protocols.Gemini;
using Sluice.Gateway.Protocols.Ollama;
using Sluice.Gateway.Protocols.OpenAiChat;
using Sluice.Gateway.Protocols.OpenAiEmbeddings;
using Sluice.Gateway.Protocols.OpenAiResponses;
using Sluice.Ledger;
using Sluice.Storage;
using Sluice.Telemetry;

namespace Sluice.Gateway;

/// <summary>A running gateway: the listener for callers, the listener for operators, the engine between them and the providers.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConfigurationWatcher _watcher;
    private readonly BudgetEvents _events;
    private readonly DataDirectory _data;

    private GatewayHost(WebApplication app, SluiceEngine engine, ConfigurationWatcher watcher, BudgetEvents events, DataDirectory data)
    {
        _app = app;
        Engine = engine;
        _watcher = watcher;
        _events = events;
        _data = data;
    }

    public SluiceEngine Engine { get; }

    /// <summary>Where callers connect.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where operators connect.</summary>
    public Uri AdminAddress { get; private set; } = null!;

    /// <summary>Starts a gateway.</summary>
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    /// <exception cref="LedgerException">The data directory cannot be used.</exception>
    /// <exception cref="GatewayException">It would stand open to the world.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayOptions options, CancellationToken cancellationToken = default)
    {
        var configuration = new LiveConfiguration(options.Load);
        var data = new DataDirectory(options.Data);
        var settings = configuration.Current.Ledger;
        var ledger = options.Ledger?.Invoke(settings) ?? data.OpenLedger(settings, options.Engine.Time);
        var keys = new KeyRing(data.Keys, options.Engine.Time);
        try
        {
            keys.Refresh();
            RefuseToStandOpen(options, keys);
            return await StartAsync(options, configuration, data, ledger, keys, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ledger.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for the signal to stop and until streams in flight are finished.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => ((IHost)_app).WaitForShutdownAsync(cancellationToken);

    /// <summary>Takes no more calls, lets those in flight finish, and closes the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync().ConfigureAwait(false);
        (_data.Gateway, _data.Admin) = (null, null);
        await _app.StopAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<GatewayHost> StartAsync(
        GatewayOptions options,
        LiveConfiguration configuration,
        DataDirectory data,
        LedgerBook ledger,
        KeyRing keys,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            // The framework's own settings files are not ours: watching them would cost a system watcher for each gateway.
            new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] }
        );
        ConfigureLogging(builder, options);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(services => new MadeIds(
            data.Ids,
            options.Engine.Time,
            services.GetRequiredService<ILogger<MadeIds>>()
        ));
        if (options.Server is { } server)
        {
            builder.WebHost.UseServer(server);
        }
        else
        {
            builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        }

        var app = builder.Build();
        KeepRevisions(configuration, data, options, app.Services);
        var metrics = new CallMetrics(app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var engine = new SluiceEngine(configuration, ledger, options.Engine with { Metrics = metrics, HealthFile = data.Health });
        new LedgerLog(ledger, app.Services.GetRequiredService<ILogger<LedgerLog>>()).Begin();
        new HealthLog(engine.HealthFile!, app.Services.GetRequiredService<ILogger<HealthLog>>()).Begin();
        var state = new GatewayState(keys, app.Services.GetRequiredService<MadeIds>(), options.Sandbox);
        engine.ApplyKeys(keys.Budgets);
        keys.BudgetsChanged += () => engine.ApplyKeys(keys.Budgets);
        var events = new BudgetEvents(
            engine,
            new BudgetWebhook(options.Engine.Upstream, options.Engine.Time, app.Services.GetRequiredService<ILogger<BudgetWebhook>>()),
            app.Services.GetRequiredService<ILogger<BudgetEvents>>()
        );
        app.Lifetime.ApplicationStopping.Register(() => state.Draining = true);
        Map(app, engine, state, keys, options);
        new PassThroughEndpoint(engine, state, app.Services.GetRequiredService<ILogger<PassThroughEndpoint>>()).Map(app);
        app.MapAdmin(engine, state, keys, data.Keys, AdminKey.ReadOrCreate(data.AdminKey));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = app.Urls.Select(u => new Uri(u)).ToList();
        state.AdminPort = addresses[1].Port;
        var watcher = new ConfigurationWatcher(
            configuration,
            keys,
            options.Engine.Time,
            options.Watch,
            app.Services.GetRequiredService<ILogger<ConfigurationWatcher>>()
        );
        (data.Gateway, data.Admin) = (Reachable(addresses[0]), addresses[1]);
        return new GatewayHost(app, engine, watcher, events, data) { Address = addresses[0], AdminAddress = addresses[1] };
    }

    /// <summary>From here on it is known what is in force and since when, and the host lets calls finish as long as that says.</summary>
    private static void KeepRevisions(
        LiveConfiguration configuration,
        DataDirectory data,
        GatewayOptions options,
        IServiceProvider services
    )
    {
        var logger = services.GetRequiredService<ILogger<ReloadLog>>();
        if (!options.Sandbox)
        {
            // What the sandbox runs on is nobody's configuration, and another at every start.
            configuration.KeepIn(new RevisionKeeper(data.Revisions, options.Engine.Time, problem => ReloadLog.NotKept(logger, problem)));
        }

        var host = services.GetRequiredService<IOptions<HostOptions>>().Value;
        host.ShutdownTimeout = configuration.Current.Server.Drain;
        configuration.Swapped += snapshot => host.ShutdownTimeout = snapshot.Server.Drain;
        new ReloadLog(configuration, services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), logger).Begin();
    }

    /// <summary>The address for callers on this machine: a listener on every address is reached on loopback.</summary>
    private static Uri Reachable(Uri address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri
            : address;

    private static void Map(WebApplication app, SluiceEngine engine, GatewayState state, KeyRing keys, GatewayOptions options)
    {
        var loopbackOnly = IPAddress.IsLoopback(options.Address);
        app.Use(
            (http, next) =>
            {
                if (OriginCheck.Refuse(http.Request, loopbackOnly) is not { } reason)
                {
                    return next(http);
                }

                return AskersProtocol.WriteErrorAsync(http, new ClientError(403, ErrorKind.Forbidden, reason));
            }
        );
        app.UseStatusCodePages(pages => NotServed(pages.HttpContext));
        var logger = app.Services.GetRequiredService<ILogger<CallEndpoint>>();
        app.MapPost("/v1/chat/completions", new CallEndpoint(engine, new ChatProtocol(), state, logger).HandleAsync);
        app.MapPost("/v1/responses", new CallEndpoint(engine, new ResponsesProtocol(), state, logger).HandleAsync);
        var stored = new StoredResponses(engine, state);
        app.MapGet("/v1/responses/{id}", (HttpContext http, string id) => stored.HandleAsync(http, id));
        app.MapDelete("/v1/responses/{id}", (HttpContext http, string id) => stored.HandleAsync(http, id));
        app.MapGet("/v1/responses/{id}/input_items", (HttpContext http, string id) => stored.HandleAsync(http, id, "/input_items"));
        app.MapPost("/v1/responses/{id}/cancel", (HttpContext http, string id) => stored.HandleAsync(http, id, "/cancel"));
        app.MapPost("/v1/messages", new CallEndpoint(engine, new MessagesProtocol(), state, logger).HandleAsync);
        var ollama = new OllamaModels(engine, state);
        app.MapPost("/api/chat", new CallEndpoint(engine, OllamaProtocol.Chat, state, logger).HandleAsync);
        app.MapPost("/api/generate", new CallEndpoint(engine, OllamaProtocol.Prompt, state, logger).HandleAsync);
        app.MapPost("/api/embed", new CallEndpoint(engine, new OllamaEmbedProtocol(), state, logger).HandleAsync);
        app.MapGet("/api/tags", ollama.Tags);
        app.MapGet("/api/ps", ollama.Loaded);
        app.MapGet("/api/version", OllamaModels.VersionOf);
        app.MapPost("/api/show", (Delegate)ollama.ShowAsync);
        app.MapPost("/v1/embeddings", new CallEndpoint(engine, new EmbeddingsProtocol(), state, logger).HandleAsync);
        app.MapPost("/v1/messages/count_tokens", new CountTokensEndpoint(engine, new MessagesCounting(), state, logger).HandleAsync);
        var gemini = new GeminiEndpoint(engine, state, logger);
        foreach (var pattern in GeminiAddress.Patterns)
        {
            app.MapPost(pattern, gemini.HandleAsync);
        }

        foreach (var path in (string[])["/v1beta/models", "/v1/models"])
        {
            app.MapGet(path, http => ModelsEndpoint.ListAsync(http, engine, state));
            app.MapGet($"{path}/{{**id}}", (HttpContext http, string id) => ModelsEndpoint.FindAsync(http, id, engine, state));
        }

        app.MapGet("/v1/sluice/calls/{id}", (HttpContext http, string id) => CallsEndpoint.HandleAsync(http, id, engine, state));
        app.MapPost("/v1/sluice/keys", (Delegate)new KeysEndpoint(keys, state).MintAsync);
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", () => Ready(engine, state));
    }

    /// <summary>What no endpoint answers has no body yet: SDKs read one.</summary>
    private static Task NotServed(HttpContext http)
    {
        var asked = $"{http.Request.Method} {http.Request.Path}";
        return http.Response.StatusCode switch
        {
            404 => AskersProtocol.WriteErrorAsync(http, new ClientError(404, ErrorKind.UnknownPath, $"nothing is served at {asked}")),
            405 => AskersProtocol.WriteErrorAsync(
                http,
                new ClientError(405, ErrorKind.InvalidRequest, $"{asked} is not a method of this path")
            ),
            _ => Task.CompletedTask,
        };
    }

    private static IResult Ready(SluiceEngine engine, GatewayState state) =>
        state.Draining ? Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable)
        : engine.Configuration.Rejected is { } rejected
            ? Results.Text($"ready, with the last good configuration; the newest was refused:\n{rejected.Message}")
        : Results.Text("ready");

    private static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Listen(
            options.Address,
            options.Port,
            listener =>
            {
                if (options.Certificate is { } certificate)
                {
                    listener.UseHttps(certificate);
                }
            }
        );
        kestrel.Listen(IPAddress.Loopback, options.AdminPort);
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, GatewayOptions options)
    {
        builder.Logging.ClearProviders();
        if (options.Log)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // A cut answer is ended by an exception on purpose and was logged where it happened.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.Critical);
        // A log that nobody reads would still make an activity with two random ids for every request.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that fails is told by whoever started it, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
    }

    private static void RefuseToStandOpen(GatewayOptions options, KeyRing keys)
    {
        if (IPAddress.IsLoopback(options.Address))
        {
            return;
        }

        if (!keys.Required)
        {
            throw new GatewayException(
                $"{options.Address} can be reached from outside and there is no key; make one with `sluice keys create NAME`"
            );
        }

        if (options.Certificate is null && !options.TrustedProxy)
        {
            throw new GatewayException(
                $"{options.Address} can be reached from outside without TLS; give --cert FILE, or --trusted-proxy when a proxy in front ends it"
            );
        }
    }
}
