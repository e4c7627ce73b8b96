using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sluice.Simulator;

/// <summary>A simulated provider that listens on loopback.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorServer(WebApplication app, SimulatedProvider provider)
    {
        _app = app;
        Provider = provider;
    }

    /// <summary>What answers here.</summary>
    public SimulatedProvider Provider { get; }

    /// <summary>Where it listens, <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Starts listening.</summary>
    public static Task<SimulatorServer> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SimulatorOptions();
        var provider = new SimulatedProvider(options);
        return StartAsync(options, provider, provider.AnswerAsync, cancellationToken);
    }

    /// <summary>Starts listening for several providers, or anything else that answers requests.</summary>
    internal static Task<SimulatorServer> StartAsync(
        SimulatorOptions options,
        RequestDelegate answer,
        CancellationToken cancellationToken
    ) => StartAsync(options, new SimulatedProvider(options), answer, cancellationToken);

    private static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options,
        SimulatedProvider provider,
        RequestDelegate answer,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            // The framework's own settings files are not ours: watching them would cost a system watcher for each simulator.
            new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] }
        );
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            kestrel.AddServerHeader = false;
        });
        var app = builder.Build();
        var server = new SimulatorServer(app, provider);
        app.Run(answer);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        server.BaseAddress = new Uri(app.Urls.First());
        return server;
    }

    /// <summary>Completes when the simulator is stopped.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => ((IHost)_app).WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
