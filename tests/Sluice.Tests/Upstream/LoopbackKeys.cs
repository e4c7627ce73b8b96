using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Tests.Upstream;

/// <summary>An endpoint that hands out keys, listening on loopback.</summary>
internal sealed class LoopbackKeys : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackKeys(WebApplication app) => _app = app;

    /// <summary>What was asked: path and Authorization header.</summary>
    public List<(string Path, string? Authorization)> Asked { get; } = [];

    /// <summary>What it answers.</summary>
    public Func<(int Status, string Body)> Answer { get; set; } = () => (200, "{}");

    /// <summary>Held until this completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Uri Address => new($"{_app.Urls.First()}/keys");

    public static async Task<LoopbackKeys> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoint = new LoopbackKeys(app);
        app.Run(endpoint.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (Asked)
        {
            Asked.Add((context.Request.Path, context.Request.Headers.Authorization.FirstOrDefault()));
        }

        await Gate;
        var (status, body) = Answer();
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
