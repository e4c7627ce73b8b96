using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Configuration;

namespace Sluice.Tests.Client;

/// <summary>A chat client of one route with one target, which a scripted provider on loopback answers.</summary>
internal sealed class LibraryRoute : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LibraryRoute(ScriptedServer server, ServiceProvider services)
    {
        Server = server;
        _services = services;
    }

    public ScriptedServer Server { get; }

    public IChatClient Client => _services.GetRequiredService<IChatClient>();

    public static async Task<LibraryRoute> StartAsync(string preset, string model)
    {
        var server = await ScriptedServer.StartAsync();
        var text = $$"""
            {
              "providers": { "p": {
                "preset": "{{preset}}", "baseUrl": "{{server.Address}}", "apiKey": "env:KEY"{{(
                preset == "bedrock" ? ", \"region\": \"eu\"" : ""
            )}}
              } },
              "routes": { "r": {
                "targets": [{ "provider": "p", "model": "{{model}}", "unlisted": true, "price": { "input": "1", "output": "2" } }]
              } }
            }
            """;
        var compiler = new ConfigurationCompiler(name => $"secret-{name}");
        var services = new ServiceCollection();
        services.AddSluice(new LiveConfiguration(revision => compiler.CompileText(text, "/", revision)), new EngineOptions());
        return new LibraryRoute(server, services.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
