using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Calls;
using Sluice.Configuration;
using Sluice.Upstream;

namespace Sluice.Tests.Upstream;

/// <summary>The deadline for connecting, on real sockets: it covers the handshake, too.</summary>
public sealed class ConnectDeadlineTests
{
    /// <summary>Less than what holds where a route says nothing.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(9);

    [Fact]
    [ChangesBehaviour("deadlines.connect")]
    public async Task Handshake_ThatNobodyAnswers_EndsAtTheDeadlineOfTheRoute()
    {
        // It takes connections and never says a word: a handshake that waits.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var compiler = new ConfigurationCompiler(_ => "key");
        var live = new LiveConfiguration(revision =>
            compiler.CompileText(
                $$"""
                {
                  "providers": { "p": { "preset": "openai", "baseUrl": "https://127.0.0.1:{{port}}/v1", "apiKey": "env:K" } },
                  "routes": { "r": {
                    "targets": ["p/gpt-4o-mini"], "retry": { "attempts": 0 }, "deadline": "1h", "deadlines": { "connect": "50ms", "attempt": "1h" }
                  } }
                }
                """,
                "/",
                revision
            )
        );
        var services = new ServiceCollection();
        services.AddSluice(live, new EngineOptions { Upstream = new UpstreamOptions { Connect = TimeSpan.FromHours(1) } });
        await using var provider = services.BuildServiceProvider();

        var asking = provider
            .GetRequiredService<IChatClient>()
            .GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Should.ThrowAsync<SluiceException>(() => asking.WaitAsync(Longest, TestContext.Current.CancellationToken));

        var attempt = failure.Receipt.Attempts.ShouldHaveSingleItem();
        (attempt.Failure, attempt.Cost.Nano).ShouldBe((FailureClass.Timeout, 0));
    }
}
